import { VectorTile } from '@mapbox/vector-tile';
import fc from 'fast-check';
import { PbfReader } from 'pbf';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { project, unproject } from '../../src/lib/geo/tile.ts';
import type { Filters } from '../../src/lib/server/published/filters.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { Snapshot } from '../../src/lib/server/published/snapshot.ts';
import { tileIndexOf } from '../../src/lib/server/published/tile-index.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { naiveTile } from '../support/naive-tile.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();

type Address = [z: number, x: number, y: number];

function places(count: number, seed: number): Place[] {
	const random = seeded(seed);
	return Array.from({ length: count }, () => syntheticPlace(random, rows));
}

const load = (list: Place[]): Promise<Snapshot> => loadSnapshot(new FakeFeed(rows, list), () => 0);

const apply = (snapshot: Snapshot, changed: (Place | string)[]) =>
	snapshot.apply({
		seq: snapshot.view.seq + 1,
		places: new Map(changed.map((one) => (typeof one === 'string' ? [one, null] : [one.id, one]))),
		tombstones: new Map(),
		reference: {},
		changes: []
	});

const at = (place: Place, lon: number, lat: number): Place => ({ ...place, position: { lon, lat } });

/** The tile of a zoom that a place stands in. */
function tileOf({ position: { lon, lat } }: Place, z: number): Address {
	const { x, y } = project(lon, lat);
	return [z, Math.floor(x * 2 ** z), Math.floor(y * 2 ** z)];
}

/** As a reader of the format sees it. */
function decoded(bytes: Uint8Array) {
	const layer = new VectorTile(new PbfReader(bytes)).layers['places'];
	if (!layer) return null;
	const features = Array.from({ length: layer.length }, (_, i) => {
		const feature = layer.feature(i);
		return {
			properties: feature.properties,
			type: feature.type,
			at: feature
				.loadGeometry()
				.flat()
				.map(({ x, y }) => [x, y])
		};
	});
	return { version: layer.version, extent: layer.extent, features };
}

const some: fc.Arbitrary<Partial<Filters>> = fc.oneof(
	fc.constant({}),
	fc.record(
		{
			theme: fc.constantFrom('enfance', 'culture', 'nowhere'),
			kind: fc.constantFrom('service' as const, 'initiative' as const),
			area: fc.constantFrom('nantes-zola', 'nantes'),
			cost: fc.constantFrom('free' as const)
		},
		{ requiredKeys: [] }
	)
);

