import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFile } from '../../src/lib/server/opendata/base-file.ts';
import { usePublished } from '../../src/lib/server/published/instance.ts';
import { createPublished } from '../../src/lib/server/published/published.ts';
import type { Published } from '../../src/lib/server/published/published.ts';
import { recentLength } from '../../src/lib/server/published/snapshot.ts';
import * as search from '../../src/routes/api/search/+server.ts';
import * as areas from '../../src/routes/basemap/areas.geojson/+server.ts';
import * as file from '../../src/routes/data/[dataset].[format]/+server.ts';
import * as schema from '../../src/routes/data/[dataset]/schema.json/+server.ts';
import * as changes from '../../src/routes/data/changes/+server.ts';
import * as health from '../../src/routes/health/+server.ts';
import * as place from '../../src/routes/places/[id].geojson/+server.ts';
import * as tile from '../../src/routes/tiles/places/[z]/[x]/[y].mvt/+server.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const log = { info: () => undefined, warn: () => undefined };
const random = seeded(4);
const feed = new FakeFeed(syntheticReference());
for (let i = 0; i < 30; i++) feed.put(syntheticPlace(random, feed.rows));
const ids = [...feed.places_.keys()];
let published: Published;
const dataDir = mkdtempSync(join(tmpdir(), 'routes-'));
process.env['DATA_DIR'] = dataDir;

type Handler = (event: never) => Response | Promise<Response>;

async function get(handler: Handler, path: string, params: Record<string, string> = {}, headers: Record<string, string> = {}) {
	const url = new URL(path, 'https://carte.example');
	const locals = {} as RequestEvent['locals'];
	const event = { request: new Request(url, { headers }), url, params, locals } satisfies Partial<RequestEvent>;
	return handler(event as never);
}

const problemOf = async (response: Response) => {
	expect(response.headers.get('content-type')).toBe('application/problem+json');
	return (await response.json()) as { status: number; code: string; detail: string };
};

beforeAll(async () => {
	published = await usePublished(createPublished({ source: feed, dir: null, log, pollMs: 5 }));
	await published.ready();
});

afterAll(async () => {
	await published.stop();
	rmSync(dataDir, { recursive: true });
});

describe('before the first snapshot', () => {
	it('health says 503, and so does everything else, with when to come back', async () => {
		const away = new FakeFeed(feed.rows);
		away.mood = 'dead';
		const starting = await usePublished(createPublished({ source: away, dir: null, log }));
		const asked = await get(health.GET as Handler, '/health');
		const refused = await get(search.GET as Handler, '/api/search');
		await starting.stop();
		await usePublished(published);
		expect([asked.status, await asked.json()]).toEqual([503, { status: 'starting', database: 'down', snapshot: null }]);
		expect(refused.headers.get('retry-after')).toBe('2');
		expect((await problemOf(refused)).code).toBe('not_ready');
	});
});

