import { fold } from '../../domain/fold.ts';
import type { Area, Category, Dataset, Organisation, Settings, Theme } from '../../domain/taxonomy.ts';
import { fuzzyQuality, prefixQuality, tolerance } from './postings.ts';
import { compareText, words } from './text.ts';
import SearchableMap from 'minisearch/SearchableMap';

/** Everything public that is not a place, as it comes from the database. */
export interface ReferenceRows {
	themes: Theme[];
	categories: Category[];
	areas: Area[];
	organisations: Organisation[];
	datasets: Dataset[];
	settings: Settings;
}

/** The same, sorted and by slug. */
export interface Reference extends ReferenceRows {
	themeBySlug: ReadonlyMap<string, Theme>;
	categoryBySlug: ReadonlyMap<string, Category>;
	areaBySlug: ReadonlyMap<string, Area>;
	organisationBySlug: ReadonlyMap<string, Organisation>;
	datasetBySlug: ReadonlyMap<string, Dataset>;
	/** Slugs from the area itself up to its commune; empty for an unknown one. */
	ancestors: (area: string) => string[];
	vocabulary: Vocabulary;
}

export const defaultSettings: Settings = {
	territory: { name: '', bbox: [-5.2, 41.3, 9.6, 51.1], center: { lon: 2.3, lat: 46.6 }, zoom: 5 },
	licence: { id: 'etalab-2.0' },
	demo: { on: false },
	time: { zone: 'Europe/Paris', country: 'fr', state: '' },
	ring: { metres: 5000 },
	contact: { name: '' }
};

const bySlug = <T extends { slug: string }>(items: T[]) => new Map(items.map((item) => [item.slug, item]));
const sorted = <T extends { slug: string; sort: number }>(items: T[]) =>
	[...items].sort((a, b) => a.sort - b.sort || compareText(a.slug, b.slug));
const named = <T extends { slug: string; name: string }>(items: T[]) =>
	[...items].sort((a, b) => compareText(fold(a.name), fold(b.name)) || compareText(a.slug, b.slug));

/** Sorts and indexes. A parent that is missing or goes in a circle ends the chain of ancestors. */
export function makeReference(rows: ReferenceRows): Reference {
	const areaBySlug = bySlug(rows.areas);
	const ancestors = (slug: string) => {
		const chain: string[] = [];
		for (let area = areaBySlug.get(slug); area && !chain.includes(area.slug); area = areaBySlug.get(area.parent ?? ''))
			chain.push(area.slug);
		return chain;
	};
	const themeBySlug = bySlug(rows.themes);
	return {
		themes: sorted(rows.themes),
		categories: sorted(rows.categories),
		areas: named(rows.areas),
		organisations: named(rows.organisations),
		datasets: sorted(rows.datasets),
		settings: { ...defaultSettings, ...rows.settings },
		themeBySlug,
		categoryBySlug: bySlug(rows.categories),
		areaBySlug,
		organisationBySlug: bySlug(rows.organisations),
		datasetBySlug: bySlug(rows.datasets),
		ancestors,
		vocabulary: makeVocabulary(rows, themeBySlug)
	};
}

/** What a word of a query says about categories and areas: slug → score. */
export interface WordMeaning {
	categories: Map<string, number>;
	areas: Map<string, number>;
}

/**
 * Labels and synonyms are looked up once per query, not indexed once per place: a renamed category costs nothing and « crèche » finds
 * the crèches that are not called so.
 */
export interface Vocabulary {
	mean(word: string, fuzzy: boolean): WordMeaning;
}

type Entry = { kind: 'category' | 'area'; slug: string; weight: number };

function makeVocabulary(rows: ReferenceRows, themes: ReadonlyMap<string, Theme>): Vocabulary {
	const terms = new SearchableMap<Entry[]>();
	const learn = (text: string, entry: Entry) => {
		for (const word of words(text)) terms.update(word, (known) => [...(known ?? []), entry]);
	};
	for (const { slug, label, synonyms, theme } of rows.categories) {
		const entry = (weight: number): Entry => ({ kind: 'category', slug, weight });
		for (const text of Object.values(label)) learn(text, entry(5));
		for (const text of Object.values(synonyms).flat()) learn(text, entry(4));
		for (const text of Object.values(themes.get(theme)?.label ?? {})) learn(text, entry(2));
	}
	for (const { slug, name } of rows.areas) learn(name, { kind: 'area', slug, weight: 3 });
	return { mean: (word, fuzzy) => meaning(terms, word, fuzzy) };
}

function meaning(terms: SearchableMap<Entry[]>, word: string, fuzzy: boolean): WordMeaning {
	const result: WordMeaning = { categories: new Map(), areas: new Map() };
	const note = (entries: Entry[], quality: number) => {
		for (const { kind, slug, weight } of entries) {
			const scores = kind === 'category' ? result.categories : result.areas;
			scores.set(slug, Math.max(scores.get(slug) ?? 0, weight * quality));
		}
	};
	if (fuzzy) {
		const limit = tolerance(word);
		if (limit > 0) for (const [entries, distance] of terms.fuzzyGet(word, limit).values()) note(entries, fuzzyQuality(distance));
	} else if (word.length < 2) note(terms.get(word) ?? [], 1);
	else for (const [found, entries] of terms.atPrefix(word)) note(entries, prefixQuality(word, found));
	return result;
}
