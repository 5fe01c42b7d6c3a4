import { Slabs } from './slabs.ts';

/** Numbers that `Lines.where` has for each line: its slab, where it begins there, how many bytes it has, then its cuts. */
export const numbersOfLine = 11;
export const [startAt, lengthAt, cutsAt] = [1, 2, 3];

/**
 * The lines of a segment (see record.ts), by item, in large buffers; of changes that are not folded in yet each has its own. Not an array of buffers: an object for each of 100,000 lines is more to
 * look up than the few numbers that stand together here, ten megabytes more, and work for the collector each time.
 */
export class Lines implements Iterable<Uint8Array> {
	readonly slabs: readonly Uint8Array[];
	readonly where: Uint32Array;

	constructor(slabs: readonly Uint8Array[], where: Uint32Array) {
		this.slabs = slabs;
		this.where = where;
	}

	get size(): number {
		return this.where.length / numbersOfLine;
	}

	/** A part of its slab: whoever keeps it keeps the slab. */
	at(item: number): Uint8Array {
		const first = item * numbersOfLine;
		const start = this.where[first + startAt]!;
		return this.slabs[this.where[first]!]!.subarray(start, start + this.where[first + lengthAt]!);
	}

	*[Symbol.iterator](): Generator<Uint8Array> {
		for (let item = 0; item < this.size; item++) yield this.at(item);
	}
}

/**
 * What was worked out of lines, as long as they are kept. By where they are, for each look at one is another object: a line stays there from one
 * state of the map to the next, also when changes are folded in, but for the few that are moved.
 */
export class OfLines<T> {
	#known = new WeakMap<ArrayBufferLike, Map<number, T>>();

	get({ buffer, byteOffset }: Uint8Array): T | undefined {
		return this.#known.get(buffer)?.get(byteOffset);
	}

	set({ buffer, byteOffset }: Uint8Array, value: T): void {
		const known = this.#known.get(buffer);
		if (known) known.set(byteOffset, value);
		else this.#known.set(buffer, new Map([[byteOffset, value]]));
	}
}

/** So many bytes are put in the order of the map at once. */
const batchBytes = 1 << 24;

interface Waiting {
	item: number;
	line: Uint8Array;
	square: number;
}

/**
 * Collects lines. Those that are copied stand in the order of the map, a batch after the other: who asks for what is around reads neighbours, and
 * what is fetched for one of them is at hand for the next.
 */
export class LinesBuilder {
	#where = new Uint32Array(numbersOfLine * 16);
	#size = 0;
	#own: Uint8Array[] = [];
	#slabs = new Slabs();
	#waiting: Waiting[] = [];
	#waitingBytes = 0;
	readonly #copies: boolean;

	/** @param copies whether the lines are parts of buffers that somebody else goes on using, or that are mostly something else */
	constructor(copies: boolean) {
		this.#copies = copies;
	}

	/** @param cuts where in the line its place begins, then its pieces; @param square where it is on the curve, see curve.ts */
	add(line: Uint8Array, cuts: readonly number[], square: number): void {
		const item = this.#size++;
		const first = item * numbersOfLine;
		if (first + numbersOfLine > this.#where.length) {
			const wider = new Uint32Array(this.#where.length * 2);
			wider.set(this.#where);
			this.#where = wider;
		}
		this.#where[first + lengthAt] = line.length;
		this.#where.set(cuts, first + cutsAt);
		if (this.#copies) {
			this.#waiting.push({ item, line, square });
			this.#waitingBytes += line.length;
			if (this.#waitingBytes >= batchBytes) this.settle();
		} else {
			this.#where[first] = this.#own.length;
			this.#own.push(line);
		}
	}

	/** Copies what is not copied yet: from now on nobody looks at the lines that were added. */
	settle(): void {
		this.#waiting.sort((a, b) => a.square - b.square || a.item - b.item);
		for (const { item, line } of this.#waiting) this.#slabs.keep(line, this.#where, item * numbersOfLine);
		this.#waiting = [];
		this.#waitingBytes = 0;
	}

	finish(): Lines {
		this.settle();
		return new Lines(this.#copies ? this.#slabs.finish() : this.#own, this.#where.slice(0, this.#size * numbersOfLine));
	}
}
