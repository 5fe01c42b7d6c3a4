import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asked } from '../../src/lib/server/opendata/ogc/operation.ts';
import { understand } from '../../src/lib/server/opendata/ogc/ask.ts';
import { Refusal } from '../../src/lib/server/opendata/ogc/refusal.ts';
import { respondLent } from '../../src/lib/server/opendata/ogc/respond.ts';
import { now, openOgc, origin } from '../support/ogc.ts';
import type { Items, OgcApi } from '../support/ogc.ts';

let api: OgcApi;
beforeAll(async () => {
	api = await openOgc(300);
});
afterAll(() => api.stop());

async function lent(path: string, headers: Record<string, string> = {}, change: (asked: Asked) => Asked = (asked) => asked) {
	const url = new URL(`${origin}/ogc/collections/places${path}`);
	const request = { method: 'GET', headers: { get: (name: string) => headers[name] ?? null }, url };
	const edition = { view: api.view(), origin, today: '2026-11-21' };
	return respondLent(request, 'test', () => change(understand({ edition, url, format: 'json', locale: 'fr', now })));
}
const memoryOf = (answer: Awaited<ReturnType<typeof lent>>) => (answer!.body as Uint8Array).buffer;

describe('a page in lent memory', () => {
	it('is written into what an earlier one was written into, once that has left', async () => {
		const [first, second] = [await lent('/items?limit=300'), await lent('/items?limit=300')];
		expect(memoryOf(second)).not.toBe(memoryOf(first));
		const text = Buffer.from(first!.body as Uint8Array).toString();
		expect((JSON.parse(text) as Items).features).toHaveLength(300);
		first!.release();
		const third = await lent('/items?limit=299');
		expect(memoryOf(third)).toBe(memoryOf(first));
		expect(Buffer.from(second!.body as Uint8Array).toString()).toContain('"numberReturned":300');
		for (const each of [second, third]) each!.release();
	});

	it('is not lent to who gets it compressed, however long that takes', async () => {
		const before = await lent('/items?limit=300');
		before!.release();
		const packed = await lent('/items?limit=300', { 'accept-encoding': 'gzip' });
		const after = await lent('/items?limit=300');
		expect(memoryOf(after)).toBe(memoryOf(before));
		expect((JSON.parse(gunzipSync(packed!.body as Uint8Array).toString()) as Items).features).toHaveLength(300);
		packed!.release();
		expect(memoryOf(await lent('/items?limit=300'))).not.toBe(memoryOf(after));
	});

	it('that is refused is refused once: finding out takes a second and a half', async () => {
		let readings = 0;
		const refusing = (asked: Asked): Asked => ({
			...asked,
			operation: {
				...asked.operation,
				answer: (same) => ({
					...asked.operation.answer(same),
					features: () => {
						readings++;
						return Promise.reject(new Refusal(413, 'filter_too_slow', 'This takes too long.'));
					}
				})
			}
		});
		const answer = await lent('/items?filter=name%20LIKE%20%27x%25%27', {}, refusing);
		expect([answer!.status, answer!.headers['content-type'], readings]).toEqual([413, 'application/problem+json', 1]);
		expect(JSON.parse(Buffer.from(answer!.body as Uint8Array).toString())).toMatchObject({ code: 'filter_too_slow' });
	});

	it('is not for what is no page, nor for large ones', async () => {
		expect(await lent('/queryables')).toBeNull();
		expect(await lent('/items?limit=2000')).toBeNull();
		expect((await lent('/items?colour=red'))!.status).toBe(400);
	});
});
