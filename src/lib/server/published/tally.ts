import type { Hits } from './postings.ts';

/** More than a query has words. */
const stampsOfSearch = 16;
const lastStamp = 2 ** 16 - stampsOfSearch;

/**
 * What one search at a time notes of the items of a segment. Only those that some word finds are ever touched: going through all of 100,000
 * for each word took most of a search. New arrays for each would set the collector off in the middle of requests. Nothing is wiped either:
 * what an item says is of this search when its stamp is. Scores are whole numbers, see `worthOfOne`.
 */
export class Tally {
	/** Of each item over all words; without meaning where `has` says no. */
	readonly total: Int32Array;
	/** The last word that each has: they are numbered on from search to search. */
	#stamps: Uint16Array;
	/** What that word is worth, and how many words each has. */
	#best: Int32Array;
	#said: Uint8Array;
	/** Before the first word of this search. */
	#start = 0;
	/** The last word of it, so far. */
	#word = 0;
	#found: Uint32Array;
	#foundCount = 0;
	/** Those that had all words before this one, while it narrows them down. */
	#before: Uint32Array;
	#beforeCount = 0;
	/** The stamp of those that are found, at the least. */
	#least = 1;
	#narrows = false;

	constructor(size: number) {
		this.total = new Int32Array(size);
		this.#stamps = new Uint16Array(size);
		this.#best = new Int32Array(size);
		this.#said = new Uint8Array(size);
		this.#found = new Uint32Array(size);
		this.#before = new Uint32Array(size);
	}

	/** Those that were found, in no order; good until the next search. */
	get items(): Uint32Array {
		return this.#found.subarray(0, this.#foundCount);
	}

	has(item: number): boolean {
		return this.#stamps[item]! >= this.#least;
	}

	/** Forgets the search before. */
	clear(): void {
		if (this.#word > lastStamp) {
			this.#stamps.fill(0);
			this.#word = 0;
		}
		this.#start = this.#word;
		this.#least = this.#start + 1;
		this.#foundCount = 0;
	}

	/** The next word; when it narrows, only items that have all words so far can have it, and the others are not found any more. */
	beginWord(narrows: boolean): void {
		this.#narrows = narrows && this.#word > this.#start;
		if (this.#narrows) {
			[this.#before, this.#found] = [this.#found, this.#before];
			[this.#beforeCount, this.#foundCount] = [this.#foundCount, 0];
		}
		this.#word++;
		if (narrows) this.#least = this.#word;
	}

	/** Items have the word; it counts where it counts most. */
	noteEntries(entries: Uint32Array, { from, to, worth }: Hits): void {
		const [stamps, word, needed] = [this.#stamps, this.#word, this.#narrows ? this.#word - 1 : 0];
		for (let i = from; i < to; i++) {
			const entry = entries[i]!;
			const item = entry >>> 2;
			const stamp = stamps[item]!;
			// Said here, too: most of the entries of a word that many have end here, in the middle of a call they cost twice as much.
			if (stamp < needed) continue;
			const score = worth[entry & 3]!;
			if (score > 0) this.#note(item, score, stamp, word);
		}
	}

	/** The same, of those whose codes are worth something. */
	noteCodes(codes: Uint32Array, worth: Int32Array): void {
		const size = this.#narrows ? this.#beforeCount : codes.length;
		for (let i = 0; i < size; i++) {
			const item = this.#narrows ? this.#before[i]! : i;
			const score = worth[codes[item]!]!;
			if (score > 0) this.#note(item, score, this.#stamps[item]!, this.#word);
		}
	}

	#note(item: number, score: number, stamp: number, word: number): void {
		if (stamp === word) {
			const more = score - this.#best[item]!;
			if (more <= 0) return;
			this.#best[item] = score;
			this.total[item]! += more;
			return;
		}
		if (stamp <= this.#start) {
			this.total[item] = score;
			this.#said[item] = 1;
			this.#found[this.#foundCount++] = item;
		} else {
			if (this.#narrows) this.#found[this.#foundCount++] = item;
			this.total[item]! += score;
			this.#said[item]!++;
		}
		this.#stamps[item] = word;
		this.#best[item] = score;
	}

	/** How many of the words the one has that has the most of those that are not hidden. */
	most(hidden: Uint8Array | null): number {
		let most = 0;
		for (let i = 0; i < this.#foundCount; i++) {
			const item = this.#found[i]!;
			if (this.#said[item]! <= most || hidden?.[item]) continue;
			most = this.#said[item]!;
			if (most === this.#word - this.#start) break;
		}
		return most;
	}

	/** Leaves those that have at least so many of the words. */
	keep(most: number): void {
		let kept = 0;
		for (let i = 0; i < this.#foundCount; i++) {
			const item = this.#found[i]!;
			if (this.#said[item]! >= most) this.#found[kept++] = item;
			else this.#stamps[item] = 0;
		}
		this.#foundCount = kept;
	}
}