describe('tiles', () => {
	it('hold what a slow drawing of the same places holds, at every zoom, filtered or not, before and after changes', async () => {
		const list = places(200, 11).map((place, i) =>
			// Namesakes, neighbours in one house, and one beyond the letters of Europe.
			i % 9 === 0
				? { ...place, facts: { ...place.facts, name: ['École', '図書館 📚', '0123456789'.repeat(20)][(i / 9) % 3]! } }
				: place
		);
		list.push(at(list[0]!, -1.55, 47.2), at(list[1]!, -1.55, 47.2));
		const unique = [...new Map(list.map((place) => [place.id, place])).values()];
		const snapshot = await load(unique);
		const check = (present: Place[]) =>
			fc.assert(
				fc.property(
					fc.nat(present.length - 1),
					fc.integer({ min: 0, max: 16 }),
					some,
					fc.integer({ min: -1, max: 1 }),
					(n, z, asked, aside) => {
						const [, x, y] = tileOf(present[n]!, z);
						if (x + aside < 0 || x + aside >= 2 ** z) return;
						const { view } = snapshot;
						const kept = new Set(view.list({ ...asked, limit: 1000 }).hits.map(({ place }) => place.id));
						const expected = naiveTile(
							present.filter(({ id }) => kept.has(id)),
							[z, x + aside, y]
						);
						expect(decoded(view.tile(z, x + aside, y, asked)!)).toEqual(decoded(expected));
					}
				),
				{ numRuns: 60, seed: 3 }
			);
		check(unique);
		const moved = unique.slice(0, 30).map((place, i) => at(place, -1.6 + i / 300, 47.22));
		const gone = unique.slice(30, 40).map(({ id }) => id);
		const added = places(20, 12);
		apply(snapshot, [...moved, ...gone, ...added]);
		check([...moved, ...unique.slice(40), ...added]);
		await snapshot.compact();
		check([...moved, ...unique.slice(40), ...added]);
	});

	it('hold it also where hundreds stand close together, some of which left', async () => {
		// Three crowds in one street, so that cells of many zooms have hundreds of places and begin in the middle of others.
		const random = seeded(51);
		const crowd = places(1200, 52).map((place, i) =>
			at(place, -1.56 + (i % 3) * 0.004 + random() * 0.003, 47.21 + random() * 0.003)
		);
		const snapshot = await load(crowd);
		const check = (present: Place[]) => {
			for (const z of [0, 5, 8, 9, 10, 11, 12, 13])
				for (const address of new Set(present.filter((_, i) => i % 150 === 0).map((place) => tileOf(place, z).join()))) {
					const [, x, y] = address.split(',').map(Number) as Address;
					expect(decoded(snapshot.view.tile(z, x, y)!)).toEqual(decoded(naiveTile(present, [z, x, y])));
				}
		};
		check(crowd);
		const left = crowd.filter((_, i) => i % 5 !== 0);
		const goneIds = (still: Place[]) => crowd.filter((place) => !still.includes(place)).map(({ id }) => id);
		apply(snapshot, goneIds(left));
		check(left);
		// Of a whole crowd the easternmost alone, which is not the first of its cell.
		const last = left.toSorted((a, b) => b.position.lon - a.position.lon)[0]!;
		apply(snapshot, goneIds([last]));
		check([last]);
	});

	it('have the same bytes on a node that followed the changes and on one that starts now', async () => {
		const [before, drawn] = [places(120, 21), places(40, 22)];
		// Namesakes in one street, one of which came later.
		const after = drawn.map((place, i) => {
			const { position, facts } = before[i]!;
			return { ...place, position, facts: { ...place.facts, name: facts.name } };
		});
		const followed = await load(before);
		apply(followed, after);
		const fresh = await load([...before, ...after]);
		for (const place of [...before.slice(0, 20), ...after.slice(0, 20)])
			for (const z of [0, 9, 11, 13, 14, 16]) {
				const address = tileOf(place, z);
				expect(followed.view.tile(...address)).toEqual(fresh.view.tile(...address));
			}
	});

	it('show a place on an edge in its own tile, and in the buffer of the neighbour', async () => {
		const [one] = places(1, 31) as [Place];
		for (const z of [13, 14, 15, 16]) {
			const [, x, y] = tileOf(one, z);
			// A thousandth of a tile east of its western edge.
			const { lon, lat } = unproject((x + 0.001) / 2 ** z, (y + 0.5) / 2 ** z);
			const { view } = await load([at(one, lon, lat)]);
			const where = (column: number) => decoded(view.tile(z, column, y)!)?.features.map((feature) => feature.at[0]![0]);
			expect(where(x)).toEqual([4]);
			expect(where(x - 1)).toEqual([4100]);
			expect(where(x + 1)).toBeUndefined();
		}
	});

	it('keep of their words what they are, not what was needed to write them', async () => {
		const rows = [4, 400].map((count) => places(count, 61).map((place, i) => at(place, -1.6 + i / 1e4, 47.2)));
		for (const list of rows) {
			const { view } = await load(list);
			const [ref] = [...view.refs({})];
			const { bytes, starts } = tileIndexOf(ref!.layer.segment).texts;
			expect(bytes.buffer.byteLength).toBe(starts.at(-1));
			expect(starts).toHaveLength(list.length + 1);
		}
	});

	it('reach to zoom 16 and to the edges of the world', async () => {
		const [west, east] = places(2, 41) as [Place, Place];
		const { view } = await load([at(west, -180, 85.06), at(east, 180, -85.06)]);
		const last = 2 ** 16 - 1;
		expect(decoded(view.tile(16, 0, 0)!)?.features).toHaveLength(1);
		expect(decoded(view.tile(16, last, last)!)?.features).toHaveLength(1);
		expect(decoded(view.tile(0, 0, 0)!)?.features).toHaveLength(2);
		expect(view.tile(17, 0, 0)).toBeNull();
	});

	it('of thousands of places are whole', async () => {
		const crowd = places(1500, 51).map((place, i) => at(place, -1.55 + i / 1e6, 47.2));
		const { view } = await load(crowd);
		const address = tileOf(crowd[0]!, 14);
		expect(decoded(view.tile(...address)!)).toEqual(decoded(naiveTile(crowd, address)));
	});
});
