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

/**
 * Every word must be somewhere: in the name, the summary, an offer, the address, the category's or theme's label or synonyms, or the
 * area's name. A word counts once, where it counts most; a word found nowhere is tried again as a misspelling. Scores depend on the
 * place and the query alone, so that all nodes rank alike. Null when the query has no word.
 */
export function scoreAll(frame: Frame, query: string): Scores | null {
	const wanted = queryWords(query);
	if (wanted.length === 0) return null;
	const totals: Scores = new Map(frame.layers.map((layer) => [layer, layer.segment.scratch.total]));
	wanted.forEach((word, position) => {
		const found = frame.layers.map((layer) => scoreWord(frame, layer, word, false)).some(Boolean);
		if (!found) for (const layer of frame.layers) scoreWord(frame, layer, word, true);
		for (const { segment } of frame.layers) {
			const { best, total } = segment.scratch;
			if (position === 0) total.set(best);
			else
				for (let item = 0; item < total.length; item++) total[item] = total[item]! && best[item]! && total[item]! + best[item]!;
		}
	});
	addNameBonus(totals, fold(query).trim());
	return totals;
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
