import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { describedDatasets, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import { completeness, emptyOverview, percentages, watchedFacts } from '../../src/lib/domain/overview.ts';
import { overviewsOf } from '../../src/lib/server/opendata/overview.ts';
import { follow } from '../../src/lib/server/published/follow.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();
const described = { title: { fr: '', en: '' }, description: { fr: '', en: '' }, licence: 'etalab-2.0', sort: 1 };
rows.datasets.push(
	{ ...described, slug: 'nantes', area: 'nantes', theme: 'enfance' },
	{ ...described, slug: 'ville', organisation: 'ville' },
	{ ...described, slug: 'later', state: 'planned', reason: { fr: 'x', en: 'x' } }
);
const random = seeded(3);
const feed = new FakeFeed(rows);
for (let i = 0; i < 120; i++) {
	const place = syntheticPlace(random, rows);
	const facts = { ...place.facts, licence: i % 10 === 0 ? 'ODbL-1.0' : null };
	feed.put({ ...place, facts });
}
const { view } = await loadSnapshot(feed, () => 0);
const today = '2026-11-21';

it('counts of each dataset the places that its files hold, how fresh they are and what is known of them', async () => {
	const overviews = await overviewsOf({ view, today });
	for (const dataset of describedDatasets(view)) {
		const overview = overviews.get(dataset.slug);
		if (dataset.state === 'planned') {
			expect(overview).toBeUndefined();
			continue;
		}
		const places = [...view.select(selectionOf(dataset))];
		expect(overview!.places).toBe(places.length);
		expect(overview!.freshness).toEqual(
			Object.fromEntries(
				['fresh', 'ageing', 'stale'].map((level) => [
					level,
					places.filter((place) => view.freshness(place, today).freshness === level).length
				])
			)
		);
		const known = overview!.facts.find(({ fact }) => fact === 'opening_hours')!;
		expect(known.known).toBe(places.filter(({ facts }) => facts.opening_hours !== null).length);
		expect(known.fresh + known.ageing + known.stale).toBe(known.known);
		expect(overview!.facts.find(({ fact }) => fact === 'position')!.known).toBe(places.length);
		expect(overview!.modified).toBe(
			places
				.map(({ updatedAt }) => updatedAt)
				.sort()
				.at(-1)
		);
		expect(overview!.first).toBe(places.map(({ createdAt }) => createdAt.slice(0, 10)).sort()[0]);
	}
	expect(overviews.get('nantes')!.places).toBeGreaterThan(0);
	expect(overviews.get('places-odbl')!.places).toBe(12);
});

it('is counted once for a version of the map and a day', () => {
	expect(overviewsOf({ view, today })).toBe(overviewsOf({ view, today }));
	expect(overviewsOf({ view, today: '2026-11-22' })).not.toBe(overviewsOf({ view, today }));
});

it('parses after a change only what changed, also when the changes were folded in', async () => {
	const many = new FakeFeed(rows);
	for (let i = 0; i < 3000; i++) many.put(syntheticPlace(random, rows));
	const snapshot = await loadSnapshot(many, () => 0);
	const parsed = async () => {
		const parse = vi.spyOn(JSON, 'parse');
		await overviewsOf({ view: snapshot.view, today }, 10_000);
		const { length } = parse.mock.calls.filter(([text]) => text.startsWith('{"type":"Feature"'));
		parse.mockRestore();
		return length;
	};
	expect(await parsed()).toBe(3000);
	const [changed] = snapshot.view.all();
	const apply = (seq: number) => {
		const places = new Map([[changed!.id, { ...changed!, version: seq }]]);
		snapshot.apply({ seq, places, tombstones: new Map(), reference: {}, changes: [] });
	};
	apply(1);
	expect(await parsed()).toBe(1);
	await snapshot.compact();
	apply(2);
	expect(await parsed(), 'those whose lines were moved, too').toBeLessThan(300);
});

it('tells how much is known of what could be', () => {
	expect(completeness(emptyOverview())).toBe(0);
	const half = { ...emptyOverview(), places: 2 };
	for (const fact of half.facts) fact.known = 1;
	expect(half.facts).toHaveLength(watchedFacts.length);
	expect(completeness(half)).toBe(0.5);
});

it.each([
	[{ fresh: 1, ageing: 1, stale: 1 }],
	[{ fresh: 5, ageing: 0, stale: 995 }],
	[{ fresh: 1, ageing: 0, stale: 1 }],
	[{ fresh: 199, ageing: 0, stale: 1 }],
	[{ fresh: 7, ageing: 0, stale: 0 }]
])('percentages of %j add up to a hundred', (levels) => {
	const { fresh, ageing, stale } = percentages(levels);
	expect(fresh + ageing + stale).toBe(100);
	expect(Math.min(fresh, ageing, stale)).toBeGreaterThanOrEqual(0);
});

it('counts one view at a time, and gives what it counted lately while the map keeps changing', async () => {
	const rows = syntheticReference();
	const feed = new FakeFeed(rows);
	// So many that counting them takes a while: it rests four times as long.
	for (let i = 0; i < 3000; i++) feed.put(syntheticPlace(random, rows));
	const snapshot = await loadSnapshot(feed, () => 0);
	const slow = 0;
	const ask = () => overviewsOf({ view: snapshot.view, today }, slow);
	const change = async () => {
		feed.put(syntheticPlace(random, rows));
		await follow(feed, snapshot);
	};
	const first = ask();
	await change();
	expect(ask()).toBe(first);
	expect((await first).get('places')!.places).toBe(3000);
	await change();
	expect(ask()).toBe(first);
	await expect.poll(async () => (await ask()).get('places')!.places).toBe(3002);
	// Another dataset is in nothing that was counted before.
	feed.rows = { ...rows, datasets: [...rows.datasets, { ...described, slug: 'new', theme: 'culture' }] };
	feed.note('dataset', 'new', 'created');
	await follow(feed, snapshot);
	expect((await ask()).has('new')).toBe(true);
});

it('holds nothing of the map that it was counted on', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const counted = async () => {
		const other = await loadSnapshot(feed, () => 0);
		await overviewsOf({ view: other.view, today });
		return new WeakRef(other.view);
	};
	const other = await counted();
	const isHeld = () => {
		collect();
		return other.deref() !== undefined;
	};
	await expect.poll(isHeld).toBe(false);
});
