import type { Place } from '../../../domain/place.ts';
import { idOf } from '../../published/layers.ts';
import type { Ref } from '../../published/layers.ts';
import type { Selection } from '../../published/select.ts';
import type { View } from '../../published/view.ts';
import { nextTurn } from '../next-turn.ts';
import { slice } from './slice.ts';

/** Milliseconds after which a reading that tests places one by one gives up. */
export const budget = 1500;
/** Writing and compressing a place takes so often the time of reading one: kept free for those found, however busy the machine is. */
const writing = 4;
/** Milliseconds that counting all of them may take besides: a first page is worth more than its number. */
const counting = 500;

export interface Reading {
	view: View;
	selection: Selection;
	/** What the columns of the snapshot can't tell. */
	accepts: ((place: Place) => boolean) | null;
}

export interface From {
	/** The id after which to begin; null at the beginning. */
	after: string | null;
	/** How many to leave out from there. */
	skip: number;
	limit: number;
}

export interface Page {
	/** Not yet read: most are only written. */
	places: Ref[];
	/** Where the next one begins; null at the end. */
	next: string | null;
	/** False when time ran out before the page was full. */
	whole: boolean;
}

/** Up to `limit` places, in slices. `until`: of `performance.now`. */
export function readPage(reading: Reading, from: From, until: number): Promise<Page> {
	return reading.accepts ? readTested(reading, reading.accepts, from, until) : readUntested(reading, from);
}

/** So many are taken between two looks at the clock, which takes as long as taking one. */
const betweenLooks = 64;

/** Those that the columns tell of; the ones left out are not even looked at. */
async function readUntested({ view, selection }: Reading, { after, skip, limit }: From): Promise<Page> {
	const places: Ref[] = [];
	let sliceEnd = performance.now() + slice;
	for (const ref of view.refs(selection, after, skip)) {
		if (places.length === limit) return { places, next: idOf(places.at(-1)!), whole: true };
		places.push(ref);
		if (places.length % betweenLooks > 0 || performance.now() < sliceEnd) continue;
		await nextTurn();
		sliceEnd = performance.now() + slice;
	}
	return { places, next: null, whole: true };
}

async function readTested(
	{ view, selection }: Reading,
	accepts: (place: Place) => boolean,
	{ after, skip, limit }: From,
	until: number
): Promise<Page> {
	const places: Ref[] = [];
	let sliceEnd = performance.now() + slice;
	let seen = after;
	const begun = performance.now();
	let read = 0;
	let left = skip;
	for (const ref of view.refs(selection, after)) {
		const now = performance.now();
		const reserve = read === 0 ? 0 : (places.length * writing * (now - begun)) / read;
		read++;
		if (now + reserve > until) return { places, next: seen, whole: places.length === limit };
		if (now > sliceEnd) {
			await nextTurn();
			sliceEnd = performance.now() + slice;
		}
		if (accepts(view.read(ref))) {
			if (left > 0) left--;
			else if (places.length < limit) places.push(ref);
			else return { places, next: idOf(places.at(-1)!), whole: true };
		}
		seen = idOf(ref);
	}
	return { places, next: null, whole: true };
}

const counts = new WeakMap<View, Map<string, number>>();
const mostCounts = 500;

/** How many there are in all; null when counting them takes too long. `key` names the reading. */
export async function countAll(reading: Reading, key: string, until: number): Promise<number | null> {
	const known = counts.get(reading.view) ?? new Map<string, number>();
	counts.set(reading.view, known);
	const before = known.get(key);
	if (before !== undefined) return before;
	const count = reading.accepts
		? await countTested(reading, Math.min(until, performance.now() + counting))
		: reading.view.total(reading.selection);
	if (known.size >= mostCounts) known.clear();
	if (count !== null) known.set(key, count);
	return count;
}

async function countTested({ view, selection, accepts }: Reading, until: number): Promise<number | null> {
	let count = 0;
	let sliceEnd = performance.now() + slice;
	for (const place of view.select(selection)) {
		const now = performance.now();
		if (now > until) return null;
		if (now > sliceEnd) {
			await nextTurn();
			sliceEnd = performance.now() + slice;
		}
		if (accepts!(place)) count++;
	}
	return count;
}
