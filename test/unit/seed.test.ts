import { existsSync, readFileSync } from 'node:fs';
import * as turf from '@turf/turf';
import openingHours from 'opening_hours';
import { describe, expect, it } from 'vitest';
import { accessFacts } from '../../src/lib/domain/facts.ts';
import { themeColours } from '../../src/lib/domain/taxonomy.ts';

interface SeedOffer {
	key: string;
	category?: string;
	opening_hours?: string;
}
interface SeedPlace {
	key: string;
	area: string;
	category: string;
	name: string;
	position: { lon: number; lat: number };
	opening_hours: string | null;
	extra: Record<string, unknown>;
	steward: string | null;
	offers: SeedOffer[];
	verified_days_ago: number | null;
	method: string | null;
}
interface SeedOperation {
	fact: string;
	new?: unknown;
	add?: string[];
}
interface SeedStory {
	key: string;
	by: string;
	days_ago: number;
	kind: string;
	place?: string;
	place_key?: string;
	operations: SeedOperation[];
	decision?: { by: string; days_ago: number; outcome: string; reason_code?: string };
}
interface SeedCategory {
	slug: string;
	theme: string;
	pictogram: string;
	label: Record<string, string>;
	extra_facts: Record<string, { label: Record<string, string> }>;
	key_facts: string[];
	synonyms: Record<string, string[]>;
}

function read<T>(path: string): T {
	return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as T;
}

const taxonomy = read<{ themes: (SeedCategory & { colour: string })[]; categories: SeedCategory[] }>(
	'supabase/seed/taxonomy.json'
);
const areas = read<GeoJSON.FeatureCollection<GeoJSON.Polygon, { slug: string; level: string }>>(
	'supabase/seed/demo/areas.geojson'
);
const places = read<SeedPlace[]>('supabase/seed/demo/places.json');
const stories = read<SeedStory[]>('supabase/seed/demo/stories.json');
const organisations = read<{ slug: string }[]>('supabase/seed/demo/organisations.json');
const accounts = read<{ key: string; memberships: string[]; grants: { areas: string[] | null }[] }[]>(
	'supabase/seed/demo/accounts.json'
);
const basemap = read<GeoJSON.FeatureCollection>('static/basemap/nantes.geojson');

const categories = new Map(taxonomy.categories.map((category) => [category.slug, category]));
const quartiers = areas.features.filter((area) => area.properties.level === 'quartier');
const commune = areas.features.find((area) => area.properties.level === 'commune');
const duplicates = (keys: string[]) => keys.filter((key, index) => keys.indexOf(key) !== index);

/** Warnings of opening_hours.js, in Nantes; a value that it cannot read counts as one. */
function hoursWarnings(value: string): string[] {
	try {
		const nominatim = { lat: 47.22, lon: -1.55, address: { country_code: 'fr', state: 'Pays de la Loire' } };
		return new openingHours(value, nominatim).getWarnings();
	} catch (error) {
		return [String(error)];
	}
}

describe('the taxonomy', () => {
	it('has a dozen themes, each of another colour, and no slug twice', () => {
		expect(taxonomy.themes.map((theme) => theme.colour).sort()).toEqual([...themeColours].sort());
		expect(duplicates([...categories.keys()])).toEqual([]);
		expect(duplicates(taxonomy.categories.map((category) => category.slug))).toEqual([]);
	});

	it('names only pictograms that Maki or Temaki draw', () => {
		const folder = { maki: '@mapbox/maki', temaki: '@ideditor/temaki' } as Record<string, string>;
		const missing = [...taxonomy.themes, ...taxonomy.categories].filter(({ pictogram }) => {
			const [set = '', name] = pictogram.split(':');
			return !existsSync(new URL(`../../node_modules/${folder[set]}/icons/${name}.svg`, import.meta.url));
		});
		expect(missing).toEqual([]);
	});

	it('speaks French and English everywhere', () => {
		for (const category of taxonomy.categories) {
			const labels = [category.label, ...Object.values(category.extra_facts).map((fact) => fact.label)];
			expect(labels.every((label) => label.fr && label.en)).toBe(true);
			expect(category.synonyms.fr?.length).toBeGreaterThan(1);
			expect(category.synonyms.en?.length).toBeGreaterThan(1);
		}
	});

	it('hangs each category on a theme, and its key facts on facts that it has', () => {
		const themes = new Set(taxonomy.themes.map((theme) => theme.slug));
		for (const category of taxonomy.categories) {
			expect(themes).toContain(category.theme);
			for (const fact of category.key_facts.filter((name) => name.startsWith('extra.')))
				expect(Object.keys(category.extra_facts)).toContain(fact.slice('extra.'.length));
		}
	});
});

