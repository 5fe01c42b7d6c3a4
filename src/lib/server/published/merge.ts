import SearchableMap from 'minisearch/SearchableMap';
import { hiding, present } from './overlay.ts';
import type { Changed } from './overlay.ts';
import type { Postings } from './postings.ts';
import { Lines, numbersOfLine } from './lines.ts';
import { withoutWaste } from './merge-lines.ts';
import type { Positions } from './merge-lines.ts';
import { firstFrom, newDictionaries, note, ranksOf, SegmentBuilder, treeOf } from './segment.ts';
import type { Dictionaries, Segment } from './segment.ts';
import { Tally } from './tally.ts';
import { compareText } from './text.ts';
import { renewTileIndex } from './tile-index.ts';

/** A segment and what its codes mean. */
export interface Coded {
	segment: Segment;
	dictionaries: Dictionaries;
}

/** Neighbours in one of the two segments that stay neighbours: `from` to `to` (exclusive) stand at `at` and after. */
interface Run {
	segment: Segment;
	from: number;
	to: number;
	at: number;
}

type Breathe = () => Promise<void>;
const sliceItems = 500;
const sliceWords = 2000;

/**
 * A base with changes in it, as if all of it had been built anew; nothing that did not change is parsed again, which would throw away a hundred
 * megabytes for 100,000 places. The dictionaries are new: hours that no place has any more are forgotten with the changes that took them away.
 * `breathe` is awaited between its steps.
 */
export async function mergeChanges(base: Coded, changed: Changed, breathe: Breathe): Promise<Coded> {
	const dictionaries = newDictionaries();
	const added = await segmentOfChanged(changed, dictionaries, breathe);
	const runs = runsOf(base.segment, added, hiding(base.segment, changed.keys(), null));
	const segments = { base: base.segment, added, runs, size: sizeOf(runs) };
	await breathe();
	const codes = codesOf(segments, base.dictionaries, dictionaries);
	await breathe();
	const numbers = columnsOf(segments);
	await breathe();
	const lines = await linesOf(segments, numbers, breathe);
	const postings = await postingsOf(segments, breathe);
	const columns = { ...numbers, ...codes, lines, postings };
	const byName = orderOf(segments);
	await breathe();
	const segment = { ...columns, byName, nameRanks: ranksOf(byName), tree: treeOf(columns) };
	await renewTileIndex(base.segment, segment, breathe);
	return { segment, dictionaries };
}

interface Merging {
	base: Segment;
	added: Segment;
	runs: Run[];
	size: number;
}

async function segmentOfChanged(changed: Changed, dictionaries: Dictionaries, breathe: Breathe): Promise<Segment> {
	const builder = new SegmentBuilder(dictionaries);
	for (const [, line] of present(changed)) {
		builder.add(line);
		if (builder.size % sliceItems === 0) await breathe();
	}
	return builder.finishSlowly(breathe);
}

/** Both ascending by id, without those of the base that are hidden. */
function runsOf(base: Segment, added: Segment, hidden: Uint8Array | null): Run[] {
	const runs: Run[] = [];
	let at = 0;
	const run = (segment: Segment, from: number, to: number) => {
		if (from < to) runs.push({ segment, from, to, at });
		at += to - from;
	};
	let item = 0;
	const baseUntil = (end: number) => {
		while (item < end) {
			const next = hidden?.indexOf(1, item) ?? -1;
			const until = next < 0 ? end : Math.min(next, end);
			run(base, item, until);
			item = Math.min(until + 1, end);
		}
	};
	for (const [next, id] of added.ids.entries()) {
		baseUntil(firstFrom(base.ids, id));
		run(added, next, next + 1);
	}
	baseUntil(base.size);
	return runs;
}

function sizeOf(runs: Run[]): number {
	const last = runs.at(-1);
	return last ? last.at + last.to - last.from : 0;
}

interface Numbers {
	set(from: ArrayLike<number>, at: number): void;
	subarray(from: number, to: number): ArrayLike<number>;
}

/** `of` a segment, run by run, into an array of the new size; `each` numbers for an item. */
function joined<T extends Numbers>(into: T, { runs }: Merging, of: (segment: Segment) => Numbers, each = 1): T {
	for (const { segment, from, to, at } of runs) into.set(of(segment).subarray(from * each, to * each), at * each);
	return into;
}

function list<T>({ runs }: Merging, of: (segment: Segment) => T[]): T[] {
	const all: T[] = [];
	for (const { segment, from, to } of runs) {
		const some = of(segment);
		for (let item = from; item < to; item++) all.push(some[item]!);
	}
	return all;
}

function columnsOf(merging: Merging) {
	const { size } = merging;
	const photos = {
		photos: photosOf(merging, ({ photos }) => photos),
		formerPhotos: photosOf(merging, (one) => one.formerPhotos)
	};
	return {
		...{ size, tally: new Tally(size), ...photos },
		ids: list(merging, ({ ids }) => ids),
		names: list(merging, ({ names }) => names),
		sortKeys: list(merging, ({ sortKeys }) => sortKeys),
		kinds: joined(new Uint8Array(size), merging, ({ kinds }) => kinds),
		wheelchair: joined(new Uint8Array(size), merging, ({ wheelchair }) => wheelchair),
		costs: joined(new Uint8Array(size), merging, ({ costs }) => costs),
		audiences: joined(new Uint16Array(size), merging, ({ audiences }) => audiences),
		verified: joined(new Int32Array(size), merging, ({ verified }) => verified),
		ageingFrom: joined(new Int32Array(size), merging, ({ ageingFrom }) => ageingFrom),
		staleFrom: joined(new Int32Array(size), merging, ({ staleFrom }) => staleFrom),
		updated: joined(new Float64Array(size), merging, ({ updated }) => updated),
		lon: joined(new Float64Array(size), merging, ({ lon }) => lon),
		lat: joined(new Float64Array(size), merging, ({ lat }) => lat)
	};
}

