/** Sizes are powers of two: what one answer leaves fits the next. */
const smallest = 1 << 16;
/** Bytes that wait for the next answer at the most; beyond, memory goes back to where it came from. */
const mostKept = 1 << 23;

/**
 * Memory for large answers, lent again and again. New memory for each is memory that nothing has touched yet: a thousand answers of half a megabyte
 * a second keep the collector busy and go through the machine's memory instead of its caches.
 */
export class Lent {
	/** The smallest first. */
	#free: Buffer[] = [];
	#kept = 0;

	/** At least so many bytes, with anything in them: the least of what is there that is enough. */
	lend(size: number): Buffer {
		const index = this.#free.findIndex(({ length }) => length >= size);
		const [known] = index < 0 ? [] : this.#free.splice(index, 1);
		if (known) this.#kept -= known.length;
		return known ?? Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(Math.max(size, smallest))));
	}

	/** Once, when nobody reads it any more. Where there is no room, what is smaller goes: it is sooner had again. */
	takeBack(memory: Buffer): void {
		while (this.#kept + memory.length > mostKept) {
			const [least] = this.#free;
			if (!least || least.length >= memory.length) return;
			this.#free.shift();
			this.#kept -= least.length;
		}
		const larger = this.#free.findIndex(({ length }) => length > memory.length);
		this.#free.splice(larger < 0 ? this.#free.length : larger, 0, memory);
		this.#kept += memory.length;
	}
}
