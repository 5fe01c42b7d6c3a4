/** Sizes are powers of two: what one answer leaves fits the next. */
const smallest = 1 << 16;
/** Bytes that wait for the next answer at the most; beyond, memory goes back to where it came from. */
const mostKept = 1 << 23;

/**
 * Memory for large answers, lent again and again. New memory for each is memory that nothing has touched yet: a thousand answers of half a megabyte
 * a second keep the collector busy and go through the machine's memory instead of its caches.
 */
export class Lent {
	#free: Buffer[] = [];
	#kept = 0;

	/** At least so many bytes, with anything in them. */
	lend(size: number): Buffer {
		const index = this.#free.findIndex(({ length }) => length >= size);
		const [known] = index < 0 ? [] : this.#free.splice(index, 1);
		if (known) this.#kept -= known.length;
		return known ?? Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(Math.max(size, smallest))));
	}

	/** Once, when nobody reads it any more. */
	takeBack(memory: Buffer): void {
		if (this.#kept + memory.length > mostKept) return;
		this.#free.push(memory);
		this.#kept += memory.length;
	}
}