/** Columns of codes; those of the base are told in the new dictionaries, which have those of the added ones already. */
function codesOf(merging: Merging, former: Dictionaries, dictionaries: Dictionaries) {
	const column = (name: keyof Dictionaries): Uint32Array => {
		const codes = joined(new Uint32Array(merging.size), merging, (segment) => segment[name]);
		const { slugs } = former[name];
		const known = new Int32Array(slugs.length).fill(-1);
		for (const { segment, from, to, at } of merging.runs) {
			if (segment !== merging.base) continue;
			for (let i = at; i < at + to - from; i++) {
				const code = codes[i]!;
				if (known[code] === -1) known[code] = dictionaries[name].code(slugs[code]!);
				codes[i] = known[code]!;
			}
		}
		return codes;
	};
	return {
		categories: column('categories'),
		areas: column('areas'),
		schedules: column('schedules'),
		languages: column('languages'),
		licences: column('licences'),
		stewards: column('stewards')
	};
}

/** Of both, in the slabs of both, but for what is wasted. */
function linesOf(merging: Merging, positions: Positions, breathe: Breathe): Promise<Lines> {
	const { base, added, size, runs } = merging;
	const where = joined(new Uint32Array(size * numbersOfLine), merging, ({ lines }) => lines.where, numbersOfLine);
	for (const { segment, from, to, at } of runs)
		if (segment === added)
			for (let item = at; item < at + to - from; item++) where[item * numbersOfLine]! += base.lines.slabs.length;
	return withoutWaste(new Lines([...base.lines.slabs, ...added.lines.slabs], where), positions, breathe);
}

/** Where the items of a segment are now; −1 for those that are not any more. */
function movedOf({ runs }: Merging, segment: Segment): Int32Array {
	const moved = new Int32Array(segment.size).fill(-1);
	for (const run of runs)
		if (run.segment === segment) for (let item = run.from; item < run.to; item++) moved[item] = run.at + item - run.from;
	return moved;
}

/** Where the items of both are now, each with what belongs to it. */
function movedOfBoth(merging: Merging): [Segment, Int32Array][] {
	return [merging.base, merging.added].map((segment) => [segment, movedOf(merging, segment)]);
}

function photosOf(merging: Merging, of: (segment: Segment) => Map<string, number[]>): Map<string, number[]> {
	const all = new Map<string, number[]>();
	for (const [segment, moved] of movedOfBoth(merging))
		for (const [id, items] of of(segment)) for (const item of items) if (moved[item]! >= 0) note(all, id, moved[item]!);
	for (const items of all.values()) items.sort((a, b) => a - b);
	return all;
}

/** Word by word: what the base has of it, then what was added, ascending again. Words that nobody has any more are left out. */
async function postingsOf(merging: Merging, breathe: Breathe): Promise<Postings> {
	const { base, added } = merging;
	const [[, ofBase], [, ofAdded]] = movedOfBoth(merging) as [[Segment, Int32Array], [Segment, Int32Array]];
	const terms = new SearchableMap<number>();
	const starts: number[] = [0];
	const entries = new Uint32Array(base.postings.entries.length + added.postings.entries.length);
	let length = 0;
	const take = ({ starts, entries: from }: Postings, term: number, moved: Int32Array) => {
		for (let i = starts[term]!; i < starts[term + 1]!; i++) {
			const now = moved[from[i]! >>> 2]!;
			if (now >= 0) entries[length++] = now * 4 + (from[i]! & 3);
		}
	};
	const close = (word: string) => {
		const start = starts.at(-1)!;
		if (length === start) return;
		terms.set(word, starts.length - 1);
		starts.push(length);
	};
	for (const [word, term] of base.postings.terms) {
		const start = length;
		take(base.postings, term, ofBase);
		const more = added.postings.terms.get(word);
		if (more !== undefined) {
			take(added.postings, more, ofAdded);
			entries.subarray(start, length).sort();
		}
		close(word);
		if (starts.length % sliceWords === 0) await breathe();
	}
	for (const [word, term] of added.postings.terms) {
		if (base.postings.terms.has(word)) continue;
		take(added.postings, term, ofAdded);
		close(word);
	}
	return { terms, starts: Uint32Array.from(starts), entries: entries.slice(0, length) };
}

/** Two orders of names in one; items ascend by id, which decides among equal names. */
function orderOf(merging: Merging): Uint32Array {
	const [first, second] = movedOfBoth(merging).map(([{ byName, sortKeys }, moved]) => {
		return { items: byName.filter((item) => moved[item]! >= 0), sortKeys, moved };
	}) as [Ordered, Ordered];
	const order = new Uint32Array(merging.size);
	let [a, b] = [0, 0];
	while (a + b < order.length) {
		const isFirst = b === second.items.length || (a < first.items.length && compareItems(first, a, second, b) < 0);
		order[a + b] = isFirst ? first.moved[first.items[a]!]! : second.moved[second.items[b]!]!;
		if (isFirst) a++;
		else b++;
	}
	return order;
}

interface Ordered {
	items: Uint32Array;
	sortKeys: string[];
	moved: Int32Array;
}

function compareItems(one: Ordered, a: number, other: Ordered, b: number): number {
	const [item, second] = [one.items[a]!, other.items[b]!];
	return compareText(one.sortKeys[item]!, other.sortKeys[second]!) || one.moved[item]! - other.moved[second]!;
}
