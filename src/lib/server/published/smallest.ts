/**
 * The `count` items of a segment with the smallest rank, the first in a given order among equals: a binary heap of numbers with the last of
 * them on top. `Top` does it for anything; going through a hundred thousand, objects and comparing texts took half of a search.
 */
export class Smallest {
	#items: Uint32Array;
	#ranks: Float64Array;
	#order: Uint32Array;
	#size = 0;

	/** @param order where each item stands among equals */
	constructor(count: number, order: Uint32Array) {
		this.#items = new Uint32Array(count);
		this.#ranks = new Float64Array(count);
		this.#order = order;
	}

	offer(item: number, rank: number): void {
		if (this.#size < this.#items.length) this.#rise(this.#size++, item, rank);
		else if (this.#size > 0 && this.#isBefore(item, rank, 0)) this.#sink(item, rank);
	}

	/** In no order. */
	*entries(): Generator<{ item: number; rank: number }> {
		for (let at = 0; at < this.#size; at++) yield { item: this.#items[at]!, rank: this.#ranks[at]! };
	}

	/** Whether an item comes before the one that stands somewhere in the heap. */
	#isBefore(item: number, rank: number, at: number): boolean {
		const known = this.#ranks[at]!;
		return rank < known || (rank === known && this.#order[item]! < this.#order[this.#items[at]!]!);
	}

	#put(at: number, item: number, rank: number): void {
		this.#items[at] = item;
		this.#ranks[at] = rank;
	}

	#rise(from: number, item: number, rank: number): void {
		let at = from;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (this.#isBefore(item, rank, parent)) break;
			this.#put(at, this.#items[parent]!, this.#ranks[parent]!);
			at = parent;
		}
		this.#put(at, item, rank);
	}

	/** In the place of the top. */
	#sink(item: number, rank: number): void {
		let at = 0;
		for (let child = 1; child < this.#size; child = 2 * at + 1) {
			const other = child + 1;
			if (other < this.#size && this.#isBefore(this.#items[child]!, this.#ranks[child]!, other)) child = other;
			if (!this.#isBefore(item, rank, child)) break;
			this.#put(at, this.#items[child]!, this.#ranks[child]!);
			at = child;
		}
		this.#put(at, item, rank);
	}
}
