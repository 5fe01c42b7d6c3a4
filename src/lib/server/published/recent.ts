import type { Change } from './view.ts';

/**
 * The last changes that this node has followed, ascending. What comes is added to the one list that all views share, each of which keeps to its own
 * part: a change costs its own length, not that of twenty thousand others.
 */
export class Recent {
	readonly #list: Change[];
	readonly #begin: number;
	readonly #end: number;

	constructor(list: Change[], begin = 0, end = list.length) {
		this.#list = list;
		this.#begin = begin;
		this.#end = end;
	}

	/** The same with what came after it, the last `most` of all. */
	and(changes: readonly Change[], most: number): Recent {
		// Where another view went on already, or much of it is past, the list begins anew.
		const isShared = this.#list.length === this.#end && this.#begin <= most / 4;
		const list = isShared ? this.#list : this.#list.slice(this.#begin, this.#end);
		const begin = isShared ? this.#begin : 0;
		for (const change of changes) list.push(change);
		return new Recent(list, Math.max(begin, list.length - most));
	}

	get length(): number {
		return this.#end - this.#begin;
	}

	/** The number of the first one; undefined when there is none. */
	get oldest(): number | undefined {
		return this.length > 0 ? this.#list[this.#begin]!.seq : undefined;
	}

	/** The change of that number, when it is among them. */
	at(seq: number): Change | undefined {
		const index = this.#after(seq - 1);
		const change = index < this.#end ? this.#list[index] : undefined;
		return change?.seq === seq ? change : undefined;
	}

	/** Those after that number, so many of them. */
	since(seq: number, most = Infinity): Change[] {
		const from = this.#after(seq);
		return this.#list.slice(from, Math.min(this.#end, from + most));
	}

	/** The newest first. */
	*backwards(): Generator<Change> {
		for (let i = this.#end - 1; i >= this.#begin; i--) yield this.#list[i]!;
	}

	/** For what is written down. */
	toJSON(): Change[] {
		return this.#list.slice(this.#begin, this.#end);
	}

	/** Where in the list the first one after that number is, the end when there is none. */
	#after(seq: number): number {
		let low = this.#begin;
		let high = this.#end;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#list[middle]!.seq <= seq) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
