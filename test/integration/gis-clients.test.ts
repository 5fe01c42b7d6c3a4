import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesOf } from '../../src/routes/data/[dataset]/examples.ts';
import type { TestApp } from '../support/app.ts';
import { startApp, stopPostgres } from '../support/app.ts';

/** Debian's own: another one in the path does not see its modules. */
const python = '/usr/bin/python3';
const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const gdal = has('ogrinfo', '--version');
const qgis = has(python, '-c', 'import qgis.core');
const owslib = has(python, '-c', 'import owslib');

const run = promisify(execFile);
const clients = join(import.meta.dirname, '../support/clients');
const box = [-1.6, 47.19, -1.53, 47.23];

/** The open ones of the demonstration. */
const seeded = JSON.parse(readFileSync('supabase/seed/demo/datasets.json', 'utf8')) as { slug: string; state?: string }[];
const datasets = ['places', ...seeded.filter(({ state = 'open' }) => state === 'open').map(({ slug }) => slug)];

let app: TestApp;
let root: string;
let all: FeatureCollection;
let inBox: number;
beforeAll(async () => {
	app = await startApp();
	root = `${app.url}/ogc`;
	const items = async (query: string) =>
		(await (await fetch(`${root}/collections/places/items?${query}`)).json()) as FeatureCollection;
	all = await items('limit=10000');
	inBox = (await items(`limit=10000&bbox=${box.join()}`)).features.length;
	expect(inBox).toBeGreaterThan(10);
	expect(inBox).toBeLessThan(all.features.length);
});
afterAll(async () => {
	await app.stop();
	await stopPostgres();
});

const count = (kind: string) => all.features.filter(({ properties }) => properties!['kind'] === kind).length;

describe.skipIf(!gdal)('GDAL', () => {
	const ogr = async (command: string, ...args: string[]) => (await run(command, args, { maxBuffer: 1e8 })).stdout;
	const counted = (text: string) => Number(/Feature Count: (\d+)/.exec(text)?.[1]);

	it('OAPIF counts, cuts by a box and lets the server compare a property', async () => {
		const info = (...more: string[]) => ogr('ogrinfo', '-ro', '-so', ...more, '-oo', 'PAGE_SIZE=1000', `OAPIF:${root}`, 'places');
		const whole = await info();
		expect(counted(whole)).toBe(all.features.length);
		expect(whole).toContain('updated_at: DateTime');
		expect(counted(await info('-spat', ...box.map(String)))).toBe(inBox);
		expect(counted(await info('-where', "kind = 'initiative'"))).toBe(count('initiative'));
	});

	it('OAPIF follows the pages: the file that it makes has every place once', async () => {
		const file = await ogr('ogr2ogr', '-f', 'GeoJSON', '/vsistdout/', `OAPIF:${root}`, 'places', '-oo', 'PAGE_SIZE=20');
		const ids = (JSON.parse(file) as FeatureCollection).features.map(({ properties }) => String(properties!['id']));
		expect(ids.sort()).toEqual(all.features.map(({ id }) => String(id)).sort());
	});

	it('MVT reads a tile', async () => {
		const text = await ogr('ogrinfo', '-ro', '-al', '-so', `${root}/collections/places/tiles/WebMercatorQuad/0/0/0`);
		expect(text).toContain('Layer name: places');
		expect(counted(text)).toBe(1);
	});
});

describe.skipIf(!qgis)('QGIS', () => {
	it('reads the places, those of a box, draws the vector tiles, and does what the dataset’s page says', async () => {
		const { qgis } = examplesOf(app.url, 'places');
		const template = `${root}/collections/places/tiles/WebMercatorQuad/{z}/{y}/{x}`;
		const { stdout } = await run(python, [join(clients, 'qgis_client.py'), root, template, box.join(), qgis]);
		const [printed, told] = stdout.trim().split('\n').slice(-2);
		expect(Number(printed)).toBe(all.features.length);
		const found = JSON.parse(told!) as Record<string, unknown>;
		expect(found).toMatchObject({ valid: true, count: all.features.length, all: all.features.length, inBox, tilesValid: true });
		expect(found['fields']).toEqual(Object.keys(all.features[0]!.properties!));
		expect(found['drawn']).toBeGreaterThan(50);
	});
});

