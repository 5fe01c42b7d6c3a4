import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveSnapshot } from '../../src/lib/server/published/disk.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { changed, startFeed } from '../bench/opendata/feed.ts';
import type { Feed } from '../bench/opendata/feed.ts';
import { launch } from '../support/app.ts';
import type { Launched } from '../support/app.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { Inspector } from '../support/inspector.ts';
import { freePort, until } from '../support/processes.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

let feed: Feed;
let app: Launched;
let url: string;
const dir = mkdtempSync(join(tmpdir(), 'alentour-views-'));
beforeAll(async () => {
	const rows = syntheticReference();
	const random = seeded(1);
	const description = 'Un lieu pour apprendre et se rencontrer. '.repeat(30);
	const places = Array.from({ length: 1500 }, () => {
		const place = syntheticPlace(random, rows);
		return { ...place, facts: { ...place.facts, description } };
	});
	await saveSnapshot(join(dir, 'snapshot'), await loadSnapshot(new FakeFeed(rows, places), Date.now), 0);
	feed = await startFeed();
	const port = await freePort();
	app = launch({
		DATA_DIR: dir,
		PORT: String(port),
		SUPABASE_URL: feed.url,
		SUPABASE_PUBLISHABLE_KEY: 'a-feed-asks-for-no-key',
		SUPABASE_SECRET_KEY: 'a-feed-asks-for-no-key',
		LOG_LEVEL: 'error',
		NODE_OPTIONS: '--inspect=127.0.0.1:0'
	});
	url = `http://localhost:${port}`;
	await until('it answers', async () => (await fetch(`${url}/health`)).ok);
});
afterAll(async () => {
	app.child.kill('SIGTERM');
	await app.exited;
	await feed.stop();
	rmSync(dir, { recursive: true, force: true });
});

it('nothing of a running application holds on to a former state of the map, which is all places as they were', async () => {
	const inspector = await Inspector.of(app.output);
	try {
		for (let i = 0; i < 3; i++) {
			// A file is written by a thread that outlives the request.
			for (const path of ['/tiles/places/0/0/0.mvt', '/data/places.geojson', '/']) await (await fetch(url + path)).arrayBuffer();
			await changed(feed, url);
		}
		const views = () => inspector.count(`process[Symbol.for('alentour.published')].current().constructor.prototype`);
		// What the monthly files have looked at last is the present one soon.
		await until('the former ones are gone', async () => (await views()) === 1, 15_000);
	} finally {
		inspector.close();
	}
});

const items = '/ogc/collections/places/items';
/** Asks the framework: who has a condition like this is not answered in front of it. */
const passedOn = { 'if-match': '*' };
const timeless = (text: string) => text.replace(/"timeStamp":"[^"]*"/, '');

it.each<[string, Record<string, string>]>([
	[`${items}?limit=3`, {}],
	[`${items}?limit=3`, { accept: 'application/geo+json', 'accept-encoding': 'gzip' }],
	[`${items}?limit=1000&crs=http://www.opengis.net/def/crs/EPSG/0/2154`, { accept: 'application/json, text/html;q=0.1' }],
	[`${items}?f=json&bbox=-1.6,47.2,-1.55,47.25&sortby=-name`, { accept: 'text/html' }],
	[`${items}?limit=2000`, {}],
	[`${items}?limit=40`, { 'accept-encoding': 'identity' }],
	[`${items}?limit=3`, { cookie: 'theme=dark' }],
	[`${items}?bbox=1`, {}],
	[`${items}?colour=red`, {}],
	['/ogc/collections/nothing/items', {}],
	[items, { accept: 'text/html' }]
])('%s is the same in front of the framework and behind it, asked with %o', async (path, headers) => {
	const answers = await Promise.all(
		[{}, passedOn].map(async (more) => {
			const response = await fetch(url + path, { headers: { ...headers, ...more } });
			const { date: _, 'transfer-encoding': _chunked, 'content-length': length, ...rest } = Object.fromEntries(response.headers);
			const body = await response.text();
			// Of what is compressed the client does not see it.
			if (length !== undefined && !('content-encoding' in rest)) expect(Number(length)).toBe(Buffer.byteLength(body));
			return { status: response.status, headers: rest, body: timeless(body) };
		})
	);
	expect(answers[0]).toEqual(answers[1]);
});

it('a client that has a page is told so', async () => {
	const { headers } = await fetch(`${url}${items}?limit=3`);
	const etag = headers.get('etag')!;
	expect(etag).toMatch(/^W\//);
	const again = await fetch(`${url}${items}?limit=3`, { headers: { 'if-none-match': etag } });
	expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
	const head = await fetch(`${url}${items}?limit=3`, { method: 'HEAD' });
	expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
});

/** Asks for all of them before anything is read, on one connection: what does not fit into it waits in the application. */
function readLate(paths: string[], pause: number): Promise<string[]> {
	return new Promise((resolve, reject) => {
		const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', reject);
		paths.forEach((path, i) => {
			const last = i === paths.length - 1 ? 'connection: close\r\n' : '';
			socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n${last}\r\n`);
		});
		setTimeout(() => buffer(socket).then((bytes) => resolve(bodiesOf(bytes)), reject), pause);
	});
}

function bodiesOf(bytes: Buffer): string[] {
	const bodies: string[] = [];
	for (let at = 0; at < bytes.length;) {
		const start = bytes.indexOf('\r\n\r\n', at) + 4;
		const length = Number(/content-length: (\d+)/i.exec(bytes.subarray(at, start).toString())![1]);
		bodies.push(bytes.subarray(start, start + length).toString());
		at = start + length;
	}
	return bodies;
}

it('nobody reads what was written for somebody else, however slowly they read', { timeout: 60_000 }, async () => {
	const paths = Array.from({ length: 60 }, (_, i) => `${items}?limit=${380 - i}&offset=${i * 37}`);
	const expected = new Map<string, string>();
	for (const path of paths) expected.set(path, timeless(await (await fetch(url + path, { headers: passedOn })).text()));
	const isRight = (path: string, body: string) => timeless(body) === expected.get(path);
	const late = readLate(paths.slice(0, 48), 1000);
	await sleep(300);
	// Their answers are written, and most of them wait.
	for (const path of paths.slice(48)) expect(isRight(path, await (await fetch(url + path)).text()), path).toBe(true);
	expect((await late).map((body, i) => isRight(paths[i]!, body))).toEqual(Array.from({ length: 48 }, () => true));
});
