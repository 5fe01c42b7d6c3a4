import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxIn, inBox } from '../../src/lib/geo/crs-box.ts';
import { crsOf, systems, written } from '../../src/lib/geo/crs.ts';
import type { Place } from '../../src/lib/domain/place.ts';
import { propertiesOf } from '../../src/lib/server/opendata/geojson.ts';
import { limit } from '../../src/lib/server/opendata/ogc/parameters.ts';
import { queryables } from '../../src/lib/server/opendata/ogc/queryables.ts';
import { read } from '../../src/lib/server/opendata/ogc/schema.ts';
import { readerOf } from '../../src/lib/server/opendata/ogc/values.ts';
import { openOgc, origin } from '../support/ogc.ts';
import type { Items, OgcApi } from '../support/ogc.ts';

let api: OgcApi;
let own: Place[];
beforeAll(async () => {
	api = await openOgc(250, { mixed: true });
	own = api.places.filter(({ facts }) => facts.licence === null).sort((a, b) => (a.id < b.id ? -1 : 1));
});
afterAll(() => api.stop());

const epsg = (code: number) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const items = (query: Record<string, string | number> = {}, collection = 'places') => {
	const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
	return api.json<Items>(`/collections/${collection}/items?${text.toString()}`);
};
const idsOf = ({ features }: Items) => features.map(({ id }) => id);
/** How many, which the answer says too. */
async function count(query: Record<string, string | number>): Promise<number> {
	const found = await items({ ...query, limit: 10_000 });
	expect(found.numberMatched).toBe(found.features.length);
	expect(found.numberReturned).toBe(found.features.length);
	return found.features.length;
}
const status = async (query: string) => (await api.get(`/collections/places/items?${query}`)).status;
const detail = async (query: string) => (await api.json<{ detail: string }>(`/collections/places/items?${query}`)).detail;

