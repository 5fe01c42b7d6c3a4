import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Validator } from '@seriousme/openapi-schema-validator';
import { wantedFormat } from '../../src/lib/server/opendata/ogc/ask.ts';
import { conformance } from '../../src/lib/server/opendata/ogc/conformance.ts';
import type { Link } from '../../src/lib/server/opendata/ogc/links.ts';
import { operations } from '../../src/lib/server/opendata/ogc/operations.ts';
import { openOgc, origin } from '../support/ogc.ts';
import { redoclyOf } from '../support/redocly.ts';
import type { OgcApi } from '../support/ogc.ts';

let api: OgcApi;
beforeAll(async () => {
	api = await openOgc(60, { mixed: true });
});
afterAll(() => api.stop());

interface Linked {
	links: Link[];
}
interface Document {
	servers: { url: string }[];
	paths: Record<
		string,
		{ get: { operationId: string; parameters: Parameter[]; responses: Record<string, { content?: object }> } }
	>;
	components: { parameters: Record<string, Parameter> };
}
interface Parameter {
	$ref?: string;
	name: string;
	style?: string;
	explode?: boolean;
	required?: boolean;
	schema: Record<string, unknown>;
}

const pathOf = (href: string) => href.replace(`${origin}/ogc`, '');

describe('OGC API – Features, core', () => {
	it('/req/core/root-success: the landing page, with and without a slash, leads to the document, the conformance and the data', async () => {
		for (const path of ['', '/']) {
			const response = await api.get(path);
			expect(response.status).toBe(200);
			expect(response.headers.get('content-type')).toBe('application/json');
			const { links } = (await response.json()) as Linked;
			const rels = new Set(links.map(({ rel }) => rel));
			for (const rel of ['self', 'alternate', 'service-desc', 'service-doc', 'conformance', 'data']) expect(rels).toContain(rel);
			expect(links.find(({ rel }) => rel === 'service-desc')?.type).toBe('application/vnd.oai.openapi+json;version=3.0');
		}
	});

	it('/req/core/fc-rel-type: every link of every resource has an absolute address, a relation and a type', async () => {
		const id = api.places[1]!.id;
		for (const { path } of operations.filter(({ schema }) => schema !== null && schema !== 'document')) {
			const asked = path
				.replace('{collectionId}', 'places')
				.replace('{featureId}', id)
				.replace('{tileMatrixSetId}', 'WebMercatorQuad');
			const response = await api.get(asked);
			expect([asked, response.status]).toEqual([asked, 200]);
			const { links } = (await response.json()) as Linked;
			expect(links.some(({ rel }) => rel === 'self')).toBe(true);
			for (const { href, rel, type } of links) {
				expect(href).toMatch(/^https:\/\//);
				expect(rel).not.toBe('');
				expect(type).not.toBe('');
			}
		}
	});

	it('every link of the API leads somewhere', async () => {
		const seen = new Set<string>();
		const waiting = [''];
		while (waiting.length > 0) {
			const path = waiting.pop()!;
			const bare = path.split('?')[0]!;
			if (seen.has(bare)) continue;
			seen.add(bare);
			const response = await api.get(bare);
			expect([bare, response.status]).toEqual([bare, 200]);
			if (!response.headers.get('content-type')?.includes('json')) continue;
			const links = [...JSON.stringify(await response.json()).matchAll(/"href":"(https:\/\/carte\.example\/ogc[^"{]*)"/g)];
			waiting.push(...links.map(([, href]) => pathOf(href!)));
		}
		expect(seen.size).toBeGreaterThan(15);
	});

	it('/req/core/conformance-success: the classes are URIs and the core is among them', async () => {
		const { conformsTo } = await api.json<{ conformsTo: string[] }>('/conformance');
		expect(conformsTo).toEqual(conformance);
		expect(conformsTo).toContain('http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core');
		expect(conformsTo).toContain('http://www.opengis.net/spec/cql2/1.0/conf/cql2-text');
		expect(new Set(conformsTo).size).toBe(conformsTo.length);
		for (const uri of conformsTo) expect(uri).toMatch(/^http:\/\/www\.opengis\.net\/spec\/[\w.-]+\/\d\.\d\/conf\/[\w-]+$/);
	});

	it('/req/core/fc-md-success: each dataset is a collection, described alike in the list and by itself', async () => {
		const { collections } = await api.json<{ collections: (Record<string, unknown> & Linked)[] }>('/collections');
		expect(collections.map(({ id }) => id)).toEqual(['places', 'places-odbl']);
		for (const listed of collections) {
			const own = await api.json<Record<string, unknown> & Linked>(`/collections/${String(listed['id'])}`);
			for (const member of ['id', 'title', 'description', 'extent', 'itemType', 'crs', 'storageCrs'])
				expect(own[member]).toEqual(listed[member]);
			const hrefs = own.links.map(({ rel, href }) => `${rel} ${href}`);
			for (const { rel, href } of listed.links) expect(hrefs).toContain(`${rel} ${href}`);
			expect(own.links.some(({ rel, type }) => rel === 'items' && type === 'application/geo+json')).toBe(true);
		}
	});

	it('/req/core/fc-md-extent: the extent has all the places of the collection in it', async () => {
		const { extent } = await api.json<{ extent: { spatial: { bbox: [number, number, number, number][] } } }>(
			'/collections/places'
		);
		const [west, south, east, north] = extent.spatial.bbox[0]!;
		const own = api.places.filter(({ facts }) => facts.licence === null).map(({ position }) => position);
		expect([west, east]).toEqual([Math.min(...own.map(({ lon }) => lon)), Math.max(...own.map(({ lon }) => lon))]);
		expect([south, north]).toEqual([Math.min(...own.map(({ lat }) => lat)), Math.max(...own.map(({ lat }) => lat))]);
	});

	it.each([
		['/nothing', 404, 'unknown_resource'],
		['/collections/nothing', 404, 'unknown_collection'],
		['/collections/nothing/items', 404, 'unknown_collection'],
		['/collections/places/items/00000000-0000-4000-8000-000000000000', 404, 'unknown_feature'],
		['/collections/places/items?limt=1', 400, 'invalid_parameter'],
		['/conformance?limit=1', 400, 'invalid_parameter']
	])('%s is refused with %d, as RFC 9457 and the first edition say', async (path, status, code) => {
		const response = await api.get(path);
		expect(response.headers.get('content-type')).toBe('application/problem+json');
		const body = (await response.json()) as Record<string, unknown>;
		expect([response.status, body['status'], body['code']]).toEqual([status, status, code]);
		expect(body['description']).toBe(body['detail']);
	});
});

describe('OpenAPI 3.0', () => {
	const document = () => api.json<Document>('/api');

	it('/req/oas30/oas-definition-2: the document is valid', async () => {
		const response = await api.get('/api', { accept: 'application/vnd.oai.openapi+json;version=3.0' });
		expect(response.headers.get('content-type')).toBe('application/vnd.oai.openapi+json;version=3.0');
		expect(await new Validator().validate((await response.json()) as Record<string, unknown>)).toMatchObject({ valid: true });
	});

	it('Redocly finds nothing to say about it, and does about another', async () => {
		const sound = await document();
		expect(redoclyOf(sound)).toEqual([]);
		const broken = { ...sound, servers: [], security: undefined };
		expect(new Set(redoclyOf(broken))).toEqual(new Set(['security-defined', 'no-empty-servers']));
	});

	it('/req/oas30/oas-impl: it has every operation, under the address it is at', async () => {
		const { paths, servers } = await document();
		expect(servers).toEqual([{ url: `${origin}/ogc` }]);
		expect(Object.keys(paths)).toEqual(operations.map(({ path }) => path));
		const ids = Object.values(paths).map(({ get }) => get.operationId);
		expect(new Set(ids).size).toBe(ids.length);
		for (const id of ['dataset', 'collection'].flatMap((kind) => [`${kind}.vector.getTileSetsList`, `${kind}.vector.getTile`]))
			expect(ids).toContain(id);
	});

	it('/req/oas30/exceptions-codes: it says which statuses there may be', async () => {
		const { paths } = await document();
		const items = paths['/collections/{collectionId}/items']!.get;
		expect(Object.keys(items.responses).sort()).toEqual(['200', '304', '400', '404', '413', '503']);
		expect(Object.keys(items.responses['200']!.content!)).toEqual(['application/geo+json', 'text/html']);
	});

	it('/req/core/fc-limit-definition, -bbox-definition, -time-definition: the parameters are described as the suite wants them', async () => {
		const { paths, components } = await document();
		const names = paths['/collections/{collectionId}/items']!.get.parameters.map(
			({ $ref, name }) => $ref?.split('/').at(-1) ?? name
		);
		expect(names).toEqual(expect.arrayContaining(['f', 'limit', 'bbox', 'bbox-crs', 'datetime', 'crs', 'filter', 'kind']));
		const { limit, bbox, datetime } = components.parameters as Record<string, Parameter>;
		expect(limit).toMatchObject({ required: false, style: 'form', explode: false });
		expect(limit!.schema).toEqual({ type: 'integer', minimum: 1, maximum: 10_000, default: 100 });
		expect(bbox).toMatchObject({ required: false, style: 'form', explode: false });
		expect(bbox!.schema).toEqual({ type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } });
		expect(datetime).toMatchObject({ required: false, style: 'form', explode: false, schema: { type: 'string' } });
	});
});

describe('which encoding', () => {
	const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
	it.each([
		['/ogc', null, 'json'],
		['/ogc', '*/*', 'json'],
		['/ogc', 'application/json', 'json'],
		['/ogc', browser, 'page'],
		['/ogc/', browser, 'page'],
		['/ogc/collections/places/items', 'application/geo+json, application/json', 'json'],
		['/ogc/collections/places/items', 'text/html;q=0.5, application/geo+json', 'json'],
		['/ogc/collections/places/items?f=json', browser, 'json'],
		['/ogc/collections?f=html', '*/*', 'page'],
		['/ogc/tiles/WebMercatorQuad/0/0/0', browser, 'json'],
		['/ogc/nothing', browser, 'page']
	])('%s with Accept %s is %s', (path, accept, expected) => {
		expect(wantedFormat(new URL(path, origin), accept)).toBe(expected);
	});
});
