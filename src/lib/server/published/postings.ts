import SearchableMap from 'minisearch/SearchableMap';

/**
 * Where each word stands. MiniSearch's own index was measured first: 2.8 s to build and 105 MB for 100,000 places, 70 ms for a word
 * that most of them have, and scores that depend on everything else in the index, so that an incremental index would rank otherwise
 * than a fresh one. Its radix tree (prefixes, edit distances) is kept; the postings are numbers.
 */
export interface Postings {
	terms: SearchableMap<number>;
	/** The entries of term t are `starts[t]` to `starts[t + 1]`. */
	starts: Uint32Array;
	/** item × 4 + field */
	entries: Uint32Array;
}

/** The fields of a place, and what a hit in each is worth. */
export const fields = { name: 0, text: 1, where: 2 } as const;
export const fieldWeights: readonly number[] = [8, 2, 1.5];

export type Hit = (item: number, score: number, field: number) => void;

/** Collects the words of items added in ascending order. */
export class PostingsBuilder {
	#termIds = new Map<string, number>();
	#pairs = new Uint32Array(1 << 12);
	#length = 0;

	add(item: number, field: number, foldedWords: string[]): void {
		for (const word of foldedWords) {
			let term = this.#termIds.get(word);
			if (term === undefined) this.#termIds.set(word, (term = this.#termIds.size));
			if (this.#length + 2 > this.#pairs.length) this.#grow();
			this.#pairs[this.#length++] = term;
			this.#pairs[this.#length++] = item * 4 + field;
		}
	}

	#grow(): void {
		const wider = new Uint32Array(this.#pairs.length * 2);
		wider.set(this.#pairs);
		this.#pairs = wider;
	}

	/** Sorts by term (a counting sort, stable). */
	finish(): Postings {
		const pairs = this.#pairs.subarray(0, this.#length);
		const starts = new Uint32Array(this.#termIds.size + 1);
		for (let i = 0; i < pairs.length; i += 2) starts[pairs[i]! + 1]!++;
		for (let term = 0; term < this.#termIds.size; term++) starts[term + 1]! += starts[term]!;
		const next = starts.slice();
		const entries = new Uint32Array(pairs.length / 2);
		for (let i = 0; i < pairs.length; i += 2) entries[next[pairs[i]!]!++] = pairs[i + 1]!;
		const terms = new SearchableMap<number>();
		for (const [word, term] of this.#termIds) terms.set(word, term);
		return { terms, starts, entries };
	}
}

/** How well an indexed word answers a queried one: itself 1, one it begins 0.6 to 0.9, less the more is missing. */
export function prefixQuality(word: string, term: string): number {
	return word === term ? 1 : 0.6 + (0.3 * word.length) / term.length;
}

/** A misspelt word never beats a right one. */
export function fuzzyQuality(distance: number): number {
	return 0.5 / (1 + distance);
}

/** How many letters may be wrong in a word: none up to three, one up to seven, two beyond. */
export function tolerance(word: string): number {
	return word.length <= 3 ? 0 : word.length <= 7 ? 1 : 2;
}

/** Calls `hit` for every entry whose word begins with `word`; one letter alone must be the whole word. */
export function prefixHits(postings: Postings, word: string, hit: Hit): void {
	if (word.length < 2) {
		const term = postings.terms.get(word);
		if (term !== undefined) report(postings, term, 1, hit);
		return;
	}
	for (const [found, term] of postings.terms.atPrefix(word)) report(postings, term, prefixQuality(word, found), hit);
}

/** Calls `hit` for every entry whose word is within the tolerance of `word`. */
export function fuzzyHits(postings: Postings, word: string, hit: Hit): void {
	const limit = tolerance(word);
	if (limit === 0) return;
	for (const [term, distance] of postings.terms.fuzzyGet(word, limit).values())
		report(postings, term, fuzzyQuality(distance), hit);
}

function report({ starts, entries }: Postings, term: number, quality: number, hit: Hit): void {
	const end = starts[term + 1]!;
	for (let i = starts[term]!; i < end; i++) {
		const entry = entries[i]!;
		hit(entry >>> 2, quality * fieldWeights[entry & 3]!, entry & 3);
	}
}