describe('the places of a collection', () => {
	it('/req/core/fc-response: those of its licence and no others, with all their properties', async () => {
		const { type, features, timeStamp } = await items({ limit: 1000 });
		expect(type).toBe('FeatureCollection');
		expect(features.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
		expect(new Date(timeStamp).toISOString()).toBe(timeStamp);
		const edition = { view: api.view(), origin, today: '2026-11-21' };
		expect(features[0]!.properties).toEqual(propertiesOf(own[0]!, edition));
		const keys = new Set(features.map(({ properties }) => Object.keys(properties).join()));
		expect(keys.size).toBe(1);
		const others = await items({ limit: 1000 }, 'places-odbl');
		expect(others.features).toHaveLength(250 - own.length);
	});

	it('/req/core/fc-limit-response-1: never more than the limit, and above the maximum the maximum', async () => {
		expect((await items({ limit: 7 })).features).toHaveLength(7);
		expect((await items({})).features).toHaveLength(100);
		expect((await items({ limit: 99_999 })).features).toHaveLength(own.length);
		expect(read('limit', limit.schema, '99999')).toBe(10_000);
	});

	it('/rec/core/next: following the next links gives every place once, and keeps the other parameters', async () => {
		const seen: unknown[] = [];
		let path: string | undefined = '/collections/places/items?limit=30&kind=service';
		while (path) {
			const page: Items = await api.json<Items>(path);
			seen.push(...idsOf(page));
			expect(page.numberMatched).toBe(own.filter(({ kind }) => kind === 'service').length);
			path = page.links.find(({ rel }) => rel === 'next')?.href;
			if (path) expect(path).toContain('limit=30&kind=service&cursor=');
		}
		expect(seen).toEqual(own.filter(({ kind }) => kind === 'service').map(({ id }) => id));
	});

	it('pages neither repeat nor leave out a place while another one leaves the map', async () => {
		const town = await openOgc(40, { seed: 5 });
		const first = await town.json<Items>('/collections/places/items?limit=20');
		town.feed.take(String(first.features[3]!.id), 'ended');
		await town.caughtUp();
		const second = await town.json<Items>(first.links.find(({ rel }) => rel === 'next')!.href);
		expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(40);
		await town.stop();
	});

	it('offset leaves out as many, for clients without a cursor', async () => {
		const all = idsOf(await items({ limit: 50 }));
		const page = await items({ limit: 10, offset: 25 });
		expect(idsOf(page)).toEqual(all.slice(25, 35));
		const next = page.links.find(({ rel }) => rel === 'next')!.href;
		expect(idsOf(await api.json<Items>(next))).toEqual(all.slice(35, 45));
		const tested = await items({ limit: 10, offset: 5, city: 'Nantes' });
		expect(idsOf(tested)).toEqual(all.slice(5, 15));
	});

	it('/req/core/fc-bbox-response: those in the box, also over the antimeridian and to the poles', async () => {
		const inside = own.filter(({ position: { lon, lat } }) => lon >= -1.6 && lon <= -1.55 && lat >= 47.2 && lat <= 47.25);
		expect(inside.length).toBeGreaterThan(5);
		expect(await count({ bbox: '-1.6,47.2,-1.55,47.25' })).toBe(inside.length);
		expect(await count({ bbox: '-1.6,47.2,0,-1.55,47.25,100' })).toBe(inside.length);
		expect(await count({ bbox: '177,65,-177,70' })).toBe(0);
		expect(await count({ bbox: '177,-90,176,90' })).toBe(own.length);
		expect(await count({ bbox: '-180,85,180,90' })).toBe(0);
	});

	it.each(['limit=unlimited', 'limit=0', 'limit=-1', 'limit=1.5', 'limit=', 'limit=1&limit=2', 'bbox=1,2,3', 'bbox=1,2,3,4,5'])(
		'/req/core/query-param-invalid: %s is refused, and the answer names the parameter',
		async (query) => {
			expect(await status(query)).toBe(400);
			expect(await detail(query)).toMatch(new RegExp(`^${query.split('=')[0]} `));
		}
	);
	it.each([
		'bbox=-1,48,1,47',
		'bbox=-200,0,0,1',
		'bbox=a,b,c,d',
		'bbox=0,0,0,91',
		'cursor=abc',
		'cursor=',
		'offset=-1',
		'kind=town'
	])('/req/core/query-param-invalid: %s too', async (query) => {
		expect(await status(query)).toBe(400);
	});

	it('/req/core/fc-time-response: by the time of the last change, instants, days and intervals with open ends', async () => {
		const between = (from: string, to: string) => own.filter(({ updatedAt }) => updatedAt >= from && updatedAt <= to).length;
		const [first] = own;
		expect(await count({ datetime: first!.updatedAt })).toBe(
			own.filter(({ updatedAt }) => updatedAt === first!.updatedAt).length
		);
		expect(await count({ datetime: '2025-01-01T00:00:00Z/2025-12-31T23:59:59Z' })).toBe(between('2025-01-01', '2026'));
		expect(await count({ datetime: '2025-01-01T00:00:00Z/..' })).toBe(between('2025-01-01', '3'));
		expect(await count({ datetime: '/2025-01-01T00:00:00Z' })).toBe(between('0', '2025-01-01'));
		expect(await count({ datetime: first!.updatedAt.slice(0, 10) })).toBeGreaterThan(0);
		for (const wrong of [
			'../..',
			'2025',
			'now',
			'2026-01-01T00:00:00Z/2025-01-01T00:00:00Z',
			'2025-02-30/P2D',
			'2026-02-31',
			'2025-02-29T10:00:00Z',
			'2025-01-01/2025-04-31'
		])
			expect(await status(`datetime=${wrong}`)).toBe(400);
	});

	it('an answer that was read already is a 304, and HEAD says what GET would', async () => {
		const response = await api.get('/collections/places/items?limit=5');
		const tag = response.headers.get('etag')!;
		expect((await api.get('/collections/places/items?limit=5', { 'if-none-match': tag })).status).toBe(304);
		expect((await api.get('/collections/places/items?limit=6', { 'if-none-match': tag })).status).toBe(200);
		const head = await api.get('/collections/places/items?limit=5', {}, 'HEAD');
		expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, tag, '']);
		expect(response.headers.get('access-control-allow-origin')).toBe('*');
		expect(response.headers.get('vary')).toContain('Accept');
		const zipped = await api.get('/collections/places/items?limit=5', { 'accept-encoding': 'gzip' });
		expect(zipped.headers.get('content-encoding')).toBe('gzip');
	});
});