describe('the demo territory', () => {
	it('tiles the commune with its eleven quartiers, without gap or overlap', () => {
		expect(quartiers).toHaveLength(11);
		const whole = turf.area(commune as GeoJSON.Feature);
		const parts = quartiers.reduce((sum, quartier) => sum + turf.area(quartier), 0);
		expect(Math.abs(whole - parts)).toBeLessThan(1);
		const union = turf.union(turf.featureCollection(quartiers));
		expect(union?.geometry.coordinates).toHaveLength(1);
		expect(Math.abs(whole - turf.area(union as GeoJSON.Feature))).toBeLessThan(1);
	});

	it('puts each place inside the quartier that it says, six at least in each', () => {
		const astray = places.filter((place) => {
			const quartier = quartiers.find((area) => area.properties.slug === place.area);
			return !quartier || !turf.booleanPointInPolygon([place.position.lon, place.position.lat], quartier);
		});
		expect(astray.map((place) => place.key)).toEqual([]);
		for (const quartier of quartiers)
			expect(places.filter((place) => place.area === quartier.properties.slug).length).toBeGreaterThanOrEqual(6);
	});

	it('puts no place in a river, and each garden in the green', () => {
		const of = (layer: string) =>
			basemap.features.filter((feature) => feature.properties?.layer === layer) as GeoJSON.Feature<GeoJSON.Polygon>[];
		const inside = (place: SeedPlace, layer: string) =>
			of(layer).some((feature) => turf.booleanPointInPolygon([place.position.lon, place.position.lat], feature));
		expect(places.filter((place) => inside(place, 'water')).map((place) => place.key)).toEqual([]);
		const gardens = places.filter((place) => place.category === 'parc-jardin');
		expect(gardens.filter((place) => !inside(place, 'park')).map((place) => place.key)).toEqual([]);
	});

	it('claims no verification of a real place, and marks each invented one', () => {
		for (const place of places) {
			const invented = place.key.startsWith('ex-');
			expect(place.name.endsWith('(exemple)')).toBe(invented);
			expect(place.verified_days_ago !== null && place.method !== null).toBe(invented);
		}
		const ages = places.flatMap((place) => place.verified_days_ago ?? []);
		expect(ages.filter((days) => days < 182).length).toBeGreaterThan(5);
		expect(ages.filter((days) => days >= 182 && days < 364).length).toBeGreaterThan(5);
		expect(ages.filter((days) => days >= 364).length).toBeGreaterThan(5);
	});

	it('writes opening hours that opening_hours.js reads without a warning', () => {
		const told = stories.flatMap((story) =>
			story.operations.flatMap(({ fact, new: value }) => {
				if (fact === 'opening_hours') return [value as string];
				return fact.startsWith('offer:') ? [(value as SeedOffer).opening_hours ?? '24/7'] : [];
			})
		);
		const hours = places.flatMap((place) => [place.opening_hours, ...place.offers.map((offer) => offer.opening_hours)]);
		const wrong = [...hours, ...told].filter((value) => value && hoursWarnings(value).length > 0);
		expect(wrong).toEqual([]);
	});

	it('refers only to what exists', () => {
		expect(duplicates(places.map((place) => place.key))).toEqual([]);
		const stewards = organisations.map((organisation) => organisation.slug);
		for (const place of places) {
			expect([null, ...stewards]).toContain(place.steward);
			expect([...Object.keys(categories.get(place.category)?.extra_facts ?? {}), ...accessFacts]).toEqual(
				expect.arrayContaining(Object.keys(place.extra))
			);
			for (const offer of place.offers) expect(!offer.category || categories.has(offer.category)).toBe(true);
		}
		for (const account of accounts) {
			expect(stewards).toEqual(expect.arrayContaining(account.memberships));
			for (const slug of account.grants.flatMap((grant) => grant.areas ?? []))
				expect(quartiers.map((area) => area.properties.slug)).toContain(slug);
		}
	});

	it('gives nobody a phone or an address of the demo accounts', () => {
		const text = JSON.stringify([places, stories]);
		expect(text).not.toContain('alentour.example');
		expect(text).not.toMatch(/"(phone|email|contact_name|contact_phone)":"/);
	});

	it('tells stories in order, by known people, about known places, and leaves some to decide', () => {
		const people = accounts.map((account) => account.key);
		const known = new Set(places.map((place) => place.key));
		for (const story of stories) {
			expect(people).toContain(story.by);
			if (story.place_key) known.add(story.place_key);
			else expect(known).toContain(story.place);
			if (!story.decision) continue;
			expect(people).toContain(story.decision.by);
			expect(story.decision.by).not.toBe(story.by);
			expect(story.decision.days_ago).toBeLessThanOrEqual(story.days_ago);
			expect(story.decision.outcome === 'accept' || story.decision.reason_code).toBeTruthy();
		}
		const ages = stories.map((story) => story.days_ago);
		expect(ages).toEqual([...ages].sort((a, b) => b - a));
		expect(stories.filter((story) => !story.decision && story.by === 'habitant').length).toBeGreaterThan(3);
	});
});
