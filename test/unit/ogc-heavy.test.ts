import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { heldBody } from '../../src/lib/server/opendata/held.ts';
import { openOgc } from '../support/ogc.ts';
import type { Items, OgcApi } from '../support/ogc.ts';

const path = '/collections/places/items?limit=2000';
let api: OgcApi;
beforeAll(async () => {
	api = await openOgc(1500);
});
afterAll(() => api.stop());
afterEach(() => vi.useRealTimers());

const settled = async (promise: Promise<unknown>) => {
	for (let i = 0; i < 20; i++) await turn();
	return Promise.race([promise.then(() => true), turn().then(() => false)]);
};

describe('large pages', () => {
	it('are the same text as small ones, plain and compressed', async () => {
		const all = await api.json<Items>(path);
		expect(all.features).toHaveLength(1500);
		const first = await api.json<Items>('/collections/places/items?limit=1000');
		expect(all.features.slice(0, 1000)).toEqual(first.features);
		const zipped = await api.get(path, { 'accept-encoding': 'gzip' });
		expect(zipped.headers.get('content-encoding')).toBe('gzip');
		const text = gunzipSync(Buffer.from(await zipped.arrayBuffer())).toString();
		expect((JSON.parse(text) as Items).features).toEqual(all.features);
	});

	it('who reads nothing keeps a turn for two minutes, and no longer', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const [one, two] = [await api.get(path), await api.get(path)];
		const third = api.get(path);
		expect(await settled(third)).toBe(false);
		vi.advanceTimersByTime(119_000);
		expect(await settled(third)).toBe(false);
		vi.advanceTimersByTime(2000);
		expect((await third).status).toBe(200);
		await expect(one.text()).rejects.toThrow('in time');
		await expect(two.text()).rejects.toThrow('in time');
		expect(((await (await third).json()) as Items).features).toHaveLength(1500);
	});

	it('who hangs up gives the turn back, and the queue ends with 503', async () => {
		const held = [await api.get(path), await api.get(path)];
		const waiting = Array.from({ length: 20 }, () => api.get(path));
		const refused = await api.get(path);
		expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
		await Promise.all(held.map((response) => response.body!.cancel()));
		for (const each of waiting) await (await each).body!.cancel();
		expect(((await (await api.get(path)).json()) as Items).features).toHaveLength(1500);
	});

	it('what is known already, and HEAD, take no turn', async () => {
		const first = await api.get(path);
		const tag = first.headers.get('etag')!;
		const second = await api.get(path);
		expect((await api.get(path, { 'if-none-match': tag })).status).toBe(304);
		expect((await api.get(path, {}, 'HEAD')).status).toBe(200);
		await Promise.all([first.body!.cancel(), second.body!.cancel()]);
	});
});

describe('a body that holds a turn', () => {
	const piece = Buffer.alloc(1 << 16, 'x');
	const start = (signal = new AbortController().signal) => {
		const seen = { pieces: 0, released: 0 };
		async function* pieces() {
			for (let i = 0; i < 200; i++) {
				seen.pieces++;
				await turn();
				yield piece;
			}
		}
		const body = heldBody(pieces(), 'identity', { release: () => void seen.released++, signal, within: 60_000 });
		return { seen, body };
	};
	const quiet = async () => {
		for (let i = 0; i < 400; i++) await turn();
	};

	it('is written no further ahead than a few pieces', async () => {
		const { seen, body } = start();
		await quiet();
		expect(seen.pieces).toBeLessThan(6);
		expect(seen.released).toBe(0);
		await body.cancel();
		await quiet();
		expect(seen).toMatchObject({ released: 1 });
		expect(seen.pieces).toBeLessThan(6);
	});

	it('lets go once it was read to its end', async () => {
		const { seen, body } = start();
		let length = 0;
		for await (const bytes of body) length += bytes.length;
		await quiet();
		expect([length, seen.released]).toEqual([200 * piece.length, 1]);
	});

	it('lets go when the request is aborted, before or after it began', async () => {
		const abort = new AbortController();
		const { seen } = start(abort.signal);
		await quiet();
		abort.abort();
		await quiet();
		expect(seen.released).toBe(1);
		const gone = start(AbortSignal.abort());
		await quiet();
		expect(gone.seen).toEqual({ pieces: 0, released: 1 });
	});
});
