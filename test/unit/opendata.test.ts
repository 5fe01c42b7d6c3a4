import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { answer, etagOf, jsonBody } from '../../src/lib/server/opendata/answer.ts';
import { columns } from '../../src/lib/server/opendata/columns.ts';
import { cell, csvColumns } from '../../src/lib/server/opendata/files/csv.ts';
import { datasetOf, datasetsOf, formats, placesOf, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import { textBytes } from '../../src/lib/server/opendata/files/text.ts';
import { streamOf } from '../../src/lib/server/opendata/held.ts';
import { featureOf } from '../../src/lib/server/opendata/geojson.ts';
import type { Edition, PlaceFeature } from '../../src/lib/server/opendata/geojson.ts';
import { parseRange } from '../../src/lib/server/opendata/ranges.ts';
import { tileJson } from '../../src/lib/server/opendata/tilejson.ts';
import { modifiedOf } from '../../src/lib/server/opendata/serve.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();
const random = seeded(21);
const places = Array.from({ length: 60 }, () => syntheticPlace(random, rows)).sort((a, b) => (a.id < b.id ? -1 : 1));
let edition: Edition;

/** Promised by name in the contract. */
const promised =
	'id slug url kind theme category area steward source name summary description address postcode city precision opening_hours closures booking phone email website wheelchair audience cost languages starts_on ends_on photos offers licence version updated_at verified_at freshness assurances extra';

async function editionOf(list: Place[]): Promise<Edition> {
	const feed = new FakeFeed(rows);
	for (const place of list) feed.put(place);
	const { view } = await loadSnapshot(feed, () => 0);
	return { view, origin: 'https://carte.example', today: '2026-11-21' };
}

beforeAll(async () => {
	edition = await editionOf(places);
});

const everything = ({ view }: Edition) => datasetOf(view, 'places')!;
const textOf = (format: 'geojson' | 'geojsonl' | 'csv', of: Edition = edition) => {
	const dataset = everything(of);
	return [...formats[format].text!(placesOf(of, dataset), of, dataset)].join('');
};
const bare = (place: Place): Place => ({
	...place,
	area: null,
	steward: null,
	facts: { ...place.facts, summary: null, phone: null, audience: [], licence: null },
	assurances: {},
	extra: {}
});

describe('GeoJSON', () => {
	it('has every promised property on every place, null when unknown', async () => {
		const { view, ...rest } = await editionOf([bare(places[0]!)]);
		const [feature] = [...view.all()].map((place) => featureOf(place, { view, ...rest }));
		expect(Object.keys(feature!.properties)).toEqual(promised.split(' '));
		expect(columns.map(({ name }) => name)).toEqual(promised.split(' '));
		const empty = columns.filter(({ name }) => feature!.properties[name] === null);
		expect(empty.every(({ nullable }) => nullable)).toBe(true);
		expect(feature!.properties).toMatchObject({
			area: null,
			steward: null,
			summary: null,
			phone: null,
			audience: [],
			freshness: 'stale'
		});
		expect(feature!.properties.url).toBe(`https://carte.example/places/${places[0]!.id}/${places[0]!.slug}`);
	});

	it('reads back as the places that went in, with licence, source, date and sequence', () => {
		const file = JSON.parse(textOf('geojson')) as {
			features: PlaceFeature[];
		};
		expect(file).toMatchObject({
			type: 'FeatureCollection',
			licence: 'etalab-2.0',
			source: { name: 'Nantes', url: 'https://carte.example/data' },
			seq: 60
		});
		expect(file).toHaveProperty('date', edition.view.changedAt);
		expect(file.features).toEqual(places.map((place) => featureOf(place, edition)));
		expect(file.features[0]!.geometry.coordinates).toEqual([places[0]!.position.lon, places[0]!.position.lat]);
	});

	it('is valid with no place at all', async () => {
		const none = await editionOf([]);
		expect(JSON.parse(textOf('geojson', none))).toMatchObject({
			features: [],
			seq: 0,
			date: null
		});
	});

	it('as lines holds the same features', () => {
		const lines = textOf('geojsonl').trimEnd().split('\n');
		expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(places.map((place) => featureOf(place, edition)));
	});

	it('leaves out a place that is under another licence', async () => {
		const other = { ...places[1]!, facts: { ...places[1]!.facts, licence: 'ODbL-1.0' } };
		const own = { ...places[2]!, facts: { ...places[2]!.facts, licence: 'etalab-2.0' } };
		const mixed = await editionOf([places[0]!, other, own]);
		const idsOf = (slug: string) => [...placesOf(mixed, datasetOf(mixed.view, slug)!)].map(({ id }) => id);
		expect(idsOf('places')).toEqual([places[0]!.id, own.id]);
		expect(idsOf('places-odbl')).toEqual([other.id]);
		expect(datasetsOf(mixed.view).map(({ slug, licence }) => [slug, licence])).toEqual([
			['places', 'etalab-2.0'],
			['places-odbl', 'ODbL-1.0']
		]);
	});
});

describe('CSV', () => {
	it('reads back as the properties of the GeoJSON', () => {
		const records: Record<string, string>[] = parse(textOf('csv'), {
			columns: true
		});
		expect(Object.keys(records[0]!)).toEqual([...csvColumns]);
		expect(csvColumns.filter((name) => name !== 'lon' && name !== 'lat')).toEqual(promised.split(' '));
		records.forEach((record, i) => {
			const { properties, geometry } = featureOf(places[i]!, edition);
			expect([Number(record.lon), Number(record.lat)]).toEqual(geometry.coordinates);
			expect(record.name).toBe(properties.name);
			expect(record.phone).toBe('+33240000000');
			expect(record.audience).toBe(properties.audience?.join('|') ?? '');
			expect(JSON.parse(record.assurances!)).toEqual(properties.assurances);
			expect(record.summary).toBe(properties.summary ?? '');
		});
	});

	it('keeps any text whole, quotes, line ends and all, and lets no formula run', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (text) => {
				const odd = await editionOf([{ ...places[0]!, facts: { ...places[0]!.facts, description: text } }]);
				const [record] = parse<Record<string, string>>(textOf('csv', odd), { columns: true });
				expect(record!.description).toBe(cell(text));
				expect(cell(text).replace(/^'(?=[=+\-@\t\r])/, '')).toBe(text);
				expect(cell(text)).not.toMatch(/^[=@\t\r]/);
			}),
			{ numRuns: 60, seed: 5 }
		);
	});

	it.each([
		['=HYPERLINK("http://x")', `'=HYPERLINK("http://x")`],
		['@SUM(A1)', `'@SUM(A1)`],
		['-2+3', `'-2+3`],
		['+33 2 40 00 00 00', '+33 2 40 00 00 00'],
		[-1.5536, '-1.5536'],
		[['fr', 'en'], 'fr|en'],
		[[], ''],
		[[{ from: '2026-01-01' }], '[{"from":"2026-01-01"}]'],
		[null, ''],
		[false, 'false']
	])('writes %j as %s', (value, text) => expect(cell(value)).toBe(text));
});

