import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { cutsAt, numbersOfLine } from '../../src/lib/server/published/lines.ts';
import { mergeChanges } from '../../src/lib/server/published/merge.ts';
import type { Coded } from '../../src/lib/server/published/merge.ts';
import { encodeLine } from '../../src/lib/server/published/record.ts';
import { itemOf, newDictionaries, SegmentBuilder } from '../../src/lib/server/published/segment.ts';
import type { Dictionaries } from '../../src/lib/server/published/segment.ts';
import { wastefulSlabs } from '../../src/lib/server/published/slabs.ts';
import { emptyParts, Snapshot } from '../../src/lib/server/published/snapshot.ts';
import { compareText } from '../../src/lib/server/published/text.ts';
import { randomUuid, seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();
const byCategory = new Map(rows.categories.map((category) => [category.slug, category]));
const ids = Array.from(
	{ length: 12 },
	(
		(random) => () =>
			randomUuid(random)
	)(seeded(4))
);
const instantly = () => Promise.resolve();
type Lines = Map<string, Uint8Array>;

/** Two places of one number may share a name; every third has photos, present and former. */
function placeOf(id: string, number: number): Place {
	const place = syntheticPlace(seeded(number % 7), rows, id);
	const photo = (of: number) => ({ id: randomUuid(seeded(of)), licence: 'CC-BY-4.0', alt: {} });
	const operation = { fact: 'photos', old: [photo(number + 1000)], new: [] };
	if (number % 3 === 0) {
		place.facts.photos = [photo(number)] as never;
		place.history = [{ ...place.history[0]!, operations: [operation] } as never];
	}
	return { ...place, version: number };
}

const lineOf = (id: string, number: number) => {
	const place = placeOf(id, number);
	return encodeLine(place, byCategory.get(place.category));
};

function built(lines: Lines): Coded {
	const dictionaries = newDictionaries();
	const builder = new SegmentBuilder(dictionaries);
	for (const [, line] of [...lines].sort(([a], [b]) => compareText(a, b))) builder.add(line);
	return { segment: builder.finish(), dictionaries };
}

/** All that a segment says, codes and terms as words. */
function said({ segment, dictionaries }: Coded) {
	const { tree, postings, lines, tally, ...columns } = segment;
	const words = (name: keyof Dictionaries) => Array.from(segment[name], (code) => dictionaries[name].slugs[code]);
	const names = Object.keys(dictionaries) as (keyof Dictionaries)[];
	const terms = [...postings.terms].map(([word, term]): [string, number[]] => {
		return [word, [...postings.entries.subarray(postings.starts[term], postings.starts[term + 1])]];
	});
	return {
		...columns,
		...Object.fromEntries(names.map((name) => [name, words(name)])),
		known: Object.fromEntries(names.map((name) => [name, dictionaries[name].slugs.toSorted()])),
		photos: Object.fromEntries(segment.photos),
		formerPhotos: Object.fromEntries(segment.formerPhotos),
		lines: Array.from(lines, (line) => Buffer.from(line).toString()),
		cuts: Array.from(lines, (_, item) => [...lines.where.subarray(item * numbersOfLine + cutsAt, (item + 1) * numbersOfLine)]),
		terms: Object.fromEntries(terms),
		entries: postings.entries.length,
		near: tree.range(-180, -90, 180, 90).sort((a, b) => a - b),
		tally: tally.total.length,
		items: segment.ids.map((id) => itemOf(segment, id))
	};
}

describe('changes merged into a base', () => {
	it('say what a base built anew of the same places says, one merge after another', async () => {
		const change = fc.tuple(fc.constantFrom(...ids), fc.option(fc.nat(200)));
		const batch = fc.array(change, { maxLength: 8 });
		await fc.assert(
			fc.asyncProperty(batch, fc.array(batch, { minLength: 1, maxLength: 4 }), async (first, batches) => {
				const truth: Lines = new Map();
				const apply = (changes: typeof first) => {
					const changed = new Map(changes.map(([id, number]) => [id, number === null ? null : lineOf(id, number)]));
					for (const [id, line] of changed) if (!line) truth.delete(id);
					for (const [id, line] of changed) if (line) truth.set(id, line);
					return changed;
				};
				apply(first);
				let merged = built(truth);
				for (const changes of batches) {
					merged = await mergeChanges(merged, apply(changes), instantly);
					expect(said(merged)).toEqual(said(built(truth)));
				}
			}),
			{ numRuns: 300 }
		);
	});

	it('leave what somebody still reads as it was', async () => {
		const before = built(new Map(ids.map((id, i) => [id, lineOf(id, i)])));
		const words = structuredClone(said(before));
		const changed = new Map(ids.slice(3).map((id, i) => [id, i % 2 ? lineOf(id, 100 + i) : null]));
		await mergeChanges(before, changed, instantly);
		expect(said(before)).toEqual(words);
	});

	it('do not keep the buffers of lines that are gone, nor copy everything at once', async () => {
		const random = seeded(11);
		const many = Array.from({ length: 4000 }, () => randomUuid(random)).sort(compareText);
		let coded = built(new Map(many.map((id, i) => [id, lineOf(id, i)])));
		const shares: number[] = [];
		let copies = 0;
		for (let round = 1; round <= 40; round++) {
			const changed = new Map(many.filter(() => random() < 0.05).map((id) => [id, lineOf(id, round * 1000)]));
			const former = new Map([...coded.segment.lines].map((line, item) => [coded.segment.ids[item]!, line]));
			const isThere = (id: string, { buffer, byteOffset }: Uint8Array) =>
				former.get(id)?.buffer === buffer && former.get(id)?.byteOffset === byteOffset;
			coded = await mergeChanges(coded, changed, instantly);
			const { lines, ids } = coded.segment;
			const sum = (sizes: Iterable<number>) => [...sizes].reduce((all, size) => all + size, 0);
			const kept = sum(lines.slabs.map(({ buffer }) => buffer.byteLength));
			shares.push(sum(Array.from(lines, ({ length }) => length)) / kept);
			copies += Array.from(lines, (line, item) => isThere(ids[item]!, line)).filter((is) => !is).length - changed.size;
		}
		expect(Math.min(...shares), 'of the memory of lines that is of lines').toBeGreaterThan(0.6);
		expect(copies / 40 / many.length, 'of the lines that a merge copies').toBeLessThan(0.2);
	});

	it('keep no more memory than their bytes while they wait', () => {
		const snapshot = new Snapshot(emptyParts(rows, () => 0));
		for (let seq = 1; seq <= 300; seq++) {
			const id = ids[seq % ids.length]!;
			const changes = { tombstones: new Map(), reference: {}, changes: [] };
			snapshot.apply({ seq, places: new Map([[id, placeOf(id, seq)]]), ...changes });
		}
		const lines = [...snapshot.view.lines()];
		expect(lines).toHaveLength(ids.length);
		for (const { buffer, length } of lines) expect(buffer.byteLength).toBe(length);
	});

	it('let the worst buffers go first, sixteen megabytes at once', () => {
		const megabyte = 1 << 20;
		const sizes = Array.from({ length: 7 }, () => 8 * megabyte);
		const alive = (...megabytes: number[]) => megabytes.map((each) => each * megabyte);
		expect([...wastefulSlabs(sizes, alive(7, 5.5, 5, 4, 3, 1, 0))]).toEqual([6, 5, 4, 3, 2]);
		expect([...wastefulSlabs(sizes.slice(0, 3), alive(7, 5.5, 5))]).toEqual([2, 1]);
		expect([...wastefulSlabs([megabyte, 8 * megabyte], alive(0.9, 0.9))], 'small ones that are full stay').toEqual([1]);
	});
});
