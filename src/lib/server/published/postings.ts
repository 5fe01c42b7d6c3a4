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

/** Entries of one word that answers a queried one, `from` to `to` (exclusive), and what a hit in each field is worth. */
export interface Hits {
	from: number;
	to: number;
	worth: Int32Array;
}

/** Of a score of 1. Whole numbers add up to the same whatever is added first, so that all nodes rank alike. */
export const worthOfOne = 2 ** 20;

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

/** The entries whose word begins with `word`; one letter alone must be the whole word. */
export function prefixHits({ terms, starts }: Postings, word: string): Hits[] {
	if (word.length < 2) {
		const term = terms.get(word);
		return term === undefined ? [] : [hitsOf(starts, term, 1)];
	}
	return Array.from(terms.atPrefix(word), ([found, term]) => hitsOf(starts, term, prefixQuality(word, found)));
}

/** The entries whose word is within the tolerance of `word`. */
export function fuzzyHits({ terms, starts }: Postings, word: string): Hits[] {
	const limit = tolerance(word);
	if (limit === 0) return [];
	return Array.from(terms.fuzzyGet(word, limit).values(), ([term, distance]) => hitsOf(starts, term, fuzzyQuality(distance)));
}

function hitsOf(starts: Uint32Array, term: number, quality: number): Hits {
	const worth = Int32Array.from(fieldWeights, (weight) => Math.round(quality * weight * worthOfOne));
	return { from: starts[term]!, to: starts[term + 1]!, worth };
}
