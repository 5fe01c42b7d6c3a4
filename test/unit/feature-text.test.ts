import { describe, expect, it } from 'vitest';
import { dayNumber, freshnessDays, freshnessOn, placeFreshness } from '../../src/lib/domain/freshness.ts';
import type { Place } from '../../src/lib/domain/place.ts';
import { systems, written } from '../../src/lib/geo/crs.ts';
import { FeatureWriter, placedFeature } from '../../src/lib/server/opendata/feature-text.ts';
import { encodeLine, placeOf } from '../../src/lib/server/published/record.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { Snapshot } from '../../src/lib/server/published/snapshot.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { nastyPlaces } from '../support/nasty-places.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const origin = 'https://carte.example';
const today = '2026-11-21';
const photo = {
	id: '11111111-2222-4333-8444-555555555555',
	alt: 'Façade "rouge"',
	licence: 'CC-BY-4.0',
	width: 1600,
	height: 900
};

/** Synthetic places, nasty ones, and some with photos. */
async function town(): Promise<{ snapshot: Snapshot; places: Place[] }> {
	const { rows, places } = nastyPlaces();
	const random = seeded(3);
	const more = Array.from({ length: 60 }, () => syntheticPlace(random, rows));
	more.slice(0, 9).forEach((place, i) => {
		place.facts.photos = i % 3 === 0 ? [{ ...photo, licence: null }] : [photo, { ...photo, licence: null }];
	});
	more[10]!.slug = 'côté-"cour"';
	const feed = new FakeFeed(rows);
	const all = [...places, ...more];
	for (const place of all) feed.put(place);
	return { snapshot: await loadSnapshot(feed, Date.now), places: all };
}

const textsOf = (view: View, system = systems[0]!, day = today) =>
	[...view.refs({})].map((ref) => {
		const writer = new FeatureWriter({ view, origin, today: day }, system, 64);
		writer.feature(ref);
		return writer.take().toString();
	});
const objectsOf = (view: View, system = systems[0]!, day = today) =>
	[...view.refs({})].map((ref) => JSON.stringify(placedFeature(ref, { view, origin, today: day }, system)));

describe('features as text', () => {
	it('are byte for byte what the objects would be, in every reference system', async () => {
		const { snapshot } = await town();
		for (const system of systems) expect(textsOf(snapshot.view, system)).toEqual(objectsOf(snapshot.view, system));
	});

	it('follow the day: what is fresh today goes stale', async () => {
		const { view } = (await town()).snapshot;
		const seen = new Set<string>();
		for (const day of ['2024-01-01', '2025-06-01', '2026-03-01', '2027-01-01', '2033-01-01']) {
			const texts = textsOf(view, systems[0], day);
			expect(texts).toEqual(objectsOf(view, systems[0], day));
			for (const text of texts) seen.add(/"freshness":"(\w+)"/.exec(text)![1]!);
		}
		expect(seen).toEqual(new Set(['fresh', 'ageing', 'stale']));
	});

	it('follow what is not of the place: a theme that moved, a category unknown here, half-lives that changed', async () => {
		const { snapshot, places } = await town();
		const { view } = snapshot;
		const [moved, unknown] = view.reference.categories;
		const categories = view.reference.categories
			.filter(({ slug }) => slug !== unknown!.slug)
			.map((one) => (one.slug === moved!.slug ? { ...one, theme: 'culture', halfLives: { phone: 'months' as const } } : one));
		const again = new Map(places.filter(({ category }) => category === moved!.slug).map((place) => [place.id, place]));
		snapshot.apply({ seq: 1, places: again, tombstones: new Map(), reference: { categories }, changes: [] });
		expect(textsOf(snapshot.view)).toEqual(objectsOf(snapshot.view));
		expect(textsOf(snapshot.view)).not.toEqual(textsOf(view));
	});

	it('say what is after a compaction, which moves lines', async () => {
		const { snapshot, places } = await town();
		const changed = { ...places[30]!, version: 9, updatedAt: '2026-11-20T08:00:00.123456+00:00' };
		snapshot.apply({ seq: 1, places: new Map([[changed.id, changed]]), tombstones: new Map(), reference: {}, changes: [] });
		await snapshot.compact();
		expect(textsOf(snapshot.view)).toEqual(objectsOf(snapshot.view));
		expect(textsOf(snapshot.view).join()).toContain('"version":9,"updated_at":"2026-11-20T08:00:00.123456+00:00"');
	});
});

describe('the line of a place', () => {
	it('gives the whole place back', async () => {
		const { places } = await town();
		for (const place of places) expect(placeOf(encodeLine(place, undefined))).toEqual(place);
	});

	it('is short of nothing when little is known', () => {
		const place = syntheticPlace(seeded(1), syntheticReference());
		const bare = {
			...place,
			...{ area: null, steward: null, updatedAt: '', createdAt: '', extra: {}, offers: [], assurances: {}, history: [] },
			facts: { ...place.facts, summary: null, description: null, audience: [], languages: [] }
		};
		expect(placeOf(encodeLine(bare, undefined))).toEqual(bare);
	});
});

describe('freshness by days', () => {
	it('is the same as when each fact is judged on its own', () => {
		const rows = syntheticReference();
		const random = seeded(8);
		for (let i = 0; i < 200; i++) {
			const place = syntheticPlace(random, rows);
			if (i % 7 === 0) delete place.assurances['phone'];
			const category = { halfLives: { phone: 'years' as const }, keyFacts: ['extra.places'] };
			const judged = i % 2 === 0 ? category : { halfLives: {}, keyFacts: [] };
			const days = freshnessDays(place, judged);
			for (const day of ['2024-02-29', '2025-01-01', '2026-11-21', '2030-12-31'])
				expect(freshnessOn(days, dayNumber(day))).toBe(placeFreshness(place, judged, day).freshness);
		}
	});
});

describe('positions', () => {
	it('are written with seven decimals at most, however they are kept', () => {
		const [degrees] = systems;
		for (const value of [-1.5536, 0.1 + 0.2, -0.00000001, 179.99999999, 47.21837654321, 2.3333333])
			expect(written(degrees!, value, value)[0] + 0).toBe(Number(value.toFixed(7)) + 0);
	});
});