describe('what machines are answered', () => {
	it('health tells the database, the number of places and how old the last look is', async () => {
		await expect.poll(() => published.status().database).toBe('up');
		const response = await get(health.GET as Handler, '/health');
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			status: 'ok',
			database: 'up',
			snapshot: { places: 30, seq: 30, age_ms: expect.any(Number) as unknown }
		});
	});

	it('the schema of a dataset’s table, whose fields are the columns of its file', async () => {
		const response = await get(schema.GET as Handler, '/data/places/schema.json', { dataset: 'places' });
		const { fields } = (await response.json()) as { fields: { name: string }[] };
		const params = { dataset: 'places', format: 'csv' };
		const [head] = (await (await get(file.GET as Handler, '/data/places.csv', params)).text()).split('\r\n');
		expect(fields.map(({ name }) => name).join(',')).toBe(head);
		expect((await get(schema.GET as Handler, '/data/none/schema.json', { dataset: 'none' })).status).toBe(404);
	});

	it('a part of a file, and 400 for a filter that there is not', async () => {
		const params = { dataset: 'places', format: 'geojson' };
		const part = await get(file.GET as Handler, '/data/places.geojson?kind=service', params);
		const { features } = (await part.json()) as { features: { properties: { kind: string } }[] };
		expect(features.length).toBeGreaterThan(5);
		expect(features.every(({ properties }) => properties.kind === 'service')).toBe(true);
		const wrong = await problemOf(await get(file.GET as Handler, '/data/places.geojson?colour=red', params));
		expect(wrong).toMatchObject({
			status: 400,
			code: 'invalid_parameter',
			detail: expect.stringContaining('wheelchair') as string
		});
	});

	it('a whole file, as an attachment, and nothing for one who has it', async () => {
		const params = { dataset: 'places', format: 'geojson' };
		const response = await get(file.GET as Handler, '/data/places.geojson', params);
		expect(response.headers.get('content-type')).toBe('application/geo+json');
		expect(response.headers.get('content-disposition')).toBe('attachment; filename="places.geojson"');
		expect(((await response.json()) as { features: unknown[] }).features).toHaveLength(30);
		const again = await get(file.GET as Handler, '/data/places.geojson', params, {
			'if-none-match': response.headers.get('etag')!
		});
		expect(again.status).toBe(304);
	});

	it('a whole file as of a day that is not to come', async () => {
		const ask = (day: string) =>
			get(file.GET as Handler, `/data/places.geojson?as_of=${day}`, { dataset: 'places', format: 'geojson' });
		const response = await ask('2026-03-01');
		expect(response.headers.get('content-disposition')).toBe('attachment; filename="places-2026-03-01.geojson"');
		expect(await response.json()).toMatchObject({ type: 'FeatureCollection', as_of: '2026-03-01', licence: 'etalab-2.0' });
		for (const day of ['', '2026-02-30', '2199-01-01'])
			expect(await problemOf(await ask(day))).toMatchObject({ status: 400, code: 'invalid_parameter' });
	});

	it('404 for a dataset or a format that is not there', async () => {
		const nothing = await problemOf(await get(file.GET as Handler, '/data/x.csv', { dataset: 'x', format: 'csv' }));
		expect(nothing).toMatchObject({ status: 404, code: 'unknown_dataset' });
		const odd = await problemOf(
			await get(file.GET as Handler, '/data/places.toString', { dataset: 'places', format: 'toString' })
		);
		expect(odd).toMatchObject({ status: 404, code: 'unknown_format' });
	});

	it('search finds nearest first, with distances, or says which parameter is wrong', async () => {
		const response = await get(search.GET as Handler, '/api/search?near=-1.55,47.2&limit=5&kind=service');
		const body = (await response.json()) as { numberMatched: number; features: { distance: number }[] };
		expect(body.features).toHaveLength(5);
		expect(body.features.map(({ distance }) => distance)).toEqual(
			body.features.map(({ distance }) => distance).sort((a, b) => a - b)
		);
		expect(await problemOf(await get(search.GET as Handler, '/api/search?near=here'))).toMatchObject({
			status: 400,
			code: 'invalid_parameter',
			detail: expect.stringContaining('near must be') as unknown
		});
	});

	it('search finds who is open, now and at a moment, anew each minute', async () => {
		const open = async (when: string) => get(search.GET as Handler, `/api/search?open=${when}&limit=500`);
		const matched = async (when: string) => ((await (await open(when)).json()) as { numberMatched: number }).numberMatched;
		const [working, night] = [await matched('2026-11-24T10:30'), await matched('2026-11-24T03:00')];
		expect(night).toBeGreaterThan(0);
		expect(working).toBeGreaterThan(night);
		expect((await open('2026-11-24T10:30')).headers.get('etag')).not.toBe((await open('2026-11-24T10:31')).headers.get('etag'));
		for (const wrong of ['soon', '2026-11-24', '2126-11-24T10:30'])
			expect(await problemOf(await open(wrong))).toMatchObject({ status: 400, code: 'invalid_parameter' });
	});

	it('a tile, 204 where nothing is, 404 outside the world', async () => {
		const ask = (z: string, x: string, y: string) => get(tile.GET as Handler, `/tiles/places/${z}/${x}/${y}.mvt`, { z, x, y });
		const world = await ask('0', '0', '0');
		expect(world.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
		expect((await world.bytes()).length).toBeGreaterThan(20);
		expect((await ask('14', '0', '0')).status).toBe(204);
		expect((await ask('0', '1', '0')).status).toBe(404);
		expect((await ask('a', '0', '0')).status).toBe(404);
	});

	it('the areas, the large ones below', async () => {
		const { features } = (await (await get(areas.GET as Handler, '/basemap/areas.geojson')).json()) as {
			features: { properties: { slug: string } }[];
		};
		expect(features[0]?.properties.slug).toBe('nantes');
		expect(features).toHaveLength(9);
	});

	it('the changes since a number: names without former values, and the places as they are', async () => {
		const body = (await (await get(changes.GET as Handler, '/data/changes?since=28')).json()) as {
			changes: object[];
			next: string;
		};
		expect(body.changes).toHaveLength(2);
		expect(Object.keys(body.changes[0]!)).toEqual([
			'seq',
			'at',
			'subject',
			'id',
			'version',
			'kind',
			'facts',
			'reason',
			'into_id',
			'state',
			'feature',
			'tombstone',
			'reload'
		]);
		expect(body.next).toBe('https://carte.example/data/changes?since=30&limit=1000');
		expect((await get(changes.GET as Handler, '/data/changes?since=x')).status).toBe(400);
		expect(await problemOf(await get(changes.GET as Handler, '/data/changes?sinse=1'))).toMatchObject({
			code: 'invalid_parameter',
			detail: expect.stringContaining('sinse') as unknown
		});
	});

	it('410 for changes that are forgotten, with the file to begin from and its number', async () => {
		const old = new FakeFeed(feed.rows);
		for (let i = 0; i < recentLength + 2; i++) old.note('settings', 'contact', 'updated');
		const started = await usePublished(createPublished({ source: old, dir: null, log }));
		await started.ready();
		const response = await get(changes.GET as Handler, '/data/changes?since=1');
		await started.stop();
		await usePublished(published);
		expect(response.headers.get('link')).toContain('<https://carte.example/data/places.geojson>; rel="start"');
		expect(await problemOf(response)).toMatchObject({
			status: 410,
			code: 'changes_forgotten',
			snapshot: { url: 'https://carte.example/data/places.geojson', seq: recentLength + 2 },
			oldest: 3
		});
	});

	it('one place; the place it was merged into; why it ended; that it never was', async () => {
		const [ended, merged, stays] = ids as [string, string, string];
		feed.take(ended, 'ended');
		feed.take(merged, 'merged', stays);
		await published.until(feed.seq, AbortSignal.timeout(5000));
		const ask = (id: string) => get(place.GET as Handler, `/places/${id}.geojson`, { id });
		expect(await (await ask(stays)).json()).toMatchObject({ type: 'Feature', id: stays, licence: 'etalab-2.0' });
		const moved = await ask(merged);
		expect([moved.status, moved.headers.get('location')]).toEqual([308, `/places/${stays}.geojson`]);
		expect(await problemOf(await ask(ended))).toMatchObject({ status: 410, code: 'place_ended' });
		expect(await problemOf(await ask('nothing'))).toMatchObject({ status: 404, code: 'unknown_place' });
	});
});

describe('a base map of one’s own', () => {
	const dir = mkdtempSync(join(tmpdir(), 'base-'));
	const path = join(dir, 'town.pmtiles');
	writeFileSync(path, '0123456789');
	const ask = (headers: Record<string, string> = {}, at: string | null = path) =>
		serveFile(new Request('https://carte.example/basemap/base.pmtiles', { headers }), at, 'application/vnd.pmtiles');
	afterAll(() => rmSync(dir, { recursive: true }));

	it('is sent in parts', async () => {
		const part = await ask({ range: 'bytes=2-4' });
		expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
		const whole = await ask();
		expect([whole.status, whole.headers.get('accept-ranges'), await whole.text()]).toEqual([200, 'bytes', '0123456789']);
	});

	it('refuses a part beyond its end, and sends all of a file that changed meanwhile', async () => {
		const beyond = await ask({ range: 'bytes=10-' });
		expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
		expect((await ask({ range: 'bytes=2-4', 'if-range': '"old"' })).status).toBe(200);
		expect((await ask({}, null)).status).toBe(404);
	});
});
