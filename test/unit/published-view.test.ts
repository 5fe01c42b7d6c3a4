import { VectorTile } from '@mapbox/vector-tile';
import fc from 'fast-check';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import { parseLocalMinute } from '../../src/lib/domain/local-time.ts';
import type { Opening } from '../../src/lib/domain/opening.ts';
import type { Place } from '../../src/lib/domain/place.ts';
import { distance } from '../../src/lib/geo/distance.ts';
import { project } from '../../src/lib/geo/tile.ts';
import type { Filters } from '../../src/lib/server/published/filters.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { NaiveView } from '../support/naive-view.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();

function places(count: number, seed: number): Place[] {
	const random = seeded(seed);
	return Array.from({ length: count }, () => syntheticPlace(random, rows));
}

const viewOf = async (list: Place[]): Promise<View> => (await loadSnapshot(new FakeFeed(rows, list), () => 0)).view;

const named = (name: string, change: Partial<Place> = {}, facts: Partial<Place['facts']> = {}): Place => {
	const place = syntheticPlace(seeded(name.length * 7 + name.charCodeAt(0)), rows);
	const empty = { summary: null, address: null, postcode: null, city: null };
	return {
		...place,
		area: null,
		category: 'parc',
		theme: 'nature',
		...change,
		facts: { ...place.facts, ...empty, name, ...facts }
	};
};

const namesFound = (view: View, q: string) => view.search(q).hits.map(({ place }) => place.facts.name);

const filters: fc.Arbitrary<Partial<Filters>> = fc.record(
	{
		q: fc.constantFrom(
			'maison',
			'creche',
			'Ludothèque',
			'rue bellamy',
			'ecole de la paix',
			'jardn',
			'nantes',
			'a',
			'44000',
			'zzzz'
		),
		theme: fc.constantFrom(...rows.themes.map(({ slug }) => slug), 'nowhere'),
		category: fc.constantFrom(...rows.categories.map(({ slug }) => slug)),
		area: fc.constantFrom(...rows.areas.map(({ slug }) => slug)),
		kind: fc.constantFrom('service' as const, 'initiative' as const),
		open: fc.constantFrom(...['2026-11-20T10:00', '2026-11-22T23:30', '2026-12-25T15:00'].map((text) => parseLocalMinute(text)!)),
		wheelchair: fc.constantFrom('yes' as const, 'limited' as const),
		cost: fc.constantFrom('free' as const, 'paid' as const),
		audience: fc.constantFrom('seniors' as const, 'families' as const, 'everyone' as const),
		language: fc.constantFrom('fr', 'fsl', 'de'),
		checked: fc.constantFrom(20_500, 20_000, 19_800),
		bbox: fc.constant([-1.6, 47.18, -1.5, 47.25] as [number, number, number, number])
	},
	{ requiredKeys: [] }
);

