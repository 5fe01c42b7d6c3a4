import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { datasetOf, formats, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import type { Edition } from '../../src/lib/server/opendata/geojson.ts';
import { makeFile } from '../../src/lib/server/opendata/files/make.ts';
import type { Wish } from '../../src/lib/server/opendata/files/make.ts';
import { beginsPiece, stepsFor, textOf } from '../../src/lib/server/opendata/files/pieces.ts';
import type { Parts, Piece, PieceIndex, Step } from '../../src/lib/server/opendata/files/pieces.ts';
import { close, planOf } from '../../src/lib/server/opendata/files/plan.ts';
import { betweenOf, writePieces } from '../../src/lib/server/opendata/files/write-pieces.ts';
import { follow } from '../../src/lib/server/published/follow.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { randomUuid, seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const folder = mkdtempSync(join(tmpdir(), 'pieces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = () => join(folder, String(files++));

const placesOf = (ids: Map<string, string>) =>
	[...ids].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, name]) => ({ id, facts: { name } }) as unknown as Place);
const row = ({ id, facts }: Place) => `${id} ${facts.name}`;
const lines: Parts = {
	head: 'head\n',
	rows: (places) => places.map((one) => `${row(one)}\n`).join(''),
	joiner: '',
	tail: 'tail\n'
};
const list: Parts = { head: '[', rows: (places) => places.map(row).join(','), joiner: ',', tail: ']' };

interface Kept {
	path: string;
	index: PieceIndex;
	plain: Buffer;
	gz: Buffer;
	/** How many rows were written anew. */
	rows: number;
}

/** Writes what a map holds, from an edition before and what may have changed since. */
function write(parts: Parts, ids: Map<string, string>, before?: Kept, changed: Iterable<string> = []): Kept {
	const steps: Step[] = before ? stepsFor(before.index, changed) : [{ from: null, until: null }];
	const path = newPath();
	const isWanted = (id: string) => (step: Step) =>
		!('kept' in step) && (step.from === null || id >= step.from) && (step.until === null || id < step.until);
	const places = placesOf(ids).filter(({ id }) => steps.some(isWanted(id)));
	const open = before ? { plain: openSync(before.path, 'r'), packed: openSync(`${before.path}.gz`, 'r') } : null;
	const { head, pieces } = writePieces(path, parts, (run) => Buffer.from(parts.rows(run)), places, { steps, before: open });
	if (open) close(open);
	const index = { basis: '', seq: 0, changedAt: null, between: betweenOf(parts), head, pieces };
	return { path, index, plain: readFileSync(path), gz: readFileSync(`${path}.gz`), rows: places.length };
}

describe('a text of rows', () => {
	const ids = fc.array(fc.tuple(fc.uuid(), fc.string({ maxLength: 5 })), { maxLength: 400 });
	const edits = fc.array(fc.tuple(fc.nat(500), fc.constantFrom('come', 'change', 'leave'), fc.uuid()), { maxLength: 8 });

	it.each([
		['lines', lines],
		['a list', list]
	])('as %s, made from the edition before, has the bytes it would have from nothing', (_name, parts) => {
		fc.assert(
			fc.property(ids, fc.array(edits, { maxLength: 4 }), (first, rounds) => {
				const map = new Map(first);
				let edition = write(parts, map);
				for (const round of rounds) {
					const changed = new Set<string>();
					for (const [at, what, id] of round) {
						// Those that begin a piece are few, and what is taken away is often one.
						const some = what === 'leave' && at % 2 === 0 ? [...map.keys()].filter(beginsPiece) : [...map.keys()];
						const known = some[at % Math.max(1, some.length)] ?? id;
						const target = what === 'come' ? id : known;
						changed.add(target);
						if (what === 'leave') map.delete(target);
						else map.set(target, `${what} ${at}`);
					}
					edition = write(parts, map, edition, changed);
					const anew = write(parts, map);
					expect(edition.plain.toString()).toBe(anew.plain.toString());
					expect(edition.gz.equals(anew.gz)).toBe(true);
					expect(edition.index).toEqual(anew.index);
				}
				expect(edition.plain.toString()).toBe([...textOf(parts, placesOf(map))].join(''));
				expect(gunzipSync(edition.gz).equals(edition.plain)).toBe(true);
			}),
			{ numRuns: 60 }
		);
	});

	const town = (count: number, seed: number) => {
		const random = seeded(seed);
		return new Map(Array.from({ length: count }, () => [randomUuid(random), 'x'] as [string, string]));
	};

	it('is cut anew where the place that began a piece is gone, or another one begins', () => {
		const map = town(3000, 4);
		const begins = [...map.keys()].filter(beginsPiece);
		expect(begins.length).toBeGreaterThan(20);
		const edition = write(list, map);
		map.delete(begins[3]!);
		const after = write(list, map, edition, [begins[3]!]);
		expect(after.index).toEqual(write(list, map).index);
		map.set(begins[3]!, 'back');
		expect(write(list, map, after, [begins[3]!]).index).toEqual(write(list, map).index);
	});

	it('costs what has changed, not what is there', () => {
		const map = town(6000, 5);
		const edition = write(lines, map);
		const [some] = map.keys();
		map.set(some!, 'other');
		expect(write(lines, map, edition, [some!]).rows).toBeLessThan(600);
	});

	it('is written as a whole when most of it has changed, or nothing was there', () => {
		const pieces: Piece[] = [
			['a', 1, 1],
			['b', 1, 1],
			['c', 1, 1]
		];
		const index = {
			basis: '',
			seq: 0,
			changedAt: null,
			between: { plain: 0, packed: 0 },
			head: [0, 0] as [number, number],
			pieces
		};
		expect(stepsFor(index, ['a', 'b', 'c'])).toEqual([{ from: null, until: null }]);
		expect(stepsFor({ ...index, pieces: [] }, ['a'])).toEqual([{ from: null, until: null }]);
	});
});

