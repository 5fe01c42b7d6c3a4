import { EventEmitter } from 'node:events';
import { mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDoor, standInFront } from '../../src/lib/server/front/door.ts';
import { Front } from '../../src/lib/server/front/front.ts';
import type { FrontOptions } from '../../src/lib/server/front/front.ts';
import { answerOf } from '../../src/lib/server/front/keep.ts';
import type { Answer, Keep } from '../../src/lib/server/front/keep.ts';
import { sendFile } from '../../src/lib/server/front/send-file.ts';
import { KeptAnswers } from '../../src/lib/server/front/kept-answers.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { Snapshot } from '../../src/lib/server/published/snapshot.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { syntheticReference } from '../support/synthetic.ts';

const nothing = { places: new Map(), tombstones: new Map(), reference: {}, changes: [] };
const noon = Date.parse('2026-11-22T12:00:00Z');
const headers = { etag: '"a"', 'cache-control': 'public, no-cache', 'content-type': 'text/plain', vary: 'Accept-Encoding' };

let snapshot: Snapshot;
let view: View | null;
let now: number;
let server: Server;
let front: Front;
/** How often the framework was asked, and what it answers and says of it. */
let asked: number;
let answered: () => Response | Promise<Response>;
let keep: Partial<Keep> | null;
let dir: string;

/** A server as adapter-node leaves it, with a framework that answers what a test says. */
async function open(options: Partial<FrontOptions> = {}): Promise<void> {
	front = new Front({
		...{ current: () => view, origin: 'https://carte.example', now: () => now, makers: [], finish: () => undefined },
		isPersonal: (cookies) => cookies.includes('session'),
		...options
	});
	const framework = async (request: IncomingMessage, response: ServerResponse) => {
		asked++;
		const made = view;
		const finished = await answered();
		const said = keep && made ? { view: made, today: null, codings: ['gzip' as const], ...keep } : null;
		const answer = said ? await front.keep(request, said, finished) : finished;
		response.writeHead(answer.status, Object.fromEntries(answer.headers));
		response.end(Buffer.from(await answer.arrayBuffer()));
	};
	server = createServer((request, response) => void framework(request, response));
	openDoor(server);
	standInFront((request, response, next) => front.handle(request, response, next));
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
}

async function get(path = '/a', given: OutgoingHttpHeaders = {}, method = 'GET') {
	const { port } = server.address() as AddressInfo;
	const response = await new Promise<IncomingMessage>((resolve, reject) => {
		const request = ask({ port, path, method, headers: given, agent: false }, resolve).on('error', reject);
		request.end(method === 'POST' ? 'x' : undefined);
	});
	return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const connections = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));

beforeEach(async () => {
	snapshot = await loadSnapshot(new FakeFeed(syntheticReference()), () => 0);
	view = snapshot.view;
	[now, asked, keep] = [noon, 0, {}];
	answered = () => new Response(`answer ${asked}`, { headers });
	dir = mkdtempSync(join(tmpdir(), 'front-'));
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
	rmSync(dir, { recursive: true });
});

