import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { follow } from '../../src/lib/server/published/follow.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { createPublished } from '../../src/lib/server/published/published.ts';
import type { Published, PublishedOptions } from '../../src/lib/server/published/published.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { pick, seeded } from '../support/random.ts';
import type { Random } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const log = { info: () => undefined, warn: () => undefined };
const opened: Published[] = [];
const folders: string[] = [];

async function folder(): Promise<string> {
	const dir = await mkdtemp(join(tmpdir(), 'snapshot-'));
	folders.push(dir);
	return dir;
}

async function open(source: FakeFeed, options: Partial<PublishedOptions> = {}): Promise<Published> {
	const published = createPublished({ source, dir: null, log, pollMs: 5, ...options });
	opened.push(published);
	await published.start();
	return published;
}

const soon = () => AbortSignal.timeout(5000);

afterEach(async () => {
	for (const published of opened.splice(0)) await Promise.race([published.stop(), new Promise((done) => setTimeout(done, 50))]);
	for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

function town(count: number, seed = 1): { feed: FakeFeed; random: Random } {
	const random = seeded(seed);
	const rows = syntheticReference();
	const feed = new FakeFeed(rows);
	for (let i = 0; i < count; i++) feed.put(syntheticPlace(random, rows));
	return { feed, random };
}

/** Everything a reader could see, in a form that can be compared. */
function everything(view: View) {
	return {
		seq: view.seq,
		size: view.size,
		places: [...view.all()],
		lists: [{}, { q: 'maison' }, { q: 'creche nantes' }, { near: { lon: -1.5, lat: 47.2 } }, { theme: 'culture' }].map(
			(filters) => view.list({ ...filters, limit: 500 })
		),
		counts: view.counts({}),
		tiles: [view.tile(0, 0, 0), view.tile(11, 1015, 711), view.tile(14, 8121, 5688)].map((tile) =>
			Buffer.from(tile!).toString('hex')
		)
	};
}

/** One random thing that people or moderators do. */
function step(feed: FakeFeed, random: Random): void {
	const ids = [...feed.places_.keys()];
	const id = ids.length > 0 ? pick(random, ids) : null;
	const dice = random();
	if (dice < 0.4 || id === null) feed.put(syntheticPlace(random, feed.rows));
	else if (dice < 0.7) feed.put(syntheticPlace(random, feed.rows, id));
	else if (dice < 0.8) feed.take(id, pick(random, ['ended', 'withdrawn']));
	else if (dice < 0.9) feed.take(id, 'merged', pick(random, ids));
	else {
		const [first, ...rest] = feed.rows.categories;
		feed.rows = { ...feed.rows, categories: [{ ...first!, label: { fr: `Nom ${random()}`, en: 'Name' } }, ...rest] };
		feed.note('category', first!.slug, 'updated');
	}
}

describe('following the feed', () => {
	it('shows after any changes what a fresh start shows', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 1e6 }),
				fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }),
				async (seed, rounds) => {
					const { feed, random } = town(30, seed);
					const snapshot = await loadSnapshot(feed, () => 0);
					for (const changes of rounds) {
						for (let i = 0; i < changes; i++) step(feed, random);
						expect(await follow(feed, snapshot)).toBe('more');
						if (random() < 0.3) await snapshot.compact();
					}
					const fresh = await loadSnapshot(feed, () => 0);
					expect(everything(snapshot.view)).toEqual(everything(fresh.view));
					expect([...snapshot.view.tombstones].sort()).toEqual([...fresh.view.tombstones].sort());
				}
			),
			{ numRuns: 25, seed: 11 }
		);
	});

	it('keeps what changes while it folds', async () => {
		const { feed, random } = town(1200);
		const snapshot = await loadSnapshot(feed, () => 0);
		for (let i = 0; i < 40; i++) step(feed, random);
		await follow(feed, snapshot);
		const folding = snapshot.compact();
		for (let i = 0; i < 40; i++) step(feed, random);
		await follow(feed, snapshot);
		await folding;
		expect(snapshot.pending).toBeGreaterThan(0);
		expect(everything(snapshot.view)).toEqual(everything((await loadSnapshot(feed, () => 0)).view));
	});

	it('leaves a view that a reader holds as it was', async () => {
		const { feed, random } = town(20);
		const snapshot = await loadSnapshot(feed, () => 0);
		const held = snapshot.view;
		const before = everything(held);
		for (let i = 0; i < 20; i++) step(feed, random);
		await follow(feed, snapshot);
		await snapshot.compact();
		expect(everything(held)).toEqual(before);
	});

	it('reads on after a page shorter than asked', async () => {
		const { feed } = town(25);
		feed.maxRows = 10;
		const published = await open(feed);
		expect((await published.ready()).size).toBe(25);
	});

	it('follows a chain of mergers to the place that stayed', async () => {
		const { feed } = town(4);
		const [a, b, c, d] = [...feed.places_.keys()] as [string, string, string, string];
		feed.take(a, 'merged', b);
		feed.take(b, 'merged', c);
		feed.take(d, 'ended');
		const published = await open(feed);
		const view = await published.ready();
		expect(view.tombstone(a)).toMatchObject({ kind: 'merged', intoId: c });
		expect(view.tombstone(d)).toMatchObject({ kind: 'ended', reason: 'closed', intoId: null, on: '2026-11-21' });
		expect(view.tombstone(c)).toBeNull();
		feed.take(c, 'merged', a);
		const later = await published.until(feed.seq, soon());
		expect(later.tombstone(a)).toMatchObject({ kind: 'merged', intoId: null });
	});

	it('forgets the tombstone of a place that came back', async () => {
		const { feed, random } = town(2);
		const [id] = [...feed.places_.keys()] as [string];
		const published = await open(feed);
		feed.take(id, 'withdrawn');
		expect((await published.until(feed.seq, soon())).tombstone(id)?.kind).toBe('withdrawn');
		feed.put(syntheticPlace(random, feed.rows, id), 'reopened');
		const view = await published.until(feed.seq, soon());
		expect(view.tombstone(id)).toBeNull();
		expect(view.byId(id)).not.toBeNull();
	});

	it('waits at a missing number, and goes on when it appears', async () => {
		const { feed, random } = town(3);
		const snapshot = await loadSnapshot(feed, () => 0);
		feed.put(syntheticPlace(random, feed.rows));
		feed.missing = feed.seq;
		feed.put(syntheticPlace(random, feed.rows));
		expect(await follow(feed, snapshot)).toBe('gap');
		expect(snapshot.view.seq).toBe(3);
		feed.missing = null;
		await follow(feed, snapshot);
		expect(snapshot.view.seq).toBe(5);
		expect(snapshot.view.size).toBe(5);
	});

	it('reads everything anew when the gap stays', async () => {
		const { feed, random } = town(3);
		const published = await open(feed);
		await published.ready();
		feed.missing = feed.seq + 1;
		feed.put(syntheticPlace(random, feed.rows));
		feed.put(syntheticPlace(random, feed.rows));
		expect((await published.until(5, soon())).size).toBe(5);
	});

	it('reads everything anew from a database that was restored or replaced', async () => {
		const { feed } = town(9);
		const published = await open(feed);
		await published.ready();
		const other = town(4, 99).feed;
		feed.changes_ = other.changes_.map((change) => ({ ...change, at: '2026-01-01T00:00:00.000Z' }));
		feed.places_ = other.places_;
		feed.put(syntheticPlace(seeded(3), feed.rows));
		await expect.poll(() => published.current().size).toBe(5);
	});
});

