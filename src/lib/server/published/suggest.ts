import { fold } from '../../domain/fold.ts';
import type { LonLat, Place } from '../../domain/place.ts';
import { count } from './counts.ts';
import { find } from './find.ts';
import { compareRefs, readPlace } from './layers.ts';
import type { Frame, Ref } from './layers.ts';
import { fields } from './postings.ts';
import { searchField } from './search.ts';
import { queryWords, words } from './text.ts';
import { Top } from './top.ts';

/** What somebody may mean while she types; each leads to a list or a page that is not empty. */
export interface Suggestions {
	/** A category, in an area when some of the words name one. */
	categories: { category: string; area: string | null; total: number }[];
	areas: { area: string; total: number }[];
	places: Place[];
}

const most = { categories: 4, areas: 3, places: 5, streets: 4 };
/** Categories and areas that are tried together. */
const paired = 40;
/** Prefixes of one letter mean everything. */
const shortest = 2;

/** Suggestions for the words typed so far, the last one perhaps unfinished. */
export function suggest(frame: Frame, typed: string): Suggestions {
	const wanted = queryWords(typed);
	if (wanted.length === 0 || typed.trim().length < shortest) return { categories: [], areas: [], places: [] };
	const meanings = wanted.map((word) => {
		const exact = frame.reference.vocabulary.mean(word, false);
		return exact.categories.size + exact.areas.size > 0 ? exact : frame.reference.vocabulary.mean(word, true);
	});
	// One pass for all of them: two letters begin the names of a hundred areas.
	const { categories, areas } = count(frame, {});
	const totalOf = ({ category, area }: Pair) =>
		area === null ? (categories[category] ?? 0) : find(frame, { category, area, limit: 1, offset: 0 }).total;
	const { hits, partly } = find(frame, { q: typed, limit: most.places, offset: 0 });
	return {
		categories: categoriesIn(meanings)
			.map((pair) => ({ ...pair, total: totalOf(pair) }))
			.filter(({ total }) => total > 0)
			.slice(0, most.categories),
		areas: best(meanings.map((meaning) => meaning.areas))
			.map((area) => ({ area, total: areas[area] ?? 0 }))
			.filter(({ total }) => total > 0)
			.slice(0, most.areas),
		places: partly ? [] : hits.map(({ place }) => place)
	};
}

interface Pair {
	category: string;
	area: string | null;
}

type Meaning = ReturnType<Frame['reference']['vocabulary']['mean']>;

/** Slugs that every word means, best first. */
function best(scores: Map<string, number>[]): string[] {
	const [first, ...others] = scores;
	const sums = [...(first ?? [])].flatMap(([slug, score]) => {
		const rest = others.map((each) => each.get(slug));
		return rest.includes(undefined) ? [] : [{ slug, score: rest.reduce<number>((sum, more) => sum + (more ?? 0), score) }];
	});
	return sums.sort((a, b) => b.score - a.score || (a.slug < b.slug ? -1 : 1)).map(({ slug }) => slug);
}

/** All words the category; or each word the category or the area, and both named: « crèche bellevue ». */
function categoriesIn(meanings: Meaning[]): Pair[] {
	const alone = best(meanings.map(({ categories }) => categories)).map((category) => ({ category, area: null }));
	if (alone.length > 0 || meanings.length < 2) return alone;
	const pairs: { category: string; area: string; score: number }[] = [];
	// The likeliest: short beginnings of words mean hundreds, and every pair of them.
	const slugs = (kind: 'categories' | 'areas') => {
		const scores = new Map<string, number>();
		for (const meaning of meanings) for (const [slug, score] of meaning[kind]) scores.set(slug, (scores.get(slug) ?? 0) + score);
		return [...scores]
			.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
			.slice(0, paired)
			.map(([slug]) => slug);
	};
	for (const category of slugs('categories'))
		for (const area of slugs('areas')) {
			const each = meanings.map(({ categories, areas }) => {
				return { category: categories.get(category) ?? 0, area: areas.get(area) ?? 0 };
			});
			if (each.some((word) => word.category === 0 && word.area === 0)) continue;
			pairs.push({ category, area, score: each.reduce((sum, word) => sum + Math.max(word.category, word.area), 0) });
		}
	pairs.sort((a, b) => b.score - a.score || (a.category + a.area < b.category + b.area ? -1 : 1));
	return pairs.slice(0, most.categories).map(({ category, area }) => ({ category, area }));
}

/** A street as our own places write it, and the middle of those that stand in it. */
export interface Street {
	label: string;
	position: LonLat;
}

/** How many places are read for the streets of a query. */
const readPlaces = 60;

/** Streets that have all the words, for a town without a geocoder. */
export function streets(frame: Frame, typed: string): Street[] {
	const wanted = queryWords(typed).filter((word) => !/^\d+$/.test(word));
	if (wanted.length === 0 || typed.trim().length < shortest) return [];
	const top = new Top<Ref>(readPlaces, compareRefs);
	for (const [layer, { items }] of searchField(frame, wanted, fields.where))
		for (const item of items) if (!layer.hidden?.[item]) top.push({ layer, item });
	const found = new Map<string, { label: string; lon: number; lat: number; count: number }>();
	for (const ref of top.sorted()) {
		const { facts, position } = readPlace(frame, ref);
		const street = streetOf(facts.address);
		if (street === null || !wanted.every((word) => words(street).some((each) => each.startsWith(word)))) continue;
		const label = [street, facts.city].filter(Boolean).join(', ');
		const known = found.get(fold(label)) ?? { label, lon: 0, lat: 0, count: 0 };
		found.set(fold(label), { label, lon: known.lon + position.lon, lat: known.lat + position.lat, count: known.count + 1 });
	}
	return [...found.values()]
		.sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))
		.slice(0, most.streets)
		.map(({ label, lon, lat, count }) => ({ label, position: { lon: lon / count, lat: lat / count } }));
}

/** `12 bis rue Paul-Bellamy` → `Rue Paul-Bellamy`. */
function streetOf(address: string | null): string | null {
	const street = address?.replace(/^\d+\s*(?:bis|ter|quater|[a-d])?\s*,?\s+/i, '').trim();
	return street ? street.charAt(0).toLocaleUpperCase('fr') + street.slice(1) : null;
}
