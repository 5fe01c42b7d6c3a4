import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../../src/lib/offline/store.ts';
import type { Kept } from '../../src/lib/offline/ways.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22);

/** What of a browser's storage is needed here. */
class FakeCache {
	#kept = new Map<string, Response>();
	match = async (url: string) => this.#kept.get(url)?.clone();
	put = async (url: string, answer: Response) => void this.#kept.set(url, answer);
	delete = async (url: string) => this.#kept.delete(url);
	keys = async () => [...this.#kept.keys()];
}

beforeEach(() => {
	const opened = new Map<string, FakeCache>();
	const open = async (name: string) => {
		const cache = opened.get(name) ?? new FakeCache();
		opened.set(name, cache);
		return cache;
	};
	vi.stubGlobal('caches', { open });
});
afterEach(() => vi.unstubAllGlobals());

/** As the network gives it to a service worker. */
function answered(body: string, headers: Record<string, string> = {}, status = 200): Response {
	const answer = new Response(status === 204 ? null : body, { status, headers });
	return Object.defineProperty(answer, 'type', { value: 'basic' });
}

describe('what a phone keeps', () => {
	it.each<[Kept, string, string]>([
		['page', '/places/x/y', 'text/html'],
		['photo', '/photos/x-800.webp', 'image/webp'],
		['tile', '/tiles/places/12/1/2.mvt', 'application/vnd.mapbox-vector-tile']
	])('shows a %s that it saw for thirty days, and no longer', async (way, url, type) => {
		const store = new Store('v');
		const packed = { 'content-type': type, 'content-encoding': 'gzip', 'content-length': '3' };
		await store.take(way, url, answered('<p>ce qui a été vu</p>', packed), now);
		const found = await store.find(way, url, now + 30 * day);
		expect(await found?.text()).toBe('<p>ce qui a été vu</p>');
		expect([found?.headers.get('content-type'), found?.headers.get('content-encoding')]).toEqual([type, null]);
		expect(await store.find(way, url, now + 30 * day + 1)).toBeUndefined();
	});

	it('keeps an empty piece of the map as it is', async () => {
		const store = new Store('v');
		await store.take('tile', '/tiles/places/12/1/2.mvt', answered('', {}, 204), now);
		expect((await store.find('tile', '/tiles/places/12/1/2.mvt', now))?.status).toBe(204);
	});

	it.each([404, 410])('forgets at once what answers %i', async (status) => {
		const store = new Store('v');
		await store.take('photo', '/photos/x-800.webp', answered('image'), now);
		await store.take('photo', '/photos/x-800.webp', answered('{}', {}, status), now);
		expect(await store.find('photo', '/photos/x-800.webp', now)).toBeUndefined();
	});
});