describe('without its database', () => {
	it('says that it is not ready before the first view', async () => {
		const { feed } = town(1);
		feed.mood = 'dead';
		const published = await open(feed);
		expect(() => published.current()).toThrow('being read');
		expect(published.status()).toEqual({ database: 'down', snapshot: null });
	});

	it.each(['dead', 'frozen'] as const)('goes on answering while the database is %s, and catches up', async (mood) => {
		const { feed, random } = town(5);
		const published = await open(feed, { requestMs: 50 });
		await published.ready();
		await expect.poll(() => published.status().database).toBe('up');
		feed.mood = mood;
		await expect.poll(() => published.status().database).toBe('down');
		feed.put(syntheticPlace(random, feed.rows));
		expect(published.current().list({}).total).toBe(5);
		feed.mood = 'well';
		expect((await published.until(feed.seq, soon())).size).toBe(6);
		await expect.poll(() => published.status().database).toBe('up');
	});
});

describe('the snapshot on disk', () => {
	it('is written at the end also while the database is frozen', async () => {
		const dir = await folder();
		const { feed, random } = town(3);
		const published = await open(feed, { dir, saveMs: 3_600_000 });
		await published.ready();
		feed.put(syntheticPlace(random, feed.rows));
		await published.until(4, soon());
		const asked = feed.asked.changes ?? 0;
		feed.mood = 'frozen';
		await expect.poll(() => feed.asked.changes).toBeGreaterThan(asked);
		await published.stop();
		const second = await open(feed, { dir });
		expect(second.current().size).toBe(4);
	});

	it('starts from disk while the database is away, and catches up', async () => {
		const dir = await folder();
		const { feed, random } = town(40);
		const first = await open(feed, { dir });
		const before = everything(await first.ready());
		await first.stop();
		feed.mood = 'dead';
		const second = await open(feed, { dir });
		expect(everything(second.current())).toEqual(before);
		step(feed, random);
		feed.mood = 'well';
		const view = await second.until(feed.seq, soon());
		expect(everything(view)).toEqual(everything((await loadSnapshot(feed, () => 0)).view));
	});

	it('is not trusted when it was cut, altered or written by another version', async () => {
		const dir = await folder();
		const { feed } = town(6);
		const first = await open(feed, { dir });
		await first.ready();
		await first.stop();
		const file = join(dir, 'places.ndjson');
		const good = await readFile(file, 'utf8');
		feed.mood = 'dead';
		const bad = [
			good.slice(0, -40),
			good.replace('Nantes', 'Mantes'),
			good.replace(/"format":\d+/, '"format":0'),
			'',
			'x',
			'{}\n'
		];
		for (const text of bad) {
			await writeFile(file, text);
			const published = await open(feed, { dir });
			expect(published.status().snapshot, JSON.stringify(text.slice(0, 20))).toBeNull();
		}
	});

	it('is replaced when it comes from a later or another database', async () => {
		const dir = await folder();
		const { feed } = town(6);
		const first = await open(feed, { dir });
		await first.ready();
		await first.stop();
		const { feed: other } = town(3, 5);
		const second = await open(other, { dir });
		await expect.poll(() => second.current().size).toBe(3);
	});

	it('is read anew when the database was migrated since', async () => {
		const dir = await folder();
		const { feed } = town(3);
		const first = await open(feed, { dir });
		await first.ready();
		await first.stop();
		const [id, place] = [...feed.places_][0]!;
		feed.places_.set(id, { ...place, facts: { ...place.facts, phone: null } });
		feed.rows = { ...feed.rows, settings: { ...feed.rows.settings, schema: { version: '2' } } as typeof feed.rows.settings };
		const second = await open(feed, { dir });
		await expect.poll(() => second.current().byId(id)?.facts.phone).toBeNull();
	});

	it.each(['withdrawn', 'redacted'])('loses at once what was %s', async (kind) => {
		const dir = await folder();
		const { feed } = town(6);
		const [id, place] = [...feed.places_][0]!;
		feed.put({ ...place, facts: { ...place.facts, name: 'Secretissime' } });
		const published = await open(feed, { dir, saveMs: 0 });
		await published.ready();
		const file = join(dir, 'places.ndjson');
		await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('Secretissime');
		await published.stop();
		const second = await open(feed, { dir, saveMs: 3_600_000 });
		await expect.poll(() => second.status().database).toBe('up');
		if (kind === 'withdrawn') feed.take(id, kind);
		else feed.put({ ...place, facts: { ...place.facts, name: '…' } }, kind);
		await expect.poll(() => readFile(file, 'utf8')).not.toContain('Secretissime');
	});
});
