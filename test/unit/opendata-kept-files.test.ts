import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { join, resolve } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { etagOf, stateOf } from '../../src/lib/server/opendata/answer.ts';
import { datasetOf, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import type { FormatName } from '../../src/lib/server/opendata/datasets.ts';
import { Editions } from '../../src/lib/server/opendata/files/editions.ts';
import type { Edition } from '../../src/lib/server/opendata/geojson.ts';
import { KeptFiles } from '../../src/lib/server/opendata/files/kept-files.ts';
import { makeFile } from '../../src/lib/server/opendata/files/make.ts';
import { FileServer } from '../../src/lib/server/opendata/files/serve-file.ts';
import { Busy, Turns } from '../../src/lib/server/opendata/turns.ts';
import { follow } from '../../src/lib/server/published/follow.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const folders: string[] = [];
const newFolder = () => {
	const folder = mkdtempSync(join(tmpdir(), 'kept-'));
	folders.push(folder);
	return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Everything that lies there, files and folders. */
const inside = (folder: string) => readdirSync(folder, { recursive: true }) as string[];
const drafts = (folder: string) => inside(folder).filter((name) => name.includes('.draft-'));

const rows = syntheticReference();
async function townOf(count: number) {
	const random = seeded(9);
	const feed = new FakeFeed(rows);
	for (let i = 0; i < count; i++) feed.put(syntheticPlace(random, rows));
	const snapshot = await loadSnapshot(feed, () => 0);
	const edition = (): Edition => ({ view: snapshot.view, origin: 'https://carte.example', today: '2026-11-21' });
	const any = [...feed.places_.values()][0]!;
	/** Another place comes: nothing that was there before is taken away. */
	const change = async (name: string) => {
		const place = syntheticPlace(random, rows);
		feed.put({ ...place, facts: { ...place.facts, name } } satisfies Place);
		await follow(feed, snapshot);
	};
	/** A value is withheld: the feed says the same of that as of a correction. */
	const withhold = async () => {
		feed.put({ ...any, facts: { ...any.facts, summary: null, name: 'Other' } } satisfies Place);
		await follow(feed, snapshot);
	};
	/** What it was before is told by the history. */
	const correct = async (name: string) => {
		const last = any.history.at(-1)!;
		const operations = [{ fact: 'name', old: any.facts.name, new: name }];
		const entry = { ...last, version: any.version + 1, kind: 'updated' as const, facts: ['name'], operations };
		const place = { ...any, version: any.version + 1, facts: { ...any.facts, name }, history: [...any.history, entry] };
		feed.put(place satisfies Place);
		await follow(feed, snapshot);
	};
	const end = async (id: string) => {
		feed.take(id, 'ended');
		await follow(feed, snapshot);
	};
	return { feed, edition, change, correct, withhold, end, first: any };
}
type Town = Awaited<ReturnType<typeof townOf>>;

/** What a route would want of this moment. */
function wantedOf({ edition }: Town, format: FormatName = 'csv') {
	const now = edition();
	const dataset = datasetOf(now.view, 'places')!;
	const { seq } = now.view;
	const etag = etagOf({ build: 'b', ...stateOf(now.view), query: format });
	return {
		name: `places.${format}`,
		etag,
		modified: seq,
		wish: { format, edition: now, dataset, selection: selectionOf(dataset) }
	};
}

const sums = { crc32: { plain: 0 } };

/** A making that writes the number of its edition and waits to be let go. */
function slowMaking() {
	const open: (() => void)[] = [];
	const made: number[] = [];
	const make: typeof makeFile = async ({ edition }, { path }) => {
		made.push(edition.view.seq);
		await new Promise<void>((go) => open.push(go));
		writeFileSync(path, String(edition.view.seq));
		return sums;
	};
	const letGo = async () => {
		await expect.poll(() => open.length).toBeGreaterThan(0);
		open.shift()!();
	};
	return { make, made, letGo };
}

describe('whole files that are kept', () => {
	let town: Town;
	let dir: string;
	beforeEach(async () => {
		town = await townOf(5);
		dir = newFolder();
	});

	it('are made once, however many ask meanwhile', async () => {
		const { make, made, letGo } = slowMaking();
		const kept = new KeptFiles({ editions: new Editions(dir), make });
		const asked = Array.from({ length: 20 }, () => kept.get(wantedOf(town)));
		await letGo();
		const files = await Promise.all(asked);
		expect(made).toEqual([5]);
		expect(new Set(files.map(({ path }) => path)).size).toBe(1);
		expect((await kept.get(wantedOf(town))).etag).toBe(wantedOf(town).etag);
	});

	it('are given as they were before when the new edition takes its time, under the tag of before', async () => {
		const { make, letGo } = slowMaking();
		const kept = new KeptFiles({ editions: new Editions(dir), make, patienceMs: 20 });
		const before = wantedOf(town);
		const [first] = await Promise.all([kept.get(before), letGo()]);
		await town.change('Other');
		const after = wantedOf(town);
		expect(await kept.get(after)).toEqual(first);
		expect(first.etag).toBe(before.etag);
		await letGo();
		await expect.poll(async () => (await kept.get(after)).etag).toBe(after.etag);
		expect(readFileSync(first.path, 'utf8')).toBe('5');
	});

	it.each([
		['a place has left', () => town.end(town.first.id)],
		['a value was withheld', () => town.withhold()]
	])('are never given as they were before once %s', async (_what, change) => {
		const { make, letGo } = slowMaking();
		const kept = new KeptFiles({ editions: new Editions(dir), make, patienceMs: 0 });
		await Promise.all([kept.get(wantedOf(town)), letGo()]);
		await change();
		const [file] = await Promise.all([kept.get(wantedOf(town)), letGo()]);
		expect([file.seq, readFileSync(file.path, 'utf8')]).toEqual([6, '6']);
	});

	it('are never given as they were before the database was migrated, though no change says so', async () => {
		const kept = new KeptFiles({ editions: new Editions(dir), patienceMs: 0 });
		const before = wantedOf(town, 'geojson');
		const text = async (wanted: typeof before) => readFileSync((await kept.get(wanted)).path, 'utf8');
		expect(await text(before)).toContain(town.first.facts.summary!);
		const { feed } = town;
		feed.rows = { ...feed.rows, settings: { ...feed.rows.settings, schema: { version: '2' } } };
		// Closed from now on.
		for (const place of feed.places_.values()) feed.places_.set(place.id, { ...place, facts: { ...place.facts, summary: null } });
		const { view } = await loadSnapshot(feed, () => 0);
		const edition = { ...before.wish.edition, view };
		expect(view.seq).toBe(before.wish.edition.view.seq);
		const after = wantedOf({ ...town, edition: () => edition }, 'geojson');
		expect(await text(after)).not.toContain(town.first.facts.summary!);
	});

	it('may be given as they were before a correction, whose history tells what was', async () => {
		const { make, letGo } = slowMaking();
		const kept = new KeptFiles({ editions: new Editions(dir), make, patienceMs: 0 });
		await Promise.all([kept.get(wantedOf(town)), letGo()]);
		await town.correct('Other');
		expect((await kept.get(wantedOf(town))).seq).toBe(5);
		await letGo();
	});

	it('are given at once as they were before when the last making took longer than anybody waits', async () => {
		const { make, letGo } = slowMaking();
		const kept = new KeptFiles({ editions: new Editions(dir), make, patienceMs: 300 });
		const first = kept.get(wantedOf(town));
		await new Promise((later) => setTimeout(later, 350));
		await letGo();
		await first;
		await town.change('Other');
		const started = performance.now();
		expect((await kept.get(wantedOf(town))).seq).toBe(5);
		expect(performance.now() - started).toBeLessThan(250);
	});

	it('show the change to whoever asks after it, also while the edition before is being made', async () => {
		const { make, made, letGo } = slowMaking();
		const kept = new KeptFiles({ editions: new Editions(dir), make });
		const early = kept.get(wantedOf(town));
		await expect.poll(() => made).toEqual([5]);
		await town.change('Other');
		const late = kept.get(wantedOf(town));
		await letGo();
		expect((await early).seq).toBe(5);
		await letGo();
		expect((await late).seq).toBe(6);
	});

	it('show it as well to whoever asks while one who asked before is still looking on the disk', async () => {
		const { make, made, letGo } = slowMaking();
		const editions = new Editions(dir);
		const before = wantedOf(town);
		let found = () => undefined as unknown;
		const find = editions.find.bind(editions);
		editions.find = async (name, etag) => {
			if (etag === before.etag) await new Promise((go) => (found = () => go(null)));
			return find(name, etag);
		};
		const kept = new KeptFiles({ editions, make, turns: new Turns(1) });
		const other = kept.get(wantedOf(town, 'kml'));
		await expect.poll(() => made).toEqual([5]);
		const early = kept.get(before);
		await town.withhold();
		const late = kept.get(wantedOf(town));
		await new Promise((later) => setTimeout(later, 20));
		found();
		await new Promise((later) => setTimeout(later, 20));
		await letGo();
		await letGo();
		expect((await late).seq).toBe(6);
		expect((await early).seq).toBe(6);
		await other;
	});

	it('hold nothing of the map that they were made of', async () => {
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		const kept = new KeptFiles({ editions: new Editions(dir), patienceMs: 0 });
		const asked = async () => {
			const other = await townOf(3);
			await kept.get(wantedOf(other));
			return new WeakRef(other.edition().view);
		};
		const view = await asked();
		const isHeld = () => {
			collect();
			return view.deref() !== undefined;
		};
		await expect.poll(isHeld).toBe(false);
	});

	it('are not made anew fifty times when fifty changes come', async () => {
		let makings = 0;
		const make: typeof makeFile = async ({ edition }, { path }) => {
			makings++;
			await new Promise((done) => setTimeout(done, 40));
			writeFileSync(path, String(edition.view.seq));
			return sums;
		};
		const kept = new KeptFiles({ editions: new Editions(dir), make, patienceMs: 0, quickMs: 0 });
		await kept.get(wantedOf(town));
		const started = performance.now();
		for (let i = 0; i < 50; i++) {
			await town.change(`Name ${i}`);
			expect((await kept.get(wantedOf(town))).seq).toBeGreaterThanOrEqual(5);
			await new Promise((next) => setTimeout(next, 8));
		}
		await expect.poll(async () => (await kept.get(wantedOf(town))).seq, { timeout: 9000 }).toBe(55);
		expect(makings).toBeLessThanOrEqual(2 + (performance.now() - started) / (2 * 40));
	});

	it('stay as they were when a making fails, and leave nothing of it; without any it says so', async () => {
		const make: typeof makeFile = async ({ edition }, { path }) => {
			writeFileSync(path, 'half');
			if (edition.view.seq > 5) throw new Error('no space left');
			return Promise.resolve(sums);
		};
		const kept = new KeptFiles({ editions: new Editions(dir), make });
		const first = await kept.get(wantedOf(town));
		await town.change('Other');
		expect(await kept.get(wantedOf(town))).toEqual(first);
		expect(drafts(dir)).toEqual([]);
		await expect(new KeptFiles({ editions: new Editions(newFolder()), make }).get(wantedOf(town))).rejects.toThrow(
			'no space left'
		);
	});

	it('are at most two editions of one on the disk, and soon one', async () => {
		const kept = new KeptFiles({ editions: new Editions(dir), patienceMs: 30_000 });
		for (let i = 0; i < 4; i++) {
			await town.change(`Name ${i}`);
			await kept.get(wantedOf(town));
		}
		const { view } = town.edition();
		expect(readdirSync(join(dir, 'places.csv'))).toHaveLength(2);
		await kept.sweep(view, Date.now());
		expect(readdirSync(join(dir, 'places.csv'))).toHaveLength(2);
		await kept.sweep(view, Date.now() + 61_000);
		expect(readdirSync(join(dir, 'places.csv'))).toEqual([wantedOf(town).etag]);
	});

	it('are compressed better and summed up once they have lasted, and given so', async () => {
		const kept = new KeptFiles({ editions: new Editions(dir) });
		const first = await kept.get(wantedOf(town));
		await kept.sweep(town.edition().view, Date.now());
		expect(await kept.get(wantedOf(town))).toEqual(first);
		expect(first.sha256).toBeNull();
		await kept.sweep(town.edition().view, Date.now() + 61_000);
		const { path, sizes, sha256 } = await kept.get(wantedOf(town));
		expect(sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
		expect(sizes).toEqual({ ...first.sizes, br: readFileSync(`${path}.br`).length });
		expect(brotliDecompressSync(readFileSync(`${path}.br`)).equals(readFileSync(path))).toBe(true);
		const make: typeof makeFile = () => Promise.reject(new Error('It is there.'));
		expect(await new KeptFiles({ editions: new Editions(dir), make }).get(wantedOf(town))).toMatchObject({ sizes, sha256 });
		// What a crash left of it has the right length and other bytes.
		writeFileSync(`${path}.br`, Buffer.alloc(sizes.br!));
		await expect(new KeptFiles({ editions: new Editions(dir), make }).get(wantedOf(town))).rejects.toThrow('It is there.');
	});

	it('are made again when somebody has taken them off the disk', async () => {
		const kept = new KeptFiles({ editions: new Editions(dir) });
		const { path } = await kept.get(wantedOf(town));
		rmSync(dir, { recursive: true });
		expect((await kept.get(wantedOf(town))).path).toBe(path);
		expect(existsSync(path)).toBe(true);
	});

	it('leave the disk when a place has left, or an hour after any change, and come back when somebody asks', async () => {
		const make: typeof makeFile = (_wish, { path }) => {
			writeFileSync(path, 'file');
			return Promise.resolve(sums);
		};
		const kept = new KeptFiles({ editions: new Editions(dir), make });
		const lying = () => readdirSync(join(dir, 'places.csv'));
		await kept.get(wantedOf(town));
		await town.change('Other');
		await kept.sweep(town.edition().view, Date.now() + 61_000);
		expect(lying()).toHaveLength(1);
		await kept.sweep(town.edition().view, Date.now() + 3_661_000);
		expect(lying()).toEqual([]);
		await kept.get(wantedOf(town));
		await town.end(town.first.id);
		await kept.sweep(town.edition().view, Date.now() + 61_000);
		expect(lying()).toEqual([]);
		const file = await kept.get(wantedOf(town));
		expect([file.seq, existsSync(file.path)]).toEqual([7, true]);
	});

	it('outlive a process that is killed in the middle, and what it had begun is taken away', async () => {
		const first = await new KeptFiles({ editions: new Editions(dir) }).get(wantedOf(town));
		const module = resolve('src/lib/server/opendata/files/editions.ts');
		const script = `const { Editions } = await import(${JSON.stringify(module)});
			const fs = await import('node:fs');
			await new Editions(${JSON.stringify(dir)}).add('places.csv', { etag: 'new', seq: 6, changedAt: null, modified: 6, replaces: null }, async (path) => {
				fs.writeFileSync(path, 'half');
				process.kill(process.pid, 'SIGKILL');
				await new Promise(() => setTimeout(() => {}, 60000));
			});`;
		const signal = await new Promise((done) =>
			execFile(process.execPath, ['--input-type=module', '-e', script], (failure) => done(failure?.signal))
		);
		expect(signal).toBe('SIGKILL');
		expect(drafts(dir)).not.toEqual([]);
		// What is young may be another process's work that goes on.
		const longAgo = Date.now() / 1000 - 7200;
		// The file of a draft before its folder.
		for (const path of drafts(dir).sort().reverse()) utimesSync(join(dir, path), longAgo, longAgo);
		const makes: number[] = [];
		const make: typeof makeFile = async (wish, options) => {
			makes.push(wish.edition.view.seq);
			return makeFile(wish, options);
		};
		const restarted = new KeptFiles({ editions: new Editions(dir), make });
		expect(await restarted.get(wantedOf(town))).toEqual(first);
		expect(makes).toEqual([]);
		await town.change('Other');
		await restarted.get(wantedOf(town));
		expect(drafts(dir)).toEqual([]);
	});

	it('leave nothing of what was begun shortly before a restart, nor of what a clock that was wrong wrote', async () => {
		const kept = new KeptFiles({ editions: new Editions(dir) });
		await kept.get(wantedOf(town));
		const begun = join(dir, 'places.csv.draft-1');
		mkdirSync(begun);
		const { view } = town.edition();
		await kept.sweep(view, Date.now());
		expect(existsSync(begun)).toBe(true);
		await kept.sweep(view, Date.now() + 3_601_000);
		expect(existsSync(begun)).toBe(false);
		mkdirSync(join(dir, 'places.csv', 'other'));
		const tomorrow = Date.now() / 1000 + 86_400;
		utimesSync(join(dir, 'places.csv', 'other'), tomorrow, tomorrow);
		await kept.sweep(view, Date.now());
		expect(readdirSync(join(dir, 'places.csv'))).toEqual([wantedOf(town).etag]);
	});

	it('are made anew when the disk holds less of one than it says', async () => {
		const first = await new KeptFiles({ editions: new Editions(dir) }).get(wantedOf(town));
		writeFileSync(first.path, 'cut');
		expect(await new Editions(dir).find('places.csv', first.etag)).toBeNull();
	});
});

describe('/data/places.<format>', () => {
	async function ask(
		server: FileServer,
		town: Town,
		format: FormatName,
		{ query = '', headers = {}, method = 'GET', signal }: Asking = {}
	) {
		const edition = town.edition();
		const request = new Request(`https://carte.example/data/places.${format}?${query}`, {
			headers,
			method,
			...(signal ? { signal } : {})
		});
		const dataset = datasetOf(edition.view, 'places')!;
		return server.serve(request, { edition, dataset, format, query: new URLSearchParams(query) });
	}
	interface Asking {
		query?: string;
		headers?: Record<string, string>;
		method?: string;
		signal?: AbortSignal;
	}
	const serverAt = (dir = newFolder()) => new FileServer({ dir, build: 'b', patienceMs: 30_000, current: () => null });

	it('comes plain, or compressed as the client likes best, each under a strong tag of its own', async () => {
		const town = await townOf(20);
		const server = serverAt();
		const plain = await ask(server, town, 'geojson');
		const bytes = Buffer.from(await plain.bytes());
		expect(plain.headers.get('content-length')).toBe(String(bytes.length));
		expect(plain.headers.get('access-control-allow-origin')).toBe('*');
		expect(plain.headers.get('access-control-expose-headers')).toContain('Content-Range');
		expect(plain.headers.get('link')).toContain('/data/places/schema.json');
		const gzip = await ask(server, town, 'geojson', { headers: { 'accept-encoding': 'gzip' } });
		const either = await ask(server, town, 'geojson', { headers: { 'accept-encoding': 'gzip, br' } });
		expect([gzip, either].map(({ headers }) => headers.get('content-encoding'))).toEqual(['gzip', 'gzip']);
		expect(gunzipSync(await gzip.bytes()).equals(bytes)).toBe(true);
		const tags = [plain, gzip].map(({ headers }) => headers.get('etag')!);
		tags.push(tags[1]!.replace('-gz', '-br'));
		expect(new Set(tags).size).toBe(3);
		expect(tags.every((tag) => /^"[\w-]+"$/.test(tag))).toBe(true);
		const again = await ask(server, town, 'geojson', { headers: { 'accept-encoding': 'gzip', 'if-none-match': tags[1]! } });
		expect([again.status, await again.text()]).toEqual([304, '']);
		const elsewhere = newFolder();
		const known = { 'accept-encoding': 'br', 'if-none-match': tags[2]! };
		expect((await ask(serverAt(elsewhere), town, 'geojson', { headers: known })).status).toBe(304);
		expect(inside(elsewhere)).toEqual([]);
		const head = await ask(server, town, 'geojson', { method: 'HEAD' });
		expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(bytes.length), '']);
	});

	it('comes in parts of its plain bytes, and whole when it changed meanwhile', async () => {
		const town = await townOf(20);
		const server = serverAt();
		const whole = await ask(server, town, 'gpkg');
		const bytes = Buffer.from(await whole.bytes());
		const tag = whole.headers.get('etag')!;
		const range = (headers: Record<string, string>) =>
			ask(server, town, 'gpkg', { headers: { range: 'bytes=100-199', ...headers } });
		const part = await range({ 'accept-encoding': 'gzip, br', 'if-range': tag });
		expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${bytes.length}`]);
		expect(part.headers.get('content-encoding')).toBeNull();
		expect(Buffer.from(await part.bytes()).equals(bytes.subarray(100, 200))).toBe(true);
		const head = await ask(server, town, 'gpkg', { headers: { range: 'bytes=100-199' }, method: 'HEAD' });
		expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
		const dated = await range({ 'if-range': whole.headers.get('last-modified')! });
		expect(dated.status).toBe(206);
		const beyond = await range({ range: `bytes=${bytes.length}-` });
		expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
		await town.change('Other');
		const changed = await range({ 'if-range': tag });
		expect([changed.status, changed.headers.get('etag') === tag]).toEqual([200, false]);
	});

	it('has the same tag on two nodes, and other tags for other sequences and days', async () => {
		const town = await townOf(5);
		const tagOf = async () => (await ask(serverAt(), town, 'csv')).headers.get('etag');
		const here = await tagOf();
		expect(await tagOf()).toBe(here);
		await town.change('Other');
		expect(await tagOf()).not.toBe(here);
	});

	it('of which a part is asked for holds the map of its moment ten minutes, and no longer', async () => {
		const town = await townOf(400);
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const query = 'bbox=-180,-90,180,90';
		const [asleep, awake] = [
			await ask(serverAt(), town, 'geojson', { query }),
			await ask(serverAt(), town, 'geojson', { query })
		];
		vi.advanceTimersByTime(599_000);
		expect(((await awake.json()) as { features: unknown[] }).features).toHaveLength(400);
		vi.advanceTimersByTime(2000);
		vi.useRealTimers();
		await expect(asleep.text()).rejects.toThrow('in time');
	});

	it('takes the filters of the map, and refuses what it does not know with what it does', async () => {
		const town = await townOf(40);
		const server = serverAt();
		const ids = async (query: string) => {
			const response = await ask(server, town, 'geojson', { query, headers: { 'accept-encoding': 'gzip' } });
			const file = JSON.parse(gunzipSync(await response.bytes()).toString()) as { features: { id: string }[]; filters: string };
			expect(file.filters).toBe(query);
			return file.features.map(({ id }) => id);
		};
		const { view } = town.edition();
		const expected = [...view.select({ theme: 'enfance', kind: 'service' })].map(({ id }) => id);
		expect(expected.length).toBeGreaterThan(0);
		expect(await ids('theme=enfance&kind=service')).toEqual(expected);
		expect(await ids('bbox=10%2C10%2C11%2C11')).toEqual([]);
		expect((await ask(server, town, 'csv', { query: 'open=now' })).headers.get('last-modified')).toBeNull();
		await expect(ask(server, town, 'csv', { query: 'colour=red' })).rejects.toThrow(/colour.*theme.*bbox.*excel/);
		await expect(ask(server, town, 'gpkg', { query: 'excel=fr' })).rejects.toThrow('There is no parameter excel');
		await expect(ask(server, town, 'csv', { query: 'excel=de' })).rejects.toThrow('excel must be fr');
		await expect(ask(server, town, 'csv', { query: 'near=1,2' })).rejects.toThrow('There is no parameter near');
		await expect(ask(server, town, 'csv', { query: 'kind=shop' })).rejects.toThrow('kind must be');
		await expect(ask(server, town, 'csv', { query: 'q=a&q=b' })).rejects.toThrow('once');
	});

	it.each(['gpkg', 'fgb', 'xlsx', 'kml'] as const)('gives a part as %s and leaves no file behind', async (format) => {
		const town = await townOf(40);
		const dir = newFolder();
		const asked = { query: 'theme=enfance', headers: { 'accept-encoding': 'gzip' } };
		const response = await ask(serverAt(dir), town, format, asked);
		expect(inside(dir).filter((name) => name.endsWith('file'))).toEqual([]);
		expect(response.headers.get('content-encoding')).toBe(format === 'xlsx' ? null : 'gzip');
		const bytes = await response.bytes();
		expect((format === 'xlsx' ? bytes : gunzipSync(bytes)).length).toBeGreaterThan(500);
		expect(inside(dir)).toEqual([]);
	});

	it('leaves no file behind when the reader goes away while it is made', async () => {
		const town = await townOf(3000);
		const dir = newFolder();
		const control = new AbortController();
		const asked = ask(serverAt(dir), town, 'gpkg', { query: 'kind=service', signal: control.signal });
		await expect.poll(() => existsSync(dir) && inside(dir).length, { interval: 2 }).toBeGreaterThan(0);
		control.abort();
		await expect(asked).rejects.toThrow('aborted');
		expect(inside(dir)).toEqual([]);
	});

	it('is one dataset’s and the filter’s, never more', async () => {
		const town = await townOf(40);
		const { view } = town.edition();
		const { narrow, fileFilters } = await import('../../src/lib/server/opendata/files/narrow.ts');
		const count = (own: object, query: string) => {
			const dataset = { ...datasetOf(view, 'places')!, ...own };
			return view.total(narrow(view, dataset, new URLSearchParams(query), { allowed: fileFilters, now: 0 }).selection);
		};
		const enfance = view.total({ theme: 'enfance' });
		const zola = view.total({ area: 'nantes-zola' });
		expect(enfance * zola).toBeGreaterThan(0);
		expect(count({ theme: 'enfance' }, '')).toBe(enfance);
		expect(count({ theme: 'enfance' }, 'theme=culture')).toBe(0);
		expect(count({ area: 'nantes' }, 'area=nantes-zola')).toBe(zola);
		expect(count({ area: 'nantes-zola' }, 'area=nantes')).toBe(zola);
		expect(count({ area: 'nantes-zola' }, 'area=nantes-breil')).toBe(0);
	});
});

describe('turns', () => {
	it('are taken so many at a time, in order, and the queue ends', async () => {
		const turns = new Turns(1, 1);
		const order: number[] = [];
		const { promise, resolve: go } = Promise.withResolvers<void>();
		const first = turns.take(async () => {
			await promise;
			order.push(1);
		});
		const second = turns.take(() => Promise.resolve(order.push(2)));
		await expect(turns.take(() => Promise.resolve())).rejects.toBeInstanceOf(Busy);
		go();
		await Promise.all([first, second]);
		expect(order).toEqual([1, 2]);
	});
});