describe('the front', () => {
	it('gives again what a route said may be kept, with its headers and its length', async () => {
		await open();
		const first = await get();
		const again = await get();
		expect(asked).toBe(1);
		expect(again.body).toBe('answer 1');
		expect(again.headers).toMatchObject({ ...headers, 'content-length': '8' });
		expect({ ...again.headers, 'transfer-encoding': null }).toMatchObject({
			...first.headers,
			'transfer-encoding': null,
			date: again.headers.date
		});
	});

	it('keeps nothing that no route spoke of', async () => {
		keep = null;
		await open();
		await get();
		expect((await get()).body).toBe('answer 2');
	});

	it.each<[string, OutgoingHttpHeaders, string?]>([
		['another method', {}, 'POST'],
		['a part', { range: 'bytes=0-1' }],
		['a part of what was there', { 'if-range': '"a"' }],
		['a condition that is not about keeping', { 'if-match': '"a"' }],
		['a condition of time alone', { 'if-modified-since': 'Sun, 22 Nov 2026 10:00:00 GMT' }],
		['somebody who may be signed in', { cookie: 'lang=fr; session=x' }],
		['a request with a body', { 'content-length': '0' }]
	])('passes on %s, and keeps no answer to it', async (_what, given, method = 'GET') => {
		await open();
		await get();
		expect((await get('/a', given, method)).body).toBe('answer 2');
		await get('/b', given, method);
		expect((await get('/b')).body).toBe('answer 4');
	});

	it('passes on another address, another query, and everything while there is no map', async () => {
		await open();
		for (const path of ['/a', '/b', '/a?x=1', '/a?x=2']) await get(path);
		expect(asked).toBe(4);
		view = null;
		await get();
		expect(asked).toBe(5);
	});

	it('does not mind cookies that are nobody’s', async () => {
		await open();
		await get('/a', { cookie: 'PARAGLIDE_LOCALE=en' });
		await get('/a', { cookie: 'theme=dark' });
		expect(asked).toBe(1);
	});

	it('gives each client the coding that the route would choose for it', async () => {
		keep = { codings: ['br', 'gzip'] };
		await open();
		for (const accepted of ['br, gzip', 'gzip;q=0.5', 'br;q=0', 'gzip;q=0, deflate'])
			await get('/a', { 'accept-encoding': accepted });
		expect(asked).toBe(3);
		const body = async (accepted: string) => (await get('/a', { 'accept-encoding': accepted })).body;
		expect(await body('gzip, deflate, br, zstd')).toBe('answer 1');
		expect(await body('GZIP')).toBe('answer 2');
		expect(await body('identity')).toBe('answer 3');
		expect(await body('*')).toBe('answer 1');
		expect(asked).toBe(3);
	});

	it.each(['"a"', '"b", "a"', 'W/"a"', '*'])(
		'answers 304 to who has it and says %s, without what is about content',
		async (tag) => {
			let given = 0;
			keep = { given: () => given++ };
			await open();
			await get();
			const { status, headers, body } = await get('/a', {
				'if-none-match': tag,
				'if-modified-since': 'Sun, 22 Nov 2026 10:00:00 GMT'
			});
			expect([status, body, asked, given]).toEqual([304, '', 1, 0]);
			expect(headers).toMatchObject({ etag: '"a"', 'cache-control': 'public, no-cache', vary: 'Accept-Encoding' });
			expect(headers).not.toHaveProperty('content-type');
			expect(headers).not.toHaveProperty('content-length');
			expect((await get('/a', { 'if-none-match': '"b"' })).body).toBe('answer 1');
		}
	);

	it('asks again after a while for what may come in a better coding, and gives that from then on', async () => {
		keep = { codings: ['gzip'], until: noon + 60_000 };
		await open();
		const accepted = { 'accept-encoding': 'gzip, br' };
		for (let i = 0; i < 3; i++) expect((await get('/a', accepted)).body).toBe('answer 1');
		now += 60_000;
		keep = { codings: ['br', 'gzip'] };
		for (let i = 0; i < 3; i++) expect((await get('/a', accepted)).body).toBe('answer 2');
		await get('/a', { 'accept-encoding': 'gzip' });
		expect((await get('/a', { 'accept-encoding': 'gzip' })).body).toBe('answer 3');
		expect((await get('/a', accepted)).body).toBe('answer 2');
	});

	it('answers HEAD with the headers alone', async () => {
		await open();
		await get();
		const { headers, body } = await get('/a', {}, 'HEAD');
		expect([headers['content-length'], body, asked]).toEqual(['8', '', 1]);
	});

	it('tells each time that the whole was given', async () => {
		let given = 0;
		keep = { given: () => given++ };
		await open();
		await get();
		expect(given, 'the route counts its own').toBe(0);
		await get();
		await get();
		await get('/a', {}, 'HEAD');
		expect(given).toBe(2);
	});

	it.each<[string, () => Response]>([
		['an error', () => new Response('no', { status: 404, headers })],
		['a redirect', () => new Response(null, { status: 308, headers: { ...headers, location: '/b' } })],
		['what sets a cookie', () => new Response('x', { headers: { ...headers, 'set-cookie': 'a=b' } })],
		['what is private', () => new Response('x', { headers: { ...headers, 'cache-control': 'private, no-cache' } })],
		['what no cache may keep', () => new Response('x', { headers: { ...headers, 'cache-control': 'no-store' } })],
		['what has a weak tag', () => new Response('x', { headers: { ...headers, etag: 'W/"a"' } })],
		['what has no tag', () => new Response('x')]
	])('never keeps %s', async (_what, answer) => {
		answered = answer;
		await open();
		await get();
		await get();
		expect(asked).toBe(2);
	});

	it('forgets everything with the next change, and what was made of the map before it', async () => {
		await open();
		await get();
		snapshot.apply({ ...nothing, seq: 1 });
		view = snapshot.view;
		expect((await get()).body).toBe('answer 2');
		expect((await get()).body).toBe('answer 2');
		const usual = answered;
		answered = async () => {
			answered = usual;
			snapshot.apply({ ...nothing, seq: 2 });
			view = snapshot.view;
			// Others ask meanwhile.
			await get('/c');
			return new Response('before the change', { headers });
		};
		await get('/b');
		expect((await get('/b')).body).toBe('answer 5');
	});

	it('forgets everything at midnight on the clocks of the town, not before', async () => {
		await open();
		await get();
		now = Date.parse('2026-11-22T22:59:59Z');
		await get();
		expect(asked).toBe(1);
		now = Date.parse('2026-11-22T23:00:00Z');
		await get();
		expect(asked).toBe(2);
	});

	it('keeps nothing of the day before that was finished after midnight', async () => {
		keep = { today: '2026-11-22' };
		now = Date.parse('2026-11-22T22:59:59Z');
		await open();
		const usual = answered;
		answered = () => {
			now = Date.parse('2026-11-22T23:00:00Z');
			return usual();
		};
		await get();
		keep = { today: '2026-11-23' };
		expect((await get()).body).toBe('answer 2');
		expect((await get()).body).toBe('answer 2');
	});

	it('believes no header about where it is', async () => {
		const urls: string[] = [];
		await open({
			makers: [
				({ url }) => {
					urls.push(url.href);
					return null;
				}
			]
		});
		await get('/a?x=1', { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
		await get('//evil.example/a', {});
		expect(urls).toEqual(['https://carte.example/a?x=1', 'https://carte.example//evil.example/a']);
	});

	it('makes what it knows how to make, finished like the others, and asks the framework when that fails', async () => {
		let made = 0;
		await open({
			finish: (own) => own.set('x-finished', 'yes'),
			makers: [
				({ url, view }) => {
					if (url.pathname === '/c') return Promise.reject(new Error('broken'));
					if (url.pathname === '/d') return Promise.resolve({ response: new Response('no', { status: 404 }), keep: null });
					if (url.pathname !== '/b') return null;
					const kept = url.search === '' ? { view, today: null, codings: ['gzip' as const] } : null;
					return Promise.resolve({ response: new Response(`made ${++made}`, { headers }), keep: kept });
				}
			]
		});
		expect((await get('/b')).headers['x-finished']).toBe('yes');
		expect((await get('/b')).body).toBe('made 1');
		expect((await get('/b', { 'if-none-match': '"a"' })).status).toBe(304);
		expect((await get('/b?open=now', {}, 'HEAD')).headers['content-length']).toBe('6');
		expect((await get('/b?open=now')).body).toBe('made 3');
		expect((await get('/b?open=now', { 'if-none-match': '"a"' })).status).toBe(304);
		expect(asked).toBe(0);
		for (const path of ['/a', '/c', '/d']) expect((await get(path)).body).toBe(`answer ${asked}`);
		expect(asked).toBe(3);
	});

	it('hands over what is made for one reader, and takes its memory back when it has left, or the reader', async () => {
		let [made, released] = [0, 0];
		await open({
			finish: (own) => own.set('x-finished', 'yes'),
			givers: [
				({ request, url }) => {
					if (url.pathname === '/c') return Promise.reject(new Error('broken'));
					if (url.pathname === '/d') return Promise.resolve(null);
					if (!/^\/[be]$/.test(url.pathname)) return null;
					const known = request.headers.get('if-none-match') === 'W/"b"';
					const bytes = known ? null : Buffer.alloc(url.pathname === '/e' ? 50_000_000 : 6, `${++made}`);
					const own = new Headers({ etag: 'W/"b"' });
					return Promise.resolve({ status: known ? 304 : 200, headers: own, bytes, release: () => released++ });
				}
			]
		});
		expect(await get('/b')).toMatchObject({ status: 200, body: '111111', headers: { etag: 'W/"b"', 'x-finished': 'yes' } });
		expect((await get('/b')).body).toBe('222222');
		expect(await get('/b', { 'if-none-match': 'W/"b"' })).toMatchObject({ status: 304, body: '' });
		await expect.poll(() => released).toBe(3);
		expect(asked).toBe(0);
		const reader = connect((server.address() as AddressInfo).port).on('error', () => undefined);
		reader.write('GET /e HTTP/1.1\r\nhost: localhost\r\n\r\n');
		await expect.poll(() => made).toBe(3);
		await new Promise((later) => setTimeout(later, 50));
		expect(released, 'somebody still reads it').toBe(3);
		reader.destroy();
		await expect.poll(() => released).toBe(4);
		for (const path of ['/a', '/c', '/d']) expect((await get(path)).body).toBe(`answer ${asked}`);
		await get('/b', {}, 'HEAD');
		await get('/b', { cookie: 'session=x' });
		expect([asked, made]).toEqual([5, 3]);
	});
});

describe('the door', () => {
	it('is closed to who has taken nothing of an answer for long', async () => {
		answered = () => new Response(Buffer.alloc(20_000_000));
		await open();
		openDoor(server, 300);
		const reader = connect((server.address() as AddressInfo).port).on('error', () => undefined);
		reader.write('GET /a HTTP/1.1\r\nhost: localhost\r\n\r\n');
		await expect.poll(() => asked).toBe(1);
		await expect.poll(connections, { timeout: 5000 }).toBe(0);
		reader.destroy();
	});
});

describe('a crowd in front', () => {
	it('waits for what is being made, and gets nothing of before a change', async () => {
		const turns: (() => void)[] = [];
		await open({
			makers: [
				({ view }) => {
					const response = new Response(`made ${turns.length + 1}`, { headers });
					return new Promise((resolve) => turns.push(() => resolve({ response, keep: { view, today: null, codings: [] } })));
				}
			]
		});
		const early = Array.from({ length: 20 }, () => get());
		await expect.poll(() => turns.length).toBe(1);
		// Until the last of them has come.
		await expect.poll(() => connections()).toBe(20);
		snapshot.apply({ ...nothing, seq: 1 });
		view = snapshot.view;
		const late = get();
		await expect.poll(() => turns.length).toBe(2);
		for (const turn of turns) turn();
		expect(new Set((await Promise.all(early)).map(({ body }) => body))).toEqual(new Set(['made 1']));
		expect((await late).body).toBe('made 2');
		expect((await get()).body).toBe('made 2');
		expect(asked).toBe(0);
	});
});

describe('files in front', () => {
	const size = 700_000;
	const opened = () =>
		readdirSync('/proc/self/fd').filter((fd) => {
			try {
				return readlinkSync(`/proc/self/fd/${fd}`) === join(dir, 'file');
			} catch {
				return false;
			}
		}).length;

	beforeEach(async () => {
		const path = join(dir, 'file');
		writeFileSync(path, 'é'.repeat(size / 2));
		keep = { file: { path, size } };
		answered = () => new Response('é'.repeat(size / 2), { headers });
		await open();
	});

	it('are sent whole, and closed', async () => {
		await get();
		const { headers, body } = await get();
		expect([headers['content-length'], body === 'é'.repeat(size / 2), asked]).toEqual([String(size), true, 1]);
		await expect.poll(opened).toBe(0);
	});

	it('that are gone, or are not what they were, are asked of the framework', async () => {
		await get();
		writeFileSync(join(dir, 'file'), 'shorter');
		await get();
		rmSync(join(dir, 'file'));
		expect((await get()).body).toHaveLength(size / 2);
		expect(asked).toBe(3);
	});

	it('take little memory while many readers take nothing', async () => {
		const before = process.memoryUsage().arrayBuffers;
		const readers = Array.from({ length: 100 }, () => {
			const reader = Object.assign(new EventEmitter(), { destroyed: false, write: () => false });
			sendFile(openSync(join(dir, 'file'), 'r'), size, reader as unknown as ServerResponse);
			return reader;
		});
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
		for (const reader of readers) Object.assign(reader, { destroyed: true }).emit('close');
		await expect.poll(opened).toBe(0);
	});

	it('are closed when the reader goes away', async () => {
		writeFileSync(join(dir, 'file'), Buffer.alloc(20_000_000));
		keep = { file: { path: join(dir, 'file'), size: 20_000_000 } };
		await get('/large');
		const { port } = server.address() as AddressInfo;
		const response = await new Promise<IncomingMessage>((resolve) => ask({ port, path: '/large', agent: false }, resolve).end());
		response.once('data', () => response.pause());
		await expect.poll(opened).toBe(1);
		response.destroy();
		await expect.poll(opened).toBe(0);
	});
});

describe('kept answers', () => {
	const answer = async (bytes: number): Promise<Answer> => (await answerOf(new Response('x'.repeat(bytes), { headers }), {}))!;

	it('are bounded in number and in bytes, and the oldest go, but for those that are asked for', async () => {
		const kept = new KeptAnswers();
		const [small, large] = [await answer(10), await answer(2_000_000)];
		for (let i = 0; i < 4000; i++) kept.put(`/${i}`, '', [], small);
		for (let i = 0; i < 13; i++) {
			kept.put(`/large/${i}`, '', [], large);
			expect(kept.find('/7', ''), `asked for, ${i}`).not.toBeNull();
		}
		expect(kept.find('/8', '')).toBeNull();
		const left = Array.from({ length: 13 }, (_, i) => kept.find(`/large/${i}`, '')).filter((each) => each !== null);
		expect(left.length).toBeLessThan(12);
		expect(left.length).toBeGreaterThan(8);
		for (let i = 0; i < 6000; i++) kept.put(`/many/${i}`, '', [], small);
		expect(kept.find('/many/0', '')).toBeNull();
		expect(kept.find('/many/5999', '')).not.toBeNull();
	});

	it('are none that would leave no room for others', async () => {
		const kept = new KeptAnswers();
		kept.put('/a', '', [], await answer(4_000_000));
		expect(kept.find('/a', '')).toBeNull();
	});
});
