import { fold } from '../../domain/fold.ts';
import type { Frame, Layer } from './layers.ts';
import { fuzzyHits, prefixHits } from './postings.ts';
import type { WordMeaning } from './reference.ts';
import { queryWords } from './text.ts';

/** Per layer, the score of each item; 0 where a word of the query is nowhere. Valid until the next search. */
export type Scores = Map<Layer, Float64Array>;

/** A quartier found by the name of its commune counts less than one found by its own. */
const ancestorShare = 0.5;
const sameName = 20;
const nameBegins = 4;

/** What a query finds. */
export interface Search {
	scores: Scores;
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
	for (const { segment } of frame.layers) {
		segment.scratch.total.fill(0);
		segment.scratch.said.fill(0);
	}
	for (const word of wanted) {
		const found = frame.layers.map((layer) => scoreWord(frame, layer, word, false)).some(Boolean);
		if (!found) for (const layer of frame.layers) scoreWord(frame, layer, word, true);
		for (const { segment } of frame.layers) {
			const { best, said, total } = segment.scratch;
			for (let item = 0; item < total.length; item++) {
				const score = best[item]!;
				if (score === 0) continue;
				total[item]! += score;
				said[item]!++;
			}
		}
	}
	const most = mostSaid(frame.layers);
	for (const { segment } of frame.layers) {
		const { said, total } = segment.scratch;
		for (let item = 0; item < total.length; item++) if (said[item]! < most) total[item] = 0;
	}
	const scores: Scores = new Map(frame.layers.map((layer) => [layer, layer.segment.scratch.total]));
	addNameBonus(scores, fold(query).trim());
	return { scores, partly: most > 0 && most < wanted.length };
}

/** Of the words, how many the visible place has that has the most. */
function mostSaid(layers: Frame['layers']): number {
	let most = 0;
	for (const { segment, hidden } of layers)
		segment.scratch.said.forEach((number, item) => {
			if (number > most && !hidden?.[item]) most = number;
		});
	return most;
}

/** Fills the segment's `best`; true when a visible place has the word. */
function scoreWord(frame: Frame, { segment, hidden }: Layer, word: string, fuzzy: boolean): boolean {
	const { best } = segment.scratch;
	best.fill(0);
	let found = false;
	const note = (item: number, score: number) => {
		if (score > best[item]!) best[item] = score;
		found ||= !hidden?.[item];
	};
	(fuzzy ? fuzzyHits : prefixHits)(segment.postings, word, note);
	const meaning = frame.reference.vocabulary.mean(word, fuzzy);
	if (meaning.categories.size === 0 && meaning.areas.size === 0) return found;
	const byCategory = Float64Array.from(frame.dictionaries.categories.slugs, (slug) => meaning.categories.get(slug) ?? 0);
	const byArea = Float64Array.from(frame.dictionaries.areas.slugs, (slug) => areaScore(frame, meaning, slug));
	for (let item = 0; item < best.length; item++) {
		const score = Math.max(byCategory[segment.categories[item]!]!, byArea[segment.areas[item]!]!);
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

function addNameBonus(totals: Scores, query: string): void {
	for (const [{ segment }, total] of totals) {
		for (let item = 0; item < total.length; item++) {
			if (total[item] === 0) continue;
			const name = segment.sortKeys[item]!;
			if (name === query) total[item]! += sameName;
			else if (name.startsWith(query)) total[item]! += nameBegins;
		}
	}
}