describe('a whole file of a town', () => {
	const rows = syntheticReference();
	async function townOf(count: number, at?: string) {
		const random = seeded(11);
		const feed = new FakeFeed(rows);
		for (let i = 0; i < count; i++) feed.put(syntheticPlace(random, rows));
		if (at !== undefined) for (const change of feed.changes_) change.at = at;
		const snapshot = await loadSnapshot(feed, () => 0);
		const wish = (today = '2026-11-21'): Wish => {
			const edition: Edition = { view: snapshot.view, origin: 'https://carte.example', today };
			const dataset = datasetOf(snapshot.view, 'places')!;
			return { format: 'geojson', edition, dataset, selection: selectionOf(dataset) };
		};
		return { feed, wish, follow: () => follow(feed, snapshot), some: [...feed.places_.values()] };
	}
	const rename = (place: Place, name: string): Place => ({
		...place,
		version: place.version + 1,
		facts: { ...place.facts, name }
	});
	/** Whether rows of the edition before would be taken over. */
	const takesOver = (wish: Wish, before: string) => {
		const { steps, before: open } = planOf(wish, { compressed: true, before });
		if (open) close(open);
		return steps!.some((step) => 'kept' in step);
	};

	it('tells a change, an end, and a place under another licence as a file made from nothing does', async () => {
		const town = await townOf(1500);
		const before = newPath();
		await makeFile(town.wish(), { path: before, compressed: true });
		town.feed.put(rename(town.some[7]!, 'Autre nom'));
		town.feed.take(town.some[9]!.id, 'ended');
		town.feed.put({ ...town.some[12]!, facts: { ...town.some[12]!.facts, licence: 'ODbL-1.0' } });
		await town.follow();
		expect(takesOver(town.wish(), before)).toBe(true);
		const [after, anew] = [newPath(), newPath()];
		const made = await makeFile(town.wish(), { path: after, compressed: true, before });
		expect(made).toEqual(await makeFile(town.wish(), { path: anew, compressed: true }));
		expect(readFileSync(after).equals(readFileSync(anew))).toBe(true);
		const text = readFileSync(after, 'utf8');
		expect(JSON.parse(text)).toMatchObject({ seq: 1503 });
		expect([text.includes('Autre nom'), text.includes(town.some[9]!.id), text.includes(town.some[12]!.id)]).toEqual([
			true,
			false,
			false
		]);
		expect(gunzipSync(readFileSync(`${after}.gz`)).equals(readFileSync(after))).toBe(true);
		const plain = [
			...formats.geojson.text!(town.wish().edition.view.select(town.wish().selection), town.wish().edition, town.wish().dataset)
		];
		expect(text).toBe(plain.join(''));
	});

	it.each([
		['another day, of which freshness is told', (town: Awaited<ReturnType<typeof townOf>>) => town.wish('2026-11-22')],
		[
			'a category that may be judged otherwise',
			async (town: Awaited<ReturnType<typeof townOf>>) => {
				town.feed.note('category', rows.categories[0]!.slug, 'updated');
				await town.follow();
				return town.wish();
			}
		],
		[
			'another database behind the same number',
			async () => {
				const other = await townOf(300, '2026-11-20T08:00:00Z');
				other.feed.put(rename(other.some[7]!, 'Ailleurs'));
				await other.follow();
				return other.wish();
			}
		]
	])('is made from nothing after %s', async (_what, later) => {
		const town = await townOf(300);
		const before = newPath();
		await makeFile(town.wish(), { path: before, compressed: true });
		expect(existsSync(`${before}.pieces`)).toBe(true);
		expect(takesOver(await later(town), before)).toBe(false);
	});

	it('is made from nothing when the edition before has lost its index or its bytes', async () => {
		const town = await townOf(300);
		const before = newPath();
		await makeFile(town.wish(), { path: before, compressed: true });
		town.feed.put(rename(town.some[7]!, 'Autre nom'));
		await town.follow();
		expect(takesOver(town.wish(), before)).toBe(true);
		rmSync(`${before}.gz`);
		expect(takesOver(town.wish(), before)).toBe(false);
		rmSync(`${before}.pieces`);
		expect(takesOver(town.wish(), before)).toBe(false);
	});
});
