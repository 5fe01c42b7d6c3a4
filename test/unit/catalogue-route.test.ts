import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usePublished } from '../../src/lib/server/published/instance.ts';
import { createPublished } from '../../src/lib/server/published/published.ts';
import type { Published } from '../../src/lib/server/published/published.ts';
import * as route from '../../src/routes/catalog.[format]/+server.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { Graph } from '../support/rdf.ts';
import { syntheticReference } from '../support/synthetic.ts';
import { harvest } from '../support/udata-rules.ts';

const rows = syntheticReference();
rows.datasets = rows.datasets.map((dataset) => ({ ...dataset, listed: true, identifier: 'p' }));
let published: Published;
beforeAll(async () => {
	const log = { info: () => undefined, warn: () => undefined };
	published = await usePublished(createPublished({ source: new FakeFeed(rows), dir: null, log }));
	await published.ready();
});
afterAll(() => published.stop());

type Handler = (event: never) => Promise<Response>;
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
	const url = new URL(path, 'https://carte.example');
	const format = url.pathname.slice(url.pathname.lastIndexOf('.') + 1);
	const event = { request: new Request(url, init), url, params: { format } } satisfies Partial<RequestEvent>;
	return (route.GET as Handler)(event as never);
}

describe('the address of the catalogue', () => {
	it.each([
		['/catalog.ttl', 'text/turtle; charset=utf-8'],
		['/catalog.jsonld', 'application/ld+json'],
		['/catalog.rdf', 'application/rdf+xml']
	])('%s is %s for any site’s script, to HEAD as well, and nothing for one who has it', async (path, type) => {
		const response = await ask(path);
		expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
		expect(response.headers.get('access-control-allow-origin')).toBe('*');
		const head = await ask(path, { method: 'HEAD' });
		expect([head.headers.get('content-type'), await head.text()]).toEqual([type, '']);
		const etag = response.headers.get('etag')!;
		expect((await ask(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
	});

	it('answers with what a harvester takes', async () => {
		const graph = new Graph(await (await ask('/catalog.ttl')).text());
		expect(harvest(graph, '2026-11-22T00:00:00Z')).toMatchObject({ datasets: [{ id: 'p', title: 'Lieux' }], refused: [] });
	});

	it.each([
		['/catalog.xml', 404, 'unknown_format'],
		['/catalog.toString', 404, 'unknown_format'],
		['/catalog.ttl?page=2', 404, 'unknown_page'],
		['/catalog.ttl?page=0', 400, 'invalid_parameter'],
		['/catalog.ttl?page=x', 400, 'invalid_parameter']
	])('%s is %i %s', async (path, status, code) => {
		const response = await ask(path);
		expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
	});
});
