import { fold } from '../../domain/fold.ts';
import type { Frame, Layer } from './layers.ts';
import { fuzzyHits, prefixHits } from './postings.ts';
import type { WordMeaning } from './reference.ts';
import type { Segment } from './segment.ts';
import { compareText, queryWords } from './text.ts';

/** Per layer, the score of each item; 0 where a word of the query is nowhere. Valid until the next search. */
export type Scores = Map<Layer, Float64Array>;
/** Those with a score, in no order. Valid as long. */
export type ScoredItems = Map<Layer, Uint32Array>;

/** A quartier found by the name of its commune counts less than one found by its own. */
const ancestorShare = 0.5;
const sameName = 20;
const nameBegins = 4;

/** What a query finds. */
export interface Search {
	scores: Scores;
	items: ScoredItems;
	/** No place has all of its words: these have the most. */
	partly: boolean;
}

/**
 * Every word must be somewhere: in the name, the summary, an offer, the address, the category's or theme's label or synonyms, or the
 * area's name. A word counts once, where it counts most; a word found nowhere is tried again as a misspelling. When no place has all the
 * words, those that have the most of them are found: « porter plainte » is a question, not a name. Scores depend on the place and the query
 * alone, so that all nodes rank alike. Null when the query has no word.
 */
export function scoreAll(frame: Frame, query: string): Search | null {
	const wanted = queryWords(query);
	if (wanted.length === 0) return null;
	for (const { segment } of frame.layers) segment.tally.clear();
	let most = 0;
	for (const word of wanted) {
		const found = frame.layers.map((layer) => scoreWord(frame, layer, word, false)).some(Boolean);
		if (!found) for (const layer of frame.layers) scoreWord(frame, layer, word, true);
		for (const { segment, hidden } of frame.layers) most = Math.max(most, segment.tally.addWord(hidden));
	}
	for (const { segment } of frame.layers) segment.tally.keep(most);
	addNameBonus(frame.layers, fold(query).trim());
	return {
		scores: new Map(frame.layers.map((layer) => [layer, layer.segment.tally.total])),
		items: new Map(frame.layers.map((layer) => [layer, layer.segment.tally.items])),
		partly: most > 0 && most < wanted.length
	};
}

/** Notes who has the word; true when a visible place has. */
function scoreWord(frame: Frame, { segment, hidden }: Layer, word: string, fuzzy: boolean): boolean {
	const { tally } = segment;
	tally.dropWord();
	let found = false;
	const note = (item: number, score: number) => {
		tally.note(item, score);
		found ||= !hidden?.[item];
	};
	(fuzzy ? fuzzyHits : prefixHits)(segment.postings, word, note);
	const meaning = frame.reference.vocabulary.mean(word, fuzzy);
	if (meaning.categories.size === 0 && meaning.areas.size === 0) return found;
	const byCategory = Float64Array.from(frame.dictionaries.categories.slugs, (slug) => meaning.categories.get(slug) ?? 0);
	const byArea = Float64Array.from(frame.dictionaries.areas.slugs, (slug) => areaScore(frame, meaning, slug));
	const { categories, areas, size } = segment;
	for (let item = 0; item < size; item++) {
		const score = Math.max(byCategory[categories[item]!]!, byArea[areas[item]!]!);
		if (score > 0) note(item, score);
	}
	return found;
}

function areaScore(frame: Frame, { areas }: WordMeaning, slug: string): number {
	let best = 0;
	frame.reference.ancestors(slug).forEach((area, height) => {
		best = Math.max(best, (areas.get(area) ?? 0) * (height === 0 ? 1 : ancestorShare));
	});
	return best;
}

/** Names that begin with the query stand together in the order of names. */
function addNameBonus(layers: Frame['layers'], query: string): void {
	for (const { segment } of layers) {
		const { byName, sortKeys, size, tally } = segment;
		for (let at = firstFrom(segment, query); at < size; at++) {
			const item = byName[at]!;
			const name = sortKeys[item]!;
			if (!name.startsWith(query)) break;
			if (tally.total[item]! > 0) tally.total[item]! += name === query ? sameName : nameBegins;
		}
	}
}

/** The place in the order of names from which on they are not less than a text. */
function firstFrom({ byName, sortKeys, size }: Segment, text: string): number {
	let [low, high] = [0, size];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareText(sortKeys[byName[middle]!]!, text) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}