describe('the published view', () => {
	it('lists, filters, finds and counts like the obvious way does', async () => {
		const list = places(250, 1);
		const view = await viewOf(list);
		const known = new Map<string, Opening | null>();
		const openingOf = (place: Place, at: number) => {
			const key = `${place.id} ${at}`;
			if (!known.has(key)) known.set(key, view.opening(place, at));
			return known.get(key)!;
		};
		const naive = new NaiveView(list, rows, openingOf);
		const at = parseLocalMinute('2026-11-23T11:00')!;
		fc.assert(
			fc.property(filters, (asked) => {
				const expected = naive.list(asked);
				const found = view.list({ ...asked, limit: 500 });
				expect(found.total).toBe(expected.length);
				if (asked.q === undefined) expect(found.hits.map(({ place }) => place.id)).toEqual(expected.map(({ id }) => id));
				else expect(new Set(found.hits.map(({ place }) => place.id))).toEqual(new Set(expected.map(({ id }) => id)));
				expect(view.counts(asked, at)).toEqual(naive.counts(asked, at));
			}),
			{ numRuns: 60, seed: 7 }
		);
	});

	it('selects what a list holds, ascending by id, from any of them on, also after changes', async () => {
		const list = places(250, 5).map((place, i) => ({
			...place,
			steward: i % 3 === 0 ? 'ville' : null,
			facts: { ...place.facts, licence: [null, 'ODbL-1.0', 'etalab-2.0'][i % 3]! }
		}));
		const snapshot = await loadSnapshot(new FakeFeed(rows, list), () => 0);
		const changed = list.slice(0, 9).map((place, i) => ({ ...place, position: { lon: -1.55, lat: 47.19 + i / 100 } }));
		const gone = list.slice(9, 12).map(({ id }): [string, null] => [id, null]);
		const added = places(3, 6).map((place): [string, Place] => [place.id, place]);
		const batch = { seq: 1, tombstones: new Map(), reference: {}, changes: [] };
		snapshot.apply({ ...batch, places: new Map([...changed.map((p): [string, Place] => [p.id, p]), ...gone, ...added]) });
		const { view } = snapshot;
		fc.assert(
			fc.property(
				filters,
				fc.option(fc.uuid()),
				fc.constantFrom('ODbL-1.0', 'etalab-2.0', undefined),
				(asked, after, licence) => {
					const selection = licence === undefined ? asked : { ...asked, licence };
					const listed = view.list({ ...asked, limit: 500 }).hits.map(({ place }) => place);
					const expected = listed.filter(({ facts }) => licence === undefined || (facts.licence ?? 'etalab-2.0') === licence);
					const ids = expected.map(({ id }) => id).sort();
					const found = [...view.select(selection, after)].map(({ id }) => id);
					expect(found).toEqual(ids.filter((id) => after === null || id > after));
					expect(view.total(selection)).toBe(ids.length);
				}
			),
			{ numRuns: 60, seed: 7 }
		);
		expect([...view.select({ steward: 'ville' })].every(({ steward }) => steward === 'ville')).toBe(true);
		expect(view.total({ steward: 'ville' })).toBeGreaterThan(70);
		expect(view.licences()).toEqual(['ODbL-1.0', 'etalab-2.0']);
	});

	it('puts the nearest first, with the metres, also among the places of a word', async () => {
		const list = places(300, 2);
		const view = await viewOf(list);
		const naive = new NaiveView(list, rows);
		const near = { lon: -1.56, lat: 47.21 };
		for (const asked of [{}, { kind: 'service' as const }, { q: 'maison' }]) {
			const found = view.nearby(near, { ...asked, limit: 40 });
			expect(found.hits.map(({ place }) => place.id)).toEqual(
				naive
					.list({ ...asked, near })
					.slice(0, 40)
					.map(({ id }) => id)
			);
			for (const { place, distance: metres } of found.hits) expect(metres).toBeCloseTo(distance(near, place.position), 6);
		}
	});

	it('orders neighbours in one house by name, wherever a page ends', async () => {
		const position = { lon: -1.55, lat: 47.2 };
		const list = ['Zèbre', 'abeille', 'École', 'Mouton'].map((name) => named(name, { position }));
		const view = await viewOf(list);
		const pages = [0, 1, 2, 3].map((offset) => view.nearby(position, { limit: 1, offset }).hits[0]?.place.facts.name);
		expect(pages).toEqual(['abeille', 'École', 'Mouton', 'Zèbre']);
	});

	it('cuts a list into pages that together are the list', async () => {
		const view = await viewOf(places(57, 3));
		const all = view.list({ limit: 100 }).hits.map(({ place }) => place.id);
		const paged = [0, 20, 40].flatMap((offset) => view.list({ limit: 20, offset }).hits.map(({ place }) => place.id));
		expect(paged).toEqual(all);
	});

	it('shows the same page to whoever has counted already, and to whoever does not ask how many', async () => {
		const view = await viewOf(places(400, 12));
		const near = { lon: -1.55, lat: 47.21 };
		fc.assert(
			fc.property(filters, fc.boolean(), fc.nat(60), (chosen, close, offset) => {
				const asked = { ...chosen, ...(close ? { near } : {}), limit: 20, offset };
				const whole = view.list(asked);
				expect(view.list(asked, view.counts(asked).total)).toEqual(whole);
				expect(view.list(asked, 0).hits).toEqual(whole.hits);
			}),
			{ numRuns: 200, seed: 3 }
		);
	});

	it('counts once for all pages and places to stand of one minute, and anew for another minute or another view', async () => {
		const list = places(200, 13);
		const view = await viewOf(list);
		const [noon, night] = ['2026-11-20T12:00', '2026-11-20T23:30'].map((text) => parseLocalMinute(text)!);
		const counts = view.counts({ kind: 'service', offset: 40 }, noon);
		expect(view.counts({ near: { lon: -1.5, lat: 47.2 }, kind: 'service' }, noon)).toBe(counts);
		expect(view.counts({ kind: 'service' }, night).open).toBeLessThan(counts.open);
		expect(view.counts({ kind: 'initiative' }, noon).total).toBe(200 - counts.total);
		expect((await viewOf(list.slice(100))).counts({ kind: 'service' }, noon).total).toBeLessThan(counts.total);
	});

	it('finds a name without accents, by its beginning, and despite a slip', async () => {
		const view = await viewOf([named('Ludothèque de la Bottière'), named('Cœur de quartier')]);
		expect(namesFound(view, 'LUDOTHEQUE')).toEqual(['Ludothèque de la Bottière']);
		expect(namesFound(view, 'bott')).toEqual(['Ludothèque de la Bottière']);
		expect(namesFound(view, 'ludoteque')).toEqual(['Ludothèque de la Bottière']);
		expect(namesFound(view, 'coeur')).toEqual(['Cœur de quartier']);
		expect(view.search('ludothèque bottière').partly).toBe(false);
	});

	it('finds what has the most of the words when nothing has them all, and says so', async () => {
		const view = await viewOf([named('Ludothèque de la Bottière'), named('Cœur de quartier'), named('Cœur de ville')]);
		expect(namesFound(view, 'porter plainte à la ludothèque')).toEqual(['Ludothèque de la Bottière']);
		expect(namesFound(view, 'ville cœur ludothèque')).toEqual(['Cœur de ville']);
		expect(view.search('ville cœur ludothèque').partly).toBe(true);
		expect(view.counts({ q: 'ville cœur ludothèque' }).total).toBe(1);
		expect(view.search('zzzz wwww')).toEqual({ total: 0, hits: [], partly: false });
	});

	it('finds what a place is, not only what it is called: category, synonym, theme, area', async () => {
		const nest = named('Les Petits Loups', { category: 'creche', theme: 'enfance', area: 'nantes-zola' });
		const view = await viewOf([nest, named('Le Grand Blottereau')]);
		for (const q of ['crèche', 'halte-garderie', 'nursery', 'enfance', 'zola', 'creche zola', 'creche nantes'])
			expect(namesFound(view, q), q).toEqual(['Les Petits Loups']);
	});

	it('puts a name before a category, and a category before an address', async () => {
		const view = await viewOf([
			named('Chez Paul', {}, { address: '3 rue du Théâtre' }),
			named('Salle Vasse', { category: 'theatre', theme: 'culture' }),
			named('Théâtre 100 noms')
		]);
		expect(namesFound(view, 'théâtre')).toEqual(['Théâtre 100 noms', 'Salle Vasse', 'Chez Paul']);
	});

	it('draws every place once at the deepest zoom, where it stands', async () => {
		const list = places(200, 4);
		const view = await viewOf(list);
		const drawn = new Map<string, { x: number; y: number }>();
		const corner = (lon: number, lat: number) => Object.values(project(lon, lat)).map((part) => Math.floor(part * 2 ** 14));
		const [west, north] = corner(-1.66, 47.31) as [number, number];
		const [east, south] = corner(-1.44, 47.14) as [number, number];
		for (let x = west; x <= east; x++)
			for (let y = north; y <= south; y++) {
				for (const { properties, point } of features(view.tile(14, x, y)!)) {
					// Those in the buffer are the neighbours'.
					if (Math.min(point.x, point.y) < 0 || Math.max(point.x, point.y) >= 4096) continue;
					expect(drawn.has(String(properties.id))).toBe(false);
					drawn.set(String(properties.id), { x: (x + point.x / 4096) / 2 ** 14, y: (y + point.y / 4096) / 2 ** 14 });
				}
			}
		expect(drawn.size).toBe(list.length);
		for (const place of list) {
			const { x, y } = project(place.position.lon, place.position.lat);
			expect(drawn.get(place.id)!.x).toBeCloseTo(x, 7);
			expect(drawn.get(place.id)!.y).toBeCloseTo(y, 7);
		}
	});

	it('counts every place in one cluster at every zoom above, filtered or not', async () => {
		const list = places(300, 5);
		const view = await viewOf(list);
		for (const asked of [{}, { theme: 'enfance' }]) {
			const drawn = features(view.tile(0, 0, 0, asked)!).reduce(
				(sum, { properties }) => sum + Number(properties.point_count ?? 1),
				0
			);
			expect(drawn).toBe(view.list(asked).total);
		}
	});

	it('knows who is open before, during and after changes are folded in', async () => {
		const list = places(40, 9).map((place) => ({ ...place, facts: { ...place.facts, opening_hours: 'Mo 09:00-12:00' } }));
		const snapshot = await loadSnapshot(new FakeFeed(rows, list), () => 0);
		const [monday, tuesday] = ['2026-11-23T10:00', '2026-11-24T10:00'].map((text) => parseLocalMinute(text)!) as [number, number];
		const open = () => [monday, tuesday].map((at) => snapshot.view.list({ open: at }).total);
		expect(open()).toEqual([40, 0]);
		const moved = { ...list[3]!, facts: { ...list[3]!.facts, opening_hours: 'Tu 09:00-12:00' } };
		const batch = { seq: 1, tombstones: new Map(), reference: {}, changes: [] };
		snapshot.apply({ ...batch, places: new Map([[moved.id, moved]]) });
		expect(open()).toEqual([39, 1]);
		const before = snapshot.view;
		await snapshot.compact();
		expect(open()).toEqual([39, 1]);
		expect(before.list({ open: tuesday }).total, 'a reader who still has the former view').toBe(1);
		snapshot.apply({ ...batch, seq: 2, places: new Map([[moved.id, list[3]!]]) });
		expect(open()).toEqual([40, 0]);
	});

	it('says of each cluster how many places of each theme it holds', async () => {
		const view = await viewOf(places(300, 5));
		const clusters = features(view.tile(1, 0, 0)!).map(({ properties }) => properties);
		for (const { slug } of rows.themes) {
			const drawn = clusters.reduce((sum, one) => {
				return sum + Number(one.cluster ? (one[`count_${slug}`] ?? 0) : one.theme === slug);
			}, 0);
			expect(drawn, slug).toBe(view.list({ theme: slug }).total);
		}
		const enfance = features(view.tile(1, 0, 0, { theme: 'enfance' })!);
		for (const { properties } of enfance.filter(({ properties }) => properties.cluster))
			expect(properties).toMatchObject({ theme: 'enfance', count_enfance: properties.point_count });
	});

	it('has no tile outside the world, and no bytes where nothing is', async () => {
		const view = await viewOf(places(5, 6));
		expect(view.tile(2, 4, 0)).toBeNull();
		expect(view.tile(17, 0, 0)).toBeNull();
		expect(view.tile(1.5, 0, 0)).toBeNull();
		expect(view.tile(14, 0, 0)).toHaveLength(0);
	});

	it('gives each reader a place of her own, equal to the row', async () => {
		const [place] = places(1, 8) as [Place];
		const view = await viewOf([place]);
		expect(view.byId(place.id)).toEqual(place);
		view.byId(place.id)!.facts.name = 'changed';
		expect(view.byId(place.id)?.facts.name).toBe(place.facts.name);
		expect(view.byId('nothing')).toBeNull();
	});

	it('answers an empty territory', async () => {
		const view = await viewOf([]);
		expect(view.list({ q: 'x', near: { lon: 0, lat: 0 } })).toEqual({ total: 0, hits: [], partly: false });
		expect(view.counts({}).total).toBe(0);
		expect([...view.all()]).toEqual([]);
		expect(view.tile(0, 0, 0)).toHaveLength(0);
	});
});

function features(bytes: Uint8Array) {
	const layer = new VectorTile(new PbfReader(bytes)).layers.places;
	if (!layer) return [];
	return Array.from({ length: layer.length }, (_, i) => {
		const feature = layer.feature(i);
		return { properties: feature.properties, point: feature.loadGeometry()[0]![0]! };
	});
}