describe('one place', () => {
	it('/req/core/f-success, f-links: the feature under its id, with links to itself and its collection', async () => {
		const { id } = own[4]!;
		const response = await api.get(`/collections/places/items/${id.toUpperCase()}`);
		expect(response.headers.get('content-type')).toBe('application/geo+json');
		const feature = (await response.json()) as Items['features'][0] & Pick<Items, 'links'>;
		expect(feature).toMatchObject({ type: 'Feature', id, geometry: { type: 'Point' } });
		expect(new Set(feature.links.map(({ rel }) => rel))).toEqual(new Set(['self', 'alternate', 'collection']));
	});

	it('is not in another collection; one that left says so, a merged one leads to what it became', async () => {
		const town = await openOgc(12, { mixed: true, seed: 9 });
		const [odbl, ended, merged, kept] = town.places.map(({ id }) => id) as [string, string, string, string];
		expect((await town.get(`/collections/places/items/${odbl}`)).status).toBe(404);
		town.feed.take(ended, 'ended');
		town.feed.take(merged, 'merged', kept);
		await town.caughtUp();
		expect((await town.get(`/collections/places/items/${ended}`)).status).toBe(410);
		const moved = await town.get(`/collections/places/items/${merged}?f=json`);
		expect([moved.status, moved.headers.get('location')]).toEqual([308, `${origin}/ogc/collections/places/items/${kept}?f=json`]);
		await town.stop();
	});
});

describe('Part 2: coordinate reference systems', () => {
	it('/req/crs/ogc-crs-header: the answer says its system, CRS84 unless asked otherwise', async () => {
		const { id } = own[0]!;
		for (const path of ['/collections/places/items', `/collections/places/items/${id}`]) {
			expect((await api.get(path)).headers.get('content-crs')).toBe(`<${systems[0]!.uri}>`);
			for (const { uri } of systems)
				expect((await api.get(`${path}?crs=${encodeURIComponent(uri)}`)).headers.get('content-crs')).toBe(`<${uri}>`);
			expect((await api.get(`${path}?crs=http://www.opengis.net/def/crs/0/unsupported`)).status).toBe(400);
		}
	});

	it('/req/crs/fc-crs-action: coordinates are transformed, axes in the order of the system', async () => {
		const { lon, lat } = own[0]!.position;
		const at = async (code: number) => (await items({ limit: 1, crs: epsg(code) })).features[0]!.geometry.coordinates;
		expect(await at(4326)).toEqual([lat, lon]);
		expect(await at(2154)).toEqual(written(crsOf(epsg(2154))!, lon, lat));
	});

	// By PROJ 9.1: echo "47.2184 -1.5536" | gdaltransform -s_srs EPSG:4326 -t_srs EPSG:2154
	it.each([
		[2154, 355577.802, 6689723.103],
		[3857, -172945.961, 5977795.656],
		[3947, 1355306.36, 6234298.856]
	])('EPSG:%d agrees with PROJ to the millimetre', (code, x, y) => {
		expect(written(crsOf(epsg(code))!, -1.5536, 47.2184)).toEqual([x, y]);
	});

	it.each(systems.map(({ uri }) => uri))('/req/crs/fc-bbox-crs-action: a box in %s finds the same places', async (uri) => {
		const system = crsOf(uri)!;
		const corner = (lon: number, lat: number) => system.fromLonLat(lon, lat);
		const box = [...corner(-1.6, 47.2), ...corner(-1.55, 47.25)];
		const [a1, b1, a2, b2] = box as [number, number, number, number];
		const inside = ({ position: { lon, lat } }: Place) => {
			const [a, b] = corner(lon, lat);
			return a >= a1 && a <= a2 && b >= b1 && b <= b2;
		};
		const expected = own.filter(inside).map(({ id }) => id);
		const found = await items({ bbox: box.join(','), 'bbox-crs': uri, limit: 1000 });
		expect(idsOf(found)).toEqual(expected);
		expect(expected.length).toBeGreaterThan(5);
		expect(await status('bbox=0,0,1,1&bbox-crs=http://www.opengis.net/def/crs/0/unsupported')).toBe(400);
	});

	it('a map of the whole world may ask for a little more than the world', () => {
		const world = boxIn(crsOf(epsg(3857))!, [-20_048_966, -20_048_966, 20_048_966, 20_048_966]);
		expect(inBox(world!, 179.9, 80)).toBe(true);
		expect(inBox(world!, -1.55, 47.2)).toBe(true);
	});
});

