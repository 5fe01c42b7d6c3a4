import type { Filters } from './filters.ts';
import { tests } from './layers.ts';
import type { Frame } from './layers.ts';
import { scoreAll } from './search.ts';

/** How many places each value of a filter would show; values that would show none are missing. */
export interface Counts {
	/** With all the filters as they are. */
	total: number;
	themes: Record<string, number>;
	categories: Record<string, number>;
	areas: Record<string, number>;
	kinds: Record<string, number>;
}

/**
 * The number beside each filter, as if it alone changed. A theme's number leaves the chosen category out (it belongs to one theme, so
 * choosing another theme drops it); an area's includes its descendants.
 */
export function count(frame: Frame, filters: Partial<Filters>): Counts {
	const scores = filters.q === undefined ? undefined : scoreAll(frame, filters.q)?.scores;
	const { theme, category, area, kind, bbox } = tests(frame, filters);
	const { categories, areas } = frame.dictionaries;
	const byTheme = new Uint32Array(categories.slugs.length);
	const byCategory = new Uint32Array(categories.slugs.length);
	const byArea = new Uint32Array(areas.slugs.length);
	const byKind = new Uint32Array(2);
	let total = 0;
	for (const layer of frame.layers) {
		const { segment, hidden } = layer;
		const score = scores?.get(layer);
		for (let item = 0; item < segment.size; item++) {
			if (hidden?.[item] || (score && score[item] === 0) || (bbox && !bbox(segment, item))) continue;
			const inTheme = !theme || theme(segment, item);
			const inCategory = !category || category(segment, item);
			const inArea = !area || area(segment, item);
			const inKind = !kind || kind(segment, item);
			if (inArea && inKind) byTheme[segment.categories[item]!]!++;
			if (inTheme && inArea && inKind) byCategory[segment.categories[item]!]!++;
			if (inTheme && inCategory && inKind) byArea[segment.areas[item]!]!++;
			if (inTheme && inCategory && inArea) byKind[segment.kinds[item]!]!++;
			if (inTheme && inCategory && inArea && inKind) total++;
		}
	}
	return {
		total,
		themes: sum(byTheme, (code) => [frame.reference.categoryBySlug.get(categories.slugs[code]!)?.theme ?? '']),
		categories: sum(byCategory, (code) => [categories.slugs[code]!]),
		areas: sum(byArea, (code) => frame.reference.ancestors(areas.slugs[code]!)),
		kinds: sum(byKind, (code) => [code === 0 ? 'service' : 'initiative'])
	};
}

function sum(numbers: Uint32Array, slugsOf: (code: number) => string[]): Record<string, number> {
	const sums: Record<string, number> = {};
	numbers.forEach((number, code) => {
		if (number > 0) for (const slug of slugsOf(code)) if (slug !== '') sums[slug] = (sums[slug] ?? 0) + number;
	});
	return sums;
}
