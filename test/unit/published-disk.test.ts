import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshot, saveSnapshot } from '../../src/lib/server/published/disk.ts';
import { Keeper } from '../../src/lib/server/published/keeper.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { Snapshot } from '../../src/lib/server/published/snapshot.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

let dir: string;
let snapshot: Snapshot;
beforeEach(async () => {
	dir = mkdtempSync(join(tmpdir(), 'disk-'));
	const rows = syntheticReference();
	const feed = new FakeFeed(rows);
	const random = seeded(3);
	for (let i = 0; i < 3; i++) feed.put(syntheticPlace(random, rows));
	snapshot = await loadSnapshot(feed, () => 0);
});
afterEach(() => rmSync(dir, { recursive: true }));

/** One that breaks off while it is written, as on a full disk. */
function tooLarge(): Snapshot {
	const { view, last, reference } = snapshot;
	const lines = function* () {
		yield* view.lines();
		throw new Error('no space left on device');
	};
	const { seq, recent, loadedAt, size, tombstones, lostAt } = view;
	return { last, reference, view: { seq, recent, loadedAt, size, tombstones, lostAt, lines } } as unknown as Snapshot;
}

describe('the snapshot on disk', () => {
	it('comes back line for line, also when it is larger than what is read at once, and so is its first line', async () => {
		const rows = syntheticReference();
		const [feed, random] = [new FakeFeed(rows), seeded(9)];
		const description = 'é'.repeat(9000);
		for (let i = 0; i < 1100; i++) {
			const place = syntheticPlace(random, rows);
			feed.put({ ...place, facts: { ...place.facts, description } });
		}
		rows.settings.contact.name = 'a'.repeat(20_000_000);
		const large = await loadSnapshot(feed, () => 0);
		const lines = (of: Snapshot) => Array.from(of.view.lines(), (line) => Buffer.from(line).toString());
		expect(Buffer.byteLength(lines(large).join())).toBeGreaterThan(1 << 24);
		await saveSnapshot(dir, large, 7);
		const { snapshot: read } = (await readSnapshot(dir, () => 0))!;
		expect(lines(read)).toEqual(lines(large));
		expect(read.reference).toEqual(large.reference);
		expect([...read.view.all()]).toEqual([...large.view.all()]);
	});

	it.each([
		['cut off', (bytes: Buffer) => bytes.subarray(0, -200)],
		['of another byte', (bytes: Buffer) => Buffer.from(bytes.toString().replace('"version":3', '"version":4'))],
		['empty', () => Buffer.alloc(0)]
	])('is as good as none when it is %s', async (_, harm) => {
		await saveSnapshot(dir, snapshot, 7);
		const path = join(dir, 'places.ndjson');
		const bytes = readFileSync(path);
		expect(harm(bytes).equals(bytes)).toBe(false);
		writeFileSync(path, harm(bytes));
		expect(await readSnapshot(dir, () => 0)).toBeNull();
	});
});

describe('the snapshot on a full disk', () => {
	it('leaves the one of before, and no half of itself', async () => {
		await saveSnapshot(dir, snapshot, 7);
		await expect(saveSnapshot(dir, tooLarge(), 8)).rejects.toThrow('no space left');
		expect(readdirSync(dir)).toEqual(['places.ndjson']);
		expect((await readSnapshot(dir, () => 0))?.lookedAt).toBe(7);
	});

	it('is tried again every few seconds, not with each look at the feed, also when something has left the map', async () => {
		let [now, failures] = [1_000_000, 0];
		const keeper = new Keeper({ dir, saveMs: 30_000, now: () => now, warn: () => failures++ });
		// What is on the disk may hold what has left.
		keeper.begin(0, true);
		keeper.note();
		const look = async () => {
			keeper.tend(tooLarge(), 0);
			await new Promise((later) => setTimeout(later, 20));
		};
		for (let i = 0; i < 3; i++) await look();
		expect(failures).toBe(1);
		now += 5000;
		for (let i = 0; i < 3; i++) await look();
		expect(failures).toBe(2);
		// Set back.
		now -= 3_600_000;
		keeper.tend(snapshot, 9);
		await expect.poll(() => readSnapshot(dir, () => 0).then((stored) => stored?.lookedAt)).toBe(9);
	});
});