describe('Part 3: filtering', () => {
	const where = (text: string, more: Record<string, string> = {}) => count({ filter: text, ...more });

	it('/req/queryables/get-queryables-response: a JSON Schema of simple properties and one geometry', async () => {
		const response = await api.get('/collections/places/queryables?f=json');
		expect(response.headers.get('content-type')).toBe('application/schema+json');
		const schema = (await response.json()) as { properties: Record<string, Record<string, unknown>> };
		expect(schema).toMatchObject({
			$schema: 'https://json-schema.org/draft/2020-12/schema',
			$id: `${origin}/ogc/collections/places/queryables`,
			type: 'object',
			additionalProperties: false
		});
		expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(queryables).sort());
		for (const [name, property] of Object.entries(schema.properties))
			expect(Object.hasOwn(property, 'type')).toBe(name !== 'geometry');
	});

	it('each queryable has the value that the feature has', () => {
		const edition = { view: api.view(), origin, today: '2026-11-21' };
		const place = api.view().byId(own[0]!.id)!;
		const valueOf = readerOf(place, edition);
		const properties = propertiesOf(place, edition) as Record<string, unknown>;
		for (const name of Object.keys(queryables).filter((one) => one !== 'geometry'))
			expect(valueOf(name)).toEqual(properties[name]);
	});

	it('/req/queryables-query-parameters: each is a parameter too, and means equality', async () => {
		const same = (name: 'kind' | 'theme' | 'area' | 'steward', value: string) =>
			own.filter((place) => place[name] === value).length;
		expect(await count({ kind: 'service' })).toBe(same('kind', 'service'));
		expect(await count({ theme: 'culture', kind: 'initiative' })).toBeLessThan(same('theme', 'culture'));
		expect(await count({ area: 'nantes' })).toBe(0);
		expect(await count({ area: 'nantes-zola' })).toBe(same('area', 'nantes-zola'));
		expect(await count({ steward: 'ville' })).toBe(same('steward', 'ville'));
		expect(await count({ steward: '' })).toBe(0);
		expect(await count({ wheelchair: 'limited' })).toBe(own.filter(({ facts }) => facts.wheelchair === 'limited').length);
		expect(await count({ version: 3, city: 'Nantes' })).toBe(own.length);
		expect(await count({ updated_at: own[0]!.updatedAt.replace('Z', '+00:00') })).toBeGreaterThan(0);
		expect(await count({ id: own[0]!.id })).toBe(1);
		expect(await status('audience=everyone')).toBe(400);
		expect(await status('starts_on=2026-02-31')).toBe(400);
	});

	it('/req/features-filter/filter-param: CQL2 narrows, together with the other parameters', async () => {
		const services = await count({ kind: 'service' });
		expect(await where("kind = 'service'")).toBe(services);
		expect(await where("kind = 'service'", { 'filter-lang': 'cql2-text' })).toBe(services);
		const json = { op: '=', args: [{ property: 'kind' }, 'service'] };
		expect(await where(JSON.stringify(json), { 'filter-lang': 'cql2-json' })).toBe(services);
		const both = await where("kind = 'service'", { bbox: '-1.6,47.2,-1.55,47.25' });
		expect(both).toBe(await count({ kind: 'service', bbox: '-1.6,47.2,-1.55,47.25' }));
		expect(await where("A_CONTAINS(audience, ('seniors'))")).toBe(
			own.filter(({ facts }) => facts.audience.includes('seniors')).length
		);
		// Unknown is not the same as different.
		expect(await where("NOT (steward = 'ville')")).toBe(0);
		expect(await where('steward IS NULL')).toBe(own.filter(({ steward }) => steward === null).length);
	});

	it('/req/filter/filter-crs: geometries of the filter are CRS84, or as filter-crs says', async () => {
		const expected = await count({ bbox: '-1.6,47.2,-1.55,47.25' });
		expect(await where('S_INTERSECTS(geometry, BBOX(-1.6,47.2,-1.55,47.25))')).toBe(expected);
		expect(await where('S_INTERSECTS(geometry, BBOX(47.2,-1.6,47.25,-1.55))', { 'filter-crs': epsg(4326) })).toBe(expected);
		const mercator = crsOf(epsg(3857))!;
		const box = [...mercator.fromLonLat(-1.6, 47.2), ...mercator.fromLonLat(-1.55, 47.25)].join(',');
		expect(await where(`S_INTERSECTS(geometry, BBOX(${box}))`, { 'filter-crs': epsg(3857) })).toBe(expected);
		expect(await status("filter=kind='service'&filter-crs=http://www.opengis.net/def/crs/0/unsupported")).toBe(400);
	});

	it.each(['filter=kind', 'filter=nothing=1', 'filter=', 'filter-lang=sql', "filter=kind='service'&filter-lang=cql2-json"])(
		'/req/filter/response: %s is refused',
		async (query) => {
			expect(await status(query)).toBe(400);
		}
	);

	it('a filter that nothing could finish is cut off, with what helps', async () => {
		const { readPage } = await import('../../src/lib/server/opendata/ogc/reading.ts');
		const reading = { view: api.view(), selection: {}, accepts: () => false };
		const page = await readPage(reading, { after: null, skip: 0, limit: 10 }, performance.now() - 1);
		expect(page).toMatchObject({ places: [], whole: false });
	});
});
