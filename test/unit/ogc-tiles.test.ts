import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOgc, origin } from '../support/ogc.ts';
import type { OgcApi } from '../support/ogc.ts';
import type { Link } from '../../src/lib/server/opendata/ogc/links.ts';

let api: OgcApi;
beforeAll(async () => {
	api = await openOgc(120, { mixed: true });
});
afterAll(() => api.stop());

interface Tileset {
	tileMatrixSetId: string;
	tileMatrixSetLimits: { tileMatrix: string; minTileRow: number; maxTileRow: number; minTileCol: number; maxTileCol: number }[];
	links: Link[];
}

const homes = ['', '/collections/places', '/collections/places-odbl'];
const tilesetOf = (home: string) => api.json<Tileset>(`${home}/tiles/WebMercatorQuad`);

/** How many places a tile stands for. */
async function placesIn(home: string, address: string): Promise<number> {
	const response = await api.get(`${home}/tiles/WebMercatorQuad/${address}`);
	if (response.status === 204) return 0;
	expect(response.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
	const layer = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer()))).layers['places']!;
	const features = Array.from({ length: layer.length }, (_, i) => layer.feature(i));
	// Those in the buffer are the neighbours'.
	const own = features.filter((feature) => {
		const { x, y } = feature.loadGeometry()[0]![0]!;
		return Math.min(x, y) >= 0 && Math.max(x, y) < layer.extent;
	});
	return own.reduce((sum, { properties: { point_count } }) => sum + Number(point_count ?? 1), 0);
}

describe('OGC API – Tiles', () => {
	it('/req/tilesets-list, /req/geodata-tilesets: the landing page and each collection lead to a list of tilesets', async () => {
		for (const home of homes) {
			const { links } = await api.json<{ links: Link[] }>(home);
			const link = links.find(({ rel, type }) => rel.endsWith('/tilesets-vector') && type === 'application/json')!;
			expect(link.href).toBe(`${origin}/ogc${home}/tiles`);
			const { tilesets } = await api.json<{ tilesets: Tileset[] }>(`${home}/tiles`);
			expect(tilesets).toHaveLength(1);
			expect(tilesets[0]).toMatchObject({
				dataType: 'vector',
				crs: 'http://www.opengis.net/def/crs/EPSG/0/3857',
				tileMatrixSetURI: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad'
			});
			// What the executable suite reads in the list itself.
			expect(tilesets[0]!.tileMatrixSetLimits[0]).toMatchObject({ tileMatrix: '0', maxTileRow: 0, minTileCol: 0 });
			expect(tilesets[0]!.links.some(({ rel, templated }) => rel === 'item' && templated)).toBe(true);
		}
	});

	it('/req/tileset/desc-links: a template with the row before the column, and the tiling scheme', async () => {
		for (const home of homes) {
			const { links } = await tilesetOf(home);
			const item = links.find(({ rel }) => rel === 'item')!;
			expect(item.href).toBe(`${origin}/ogc${home}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}`);
			expect(item.type).toBe('application/vnd.mapbox-vector-tile');
			const scheme = links.find(({ rel, type }) => rel.endsWith('/tiling-scheme') && type === 'application/json')!;
			const set = await api.json<{ tileMatrices: { id: string; matrixWidth: number }[] }>(scheme.href);
			expect(set.tileMatrices.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, zoom) => String(zoom)));
		}
	});

	it('/req/core/tc-success: each tile within the limits answers, and together they have the places of the collection', async () => {
		const odbl = api.places.filter(({ facts }) => facts.licence !== null).length;
		for (const [home, expected] of [
			['', 120 - odbl],
			['/collections/places', 120 - odbl],
			['/collections/places-odbl', odbl]
		] as const) {
			expect(await placesIn(home, '0/0/0')).toBe(expected);
			const limits = (await tilesetOf(home)).tileMatrixSetLimits[12]!;
			let sum = 0;
			for (let row = limits.minTileRow; row <= limits.maxTileRow; row++)
				for (let column = limits.minTileCol; column <= limits.maxTileCol; column++)
					sum += await placesIn(home, `12/${row}/${column}`);
			expect(sum).toBe(expected);
		}
	});

	it('/req/core/tc-error: outside the limits, outside the scheme and outside the zooms there is no tile', async () => {
		const limits = (await tilesetOf('')).tileMatrixSetLimits[10]!;
		const outside = [`10/${limits.maxTileRow + 1}/${limits.minTileCol}`, `10/${limits.minTileRow}/${limits.minTileCol - 1}`];
		for (const address of [...outside, '0/1/0', '15/0/0', '-1/0/0', 'x/0/0', '1/0/0.5'])
			expect((await api.get(`/tiles/WebMercatorQuad/${address}`)).status).toBe(404);
		expect((await api.get('/tiles/WorldCRS84Quad/0/0/0')).status).toBe(404);
		expect((await api.get('/tiles/WebMercatorQuad/0/0/0?f=png')).status).toBe(400);
	});

	it('a tile that was read already is a 304', async () => {
		const response = await api.get('/tiles/WebMercatorQuad/0/0/0');
		const known = { 'if-none-match': response.headers.get('etag')! };
		expect((await api.get('/tiles/WebMercatorQuad/0/0/0', known)).status).toBe(304);
	});
});
