import { audiences, costs, wheelchairs } from '../../domain/facts.ts';
import { dayOf } from '../../domain/local-time.ts';
import type { LocalMinute } from '../../domain/local-time.ts';
import type { Filters } from './filters.ts';
import { tests } from './layers.ts';
import type { Accept, Dimension, Frame } from './layers.ts';
import { openness } from './openings.ts';
import { scoreAll } from './search.ts';
import type { Dictionaries } from './segment.ts';
import { compareText } from './text.ts';

/** How many places each value of a filter would show; values that would show none are missing. */
export interface Counts {
	/** With all the filters as they are. */
	total: number;
	themes: Record<string, number>;
	categories: Record<string, number>;
	areas: Record<string, number>;
	kinds: Record<string, number>;
	wheelchairs: Record<string, number>;
	costs: Record<string, number>;
	audiences: Record<string, number>;
	languages: Record<string, number>;
	/** By days, of `checkedWithin`: how many were checked since. */
	checked: Record<string, number>;
	/** Open at the moment of the filter, else at the one asked about; and those of which nobody can say. 0 without a moment. */
	open: number;
	uncertain: number;
	/** Of those, how many say nothing of their hours. */
	unsaid: number;
}

/** Some kilobytes each: what is asked for within a minute, or between two changes. */
const keptCounts = 100;
const kept = new WeakMap<Frame, Map<string, Counts>>();

/** `count`, once for all pages and all readers of the same filters within a minute: wherever they stand, the numbers are the same. */
export function keptCount(frame: Frame, filters: Partial<Filters>, at?: LocalMinute): Readonly<Counts> {
	const { near: _near, limit: _limit, offset: _offset, ...others } = filters;
	const key = JSON.stringify([Object.entries(others).sort(([a], [b]) => compareText(a, b)), at]);
	const known = kept.get(frame) ?? new Map<string, Counts>();
	kept.set(frame, known);
	const counts = known.get(key) ?? count(frame, others, at);
	const [oldest] = known.keys();
	if (known.size >= keptCounts && oldest !== undefined) known.delete(oldest);
	known.set(key, counts);
	return counts;
}

/** Days: half a year, a year, two. */
export const checkedWithin = [182, 365, 730] as const;

/** The shortest of `checkedWithin` that an age in days fits in, else one more. */
function periodOf(age: number): number {
	const index = checkedWithin.findIndex((days) => age <= days);
	return index < 0 ? checkedWithin.length : index;
}

/** One number per code. */
function newTally({ categories, areas, languages }: Dictionaries) {
	return {
		theme: new Uint32Array(categories.slugs.length),
		category: new Uint32Array(categories.slugs.length),
		area: new Uint32Array(areas.slugs.length),
		kind: new Uint32Array(2),
		open: new Uint32Array(Object.keys(openness).length),
		wheelchair: new Uint32Array(1 << wheelchairs.length),
		cost: new Uint32Array(1 << costs.length),
		audience: new Uint32Array(1 << audiences.length),
		language: new Uint32Array(languages.slugs.length),
		checked: new Uint32Array(checkedWithin.length + 1)
	} satisfies Partial<Record<Dimension, Uint32Array>>;
}

/**
 * The number beside each filter, as if it alone changed. A theme's number leaves the chosen category out (it belongs to one theme, so
 * choosing another theme drops it); an area's includes its descendants. `at`: the moment for which the open ones are counted.
 */
export function count(frame: Frame, filters: Partial<Filters>, at?: LocalMinute): Counts {
	const found = filters.q === undefined ? undefined : scoreAll(frame, filters.q)?.found;
	const { theme, category, bbox, ...others } = tests(frame, filters);
	// Written out below, a number at a time: looked up by name it took fifteen times as long.
	const tested = Object.entries(others) as [Dimension, Accept][];
	const { dictionaries, openings } = frame;
	const moment = filters.open ?? at;
	const states =
		moment === undefined ? new Uint8Array(dictionaries.schedules.slugs.length) : openings.states(dictionaries.schedules, moment);
	const today = moment === undefined ? 0 : dayOf(at ?? moment);
	const tally = newTally(dictionaries);
	let total = 0;
	for (const layer of frame.layers) {
		const { segment, hidden } = layer;
		const searched = found?.get(layer);
		for (let item = 0; item < segment.size; item++) {
			if (hidden?.[item] || (searched && !searched.has(item)) || (bbox && !bbox(segment, item))) continue;
			const inTheme = !theme || theme(segment, item);
			const inCategory = !category || category(segment, item);
			// A place that one filter alone keeps out still counts beside the other values of that filter.
			let failed: Dimension | null = null;
			let failures = 0;
			for (const [name, test] of tested) {
				if (test(segment, item)) continue;
				failed = name;
				if (++failures > 1) break;
			}
			if (failures > 1) continue;
			const all = failures === 0;
			if (all) tally.theme[segment.categories[item]!]!++;
			if (!inTheme) continue;
			if (all) tally.category[segment.categories[item]!]!++;
			if (!inCategory) continue;
			if (all) total++;
			if (all || failed === 'area') tally.area[segment.areas[item]!]!++;
			if (all || failed === 'kind') tally.kind[segment.kinds[item]!]!++;
			if (all || failed === 'open') tally.open[states[segment.schedules[item]!]!]!++;
			if (all || failed === 'wheelchair') tally.wheelchair[segment.wheelchair[item]!]!++;
			if (all || failed === 'cost') tally.cost[segment.costs[item]!]!++;
			if (all || failed === 'audience') tally.audience[segment.audiences[item]!]!++;
			if (all || failed === 'checked') tally.checked[periodOf(today - segment.verified[item]!)]!++;
			if (all || failed === 'language') tally.language[segment.languages[item]!]!++;
		}
	}
	const { categoryBySlug, ancestors } = frame.reference;
	const { categories, areas, languages } = dictionaries;
	return {
		total,
		themes: sum(tally.theme, (code) => [categoryBySlug.get(categories.slugs[code]!)?.theme ?? '']),
		categories: sum(tally.category, (code) => [categories.slugs[code]!]),
		areas: sum(tally.area, (code) => ancestors(areas.slugs[code]!)),
		kinds: sum(tally.kind, (code) => [code === 0 ? 'service' : 'initiative']),
		wheelchairs: sum(tally.wheelchair, (set) => (set === 0 ? [] : set & 1 ? ['yes', 'limited'] : set & 2 ? ['limited'] : [])),
		costs: sum(tally.cost, (set) => membersOf(costs, set)),
		audiences: sum(tally.audience, (set) => (set & 1 ? audiences : membersOf(audiences, set))),
		languages: sum(tally.language, (code) => languages.slugs[code]!.split(' ')),
		checked: Object.fromEntries(
			checkedWithin.map((days, index) => [days, tally.checked.slice(0, index + 1).reduce((total, number) => total + number, 0)])
		),
		open: tally.open[openness.open]!,
		uncertain: tally.open[openness.uncertain]! + tally.open[openness.unsaid]!,
		unsaid: tally.open[openness.unsaid]!
	};
}

/** @see bits */
function membersOf(options: readonly string[], set: number): string[] {
	return options.filter((_, index) => set & (1 << index));
}

function sum(numbers: Uint32Array, slugsOf: (code: number) => readonly string[]): Record<string, number> {
	const sums: Record<string, number> = {};
	numbers.forEach((number, code) => {
		if (number > 0) for (const slug of slugsOf(code)) if (slug !== '') sums[slug] = (sums[slug] ?? 0) + number;
	});
	return sums;
}