describe.skipIf(!owslib)('OWSLib', () => {
	it('reads the document, the collections, the places of a box and the queryables', async () => {
		const { stdout } = await run(python, [join(clients, 'owslib_client.py'), root, box.join()]);
		const found = JSON.parse(stdout) as Record<string, unknown>;
		expect(found).toMatchObject({ collections: datasets, openapi: '3.0.3', matched: inBox, item: true });
		expect(found['queryables']).toContain('wheelchair');
	});
});

describe('ogc-client, of GeoNetwork’s interface', () => {
	it('reads the collection, its places and its tilesets', async () => {
		// It takes addresses to be those of a browser's page.
		const page = globalThis as { location?: unknown };
		page.location = new URL(app.url);
		try {
			const { OgcApiEndpoint } = await import('@camptocamp/ogc-client');
			const endpoint = new OgcApiEndpoint(root);
			expect(await endpoint.featureCollections).toEqual(datasets);
			expect(await endpoint.vectorTileCollections).toEqual(datasets);
			expect(await endpoint.getCollectionInfo('places')).toMatchObject({ id: 'places', itemType: 'feature' });
			const items = await endpoint.getCollectionItems('places', 5, 10);
			expect(items.map(({ id }) => id)).toEqual(all.features.slice(10, 15).map(({ id }) => id));
		} finally {
			delete page.location;
		}
	});
});

describe('browsers', () => {
	const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
	it('/req/html/definition: every resource has a page, whose links are links', async () => {
		const paths = ['', '/', '/api', '/conformance', '/collections', '/collections/places', '/collections/places/queryables'];
		const more = [
			'/collections/places/items',
			`/collections/places/items/${String(all.features[0]!.id)}`,
			'/tiles',
			'/tileMatrixSets'
		];
		for (const path of [...paths, ...more]) {
			const page = await fetch(root + path, { headers: html });
			expect([path, page.status, page.headers.get('content-type')]).toEqual([path, 200, 'text/html']);
			expect(page.headers.get('vary')).toContain('Accept');
			const text = (await page.text()).replaceAll('&amp;', '&');
			const data = await fetch(`${root}${path}?f=json`, { headers: html });
			expect(data.headers.get('content-type')).toMatch(/json/);
			if (path.endsWith('/items')) expect(text).toMatch(/href="[^"]*cursor=[^"]*"[^>]*rel="next"/);
			const { links = [] } = (await data.json()) as { links?: { rel: string; href: string; templated?: true }[] };
			// What comes next in JSON is in JSON.
			const followed = links.filter(({ rel, templated }) => !templated && !['self', 'alternate', 'next'].includes(rel));
			for (const { href } of followed) expect([path, text.includes(`href="${href}"`)]).toEqual([path, true]);
		}
	});

	it('a wrong address or parameter is an error page, and a tile is a tile', async () => {
		for (const [path, status] of [
			['/nothing', 404],
			['/collections/places/items?limt=1', 400],
			['/collections/places/items/00000000-0000-4000-8000-000000000000', 404]
		] as const) {
			const page = await fetch(root + path, { headers: html });
			expect([page.status, page.headers.get('content-type')]).toEqual([status, 'text/html']);
		}
		const tile = await fetch(`${root}/tiles/WebMercatorQuad/0/0/0`, { headers: html });
		expect(tile.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
	});

	it('a refusal for a machine says what to do', async () => {
		const response = await fetch(`${root}/collections/places/items?limt=1`);
		expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
		expect(response.headers.get('access-control-allow-origin')).toBe('*');
		expect(await response.json()).toMatchObject({ detail: expect.stringContaining('limt is not a parameter here') as unknown });
	});
});
