import type { Frame, Layer } from './layers.ts';
import { fuzzyHits, prefixHits } from './postings.ts';
import type { WordMeaning } from './reference.ts';
import { fold, queryWords } from './text.ts';

/** Per layer, the score of each item; 0 where a word of the query is nowhere. */
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
	const totals: Scores = new Map(frame.layers.map((layer) => [layer, new Float64Array(layer.segment.size)]));
	wanted.forEach((word, position) => {
		const exact = frame.layers.map((layer) => scoreWord(frame, layer, word, false));
		const found = frame.layers.some((layer, i) => exact[i]!.some((score, item) => score > 0 && !layer.hidden?.[item]));
		frame.layers.forEach((layer, i) => {
			const scores = found ? exact[i]! : scoreWord(frame, layer, word, true);
			const total = totals.get(layer)!;
			for (let item = 0; item < total.length; item++) {
				const score = scores[item]!;
				total[item] = score > 0 && (position === 0 || total[item]! > 0) ? total[item]! + score : 0;
			}
		});
	});
	addNameBonus(totals, fold(query).trim());
	return totals;
}

function scoreWord(frame: Frame, layer: Layer, word: string, fuzzy: boolean): Float64Array {
	const { segment } = layer;
	const best = new Float64Array(segment.size);
	(fuzzy ? fuzzyHits : prefixHits)(segment.postings, word, (item, score) => {
		if (score > best[item]!) best[item] = score;
	});
	const meaning = frame.reference.vocabulary.mean(word, fuzzy);
	if (meaning.categories.size === 0 && meaning.areas.size === 0) return best;
	const byCategory = Float64Array.from(frame.dictionaries.categories.slugs, (slug) => meaning.categories.get(slug) ?? 0);
	const byArea = Float64Array.from(frame.dictionaries.areas.slugs, (slug) => areaScore(frame, meaning, slug));
	for (let item = 0; item < best.length; item++) {
		const category = byCategory[segment.categories[item]!]!;
		const area = byArea[segment.areas[item]!]!;
		if (category > best[item]!) best[item] = category;
		if (area > best[item]!) best[item] = area;
	}
	return best;
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