describe('a text that is written while it is sent', () => {
	it('has the same bytes compressed or not', async () => {
		const dataset = everything(edition);
		const wish = { format: 'csv', edition, dataset, selection: selectionOf(dataset) } as const;
		const bytesOf = async (encoding: 'gzip' | 'identity') =>
			new Response(streamOf(Readable.from(textBytes(wish), { objectMode: false }), encoding)).bytes();
		const plain = Buffer.from(await bytesOf('identity'));
		expect(gunzipSync(await bytesOf('gzip')).equals(plain)).toBe(true);
		expect(plain.toString()).toBe(textOf('csv'));
	});
});

describe('an answer', () => {
	const ask = (headers: Record<string, string> = {}, method = 'GET', modified = Date.UTC(2026, 10, 21, 10)) =>
		answer(new Request('https://carte.example/x', { headers, method }), {
			etag: etagOf({ build: 'b', seq: 7, changedAt: null, schema: null, query: 'q' }),
			modified,
			type: 'application/json',
			body: jsonBody({ text: 'é'.repeat(2000) })
		});

	it('has a strong tag, a date, and is open to other sites', async () => {
		const { headers, status } = await ask();
		expect(status).toBe(200);
		expect(headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
		expect(headers.get('last-modified')).toBe('Sat, 21 Nov 2026 10:00:00 GMT');
		expect(headers.get('access-control-allow-origin')).toBe('*');
	});

	it('is not sent again to someone who has it', async () => {
		const tag = (await ask()).headers.get('etag')!;
		expect((await ask({ 'if-none-match': `"x", W/${tag}` })).status).toBe(304);
		expect((await ask({ 'if-none-match': '"x"' })).status).toBe(200);
		expect((await ask({ 'if-modified-since': 'Sat, 21 Nov 2026 10:00:00 GMT' })).status).toBe(304);
		expect((await ask({ 'if-modified-since': 'Sat, 21 Nov 2026 09:00:00 GMT' })).status).toBe(200);
		expect((await ask({ 'if-none-match': '"x"', 'if-modified-since': 'Sat, 21 Nov 2026 10:00:00 GMT' })).status).toBe(200);
	});

	it('is sent again to someone who has it from before a backup was brought back', async () => {
		const { view } = edition;
		const known = { 'if-modified-since': 'Sat, 21 Nov 2026 12:00:00 GMT' };
		expect((await ask(known)).status).toBe(200);
		// Since midnight nothing had changed, then as now: what is read anew has the date of its reading.
		const now = Date.UTC(2026, 10, 22, 9);
		const today = '2026-11-22';
		const restored = { settings: view.settings, changedAt: '2026-11-20T10:00:00Z', loadedAt: now - 5000 } as View;
		expect(modifiedOf({ view: { ...restored, loadedAt: 0 } as View, origin: '', today }, now)).toBe(Date.parse(today));
		expect(modifiedOf({ view: restored, origin: '', today }, now)).toBe(now - 5000);
	});

	it('has no date yet while another change may come with the same one', async () => {
		const now = Date.now();
		const fresh = await ask({ 'if-modified-since': new Date(now).toUTCString() }, 'GET', now);
		expect([fresh.status, fresh.headers.get('last-modified')]).toEqual([200, null]);
	});

	it('is compressed for those who take it, under a tag of its own', async () => {
		const packed = await ask({ 'accept-encoding': 'br, gzip' });
		expect(packed.headers.get('content-encoding')).toBe('gzip');
		expect(packed.headers.get('etag')).toMatch(/-gz"$/);
		expect(JSON.parse(gunzipSync(await packed.bytes()).toString())).toEqual({ text: 'é'.repeat(2000) });
		expect((await ask({ 'accept-encoding': 'gzip;q=0' })).headers.get('content-encoding')).toBeNull();
	});

	it('to HEAD has the headers and no body', async () => {
		const response = await ask({}, 'HEAD');
		expect(response.headers.get('content-type')).toBe('application/json');
		expect(await response.text()).toBe('');
	});

	it('has another tag for another day, sequence, moment, schema, build or query', () => {
		const base = { build: 'b', seq: 1, changedAt: '2026-11-20T10:00:00Z', schema: '1', query: 'q', day: '2026-11-21' };
		const tags = [
			base,
			{ ...base, build: 'c' },
			{ ...base, seq: 2 },
			{ ...base, changedAt: '2026-11-20T11:00:00Z' },
			{ ...base, schema: '2' },
			{ ...base, query: 'r' },
			{ ...base, day: '2026-11-22' }
		].map(etagOf);
		expect(new Set(tags).size).toBe(7);
	});
});

describe('a range of bytes', () => {
	it.each([
		['bytes=0-99', { start: 0, end: 99 }],
		['bytes=900-', { start: 900, end: 999 }],
		['bytes=990-5000', { start: 990, end: 999 }],
		['bytes=-10', { start: 990, end: 999 }],
		['bytes=-5000', { start: 0, end: 999 }],
		['bytes=1000-', 'invalid'],
		['bytes=-0', 'invalid'],
		['bytes=5-2', 'whole'],
		['bytes=0-1,5-6', 'whole'],
		['lines=1-2', 'whole'],
		['bytes=-', 'whole'],
		[null, 'whole']
	])('%s of a thousand is %j', (header, range) => expect(parseRange(header, 1000)).toEqual(range));
});

it('TileJSON says where the tiles are and what is in them', () => {
	const description = tileJson(edition.view, edition.origin);
	expect(description.tiles).toEqual(['https://carte.example/tiles/places/{z}/{x}/{y}.mvt']);
	expect(description.vector_layers.map(({ id }) => id)).toEqual(['places']);
	const [west, south, east, north] = description.bounds;
	expect(west! < -1.65 && south! < 47.15 && east! > -1.45 && north! > 47.3).toBe(true);
});
