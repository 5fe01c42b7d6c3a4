/**
 * What one search at a time notes of the items of a segment. Only those that some word finds are ever touched: going through all of 100,000
 * for each word took most of a search. New arrays for each would set the collector off in the middle of requests.
 */
export class Tally {
	/** Of each item over all words; 0 where none is found. */
	readonly total: Float64Array;
	/** How many of the words each has. */
	readonly said: Uint8Array;
	/** Of the word that is being looked for. */
	#best: Float64Array;
	#hits: Uint32Array;
	#hitCount = 0;
	#touched: Uint32Array;
	#touchedCount = 0;

	constructor(size: number) {
		this.total = new Float64Array(size);
		this.said = new Uint8Array(size);
		this.#best = new Float64Array(size);
		this.#hits = new Uint32Array(size);
		this.#touched = new Uint32Array(size);
	}

	/** Those with a total, in no order; good until the next search. */
	get items(): Uint32Array {
		return this.#touched.subarray(0, this.#touchedCount);
	}

	/** Forgets the search before. */
	clear(): void {
		this.dropWord();
		for (const item of this.items) this.total[item] = this.said[item] = 0;
		this.#touchedCount = 0;
	}

	/** An item has the word, which counts where it counts most. */
	note(item: number, score: number): void {
		const best = this.#best[item]!;
		if (best === 0) this.#hits[this.#hitCount++] = item;
		if (score > best) this.#best[item] = score;
	}

	/** What was noted of the word does not count. */
	dropWord(): void {
		for (let i = 0; i < this.#hitCount; i++) this.#best[this.#hits[i]!] = 0;
		this.#hitCount = 0;
	}

	/** What was noted of the word counts. Gives how many of the words the one has that has the most of those that are not hidden. */
	addWord(hidden: Uint8Array | null): number {
		let most = 0;
		for (let i = 0; i < this.#hitCount; i++) {
			const item = this.#hits[i]!;
			const words = this.said[item]! + 1;
			if (words === 1) this.#touched[this.#touchedCount++] = item;
			if (words > most && !hidden?.[item]) most = words;
			this.said[item] = words;
			this.total[item]! += this.#best[item]!;
			this.#best[item] = 0;
		}
		this.#hitCount = 0;
		return most;
	}

	/** Leaves those out that have fewer words than that. */
	keep(most: number): void {
		let kept = 0;
		for (const item of this.items) {
			if (this.said[item]! >= most) this.#touched[kept++] = item;
			else this.total[item] = this.said[item] = 0;
		}
		this.#touchedCount = kept;
	}
}
