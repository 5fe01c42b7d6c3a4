import { freshnessOn } from '../../domain/freshness.ts';
import type { Freshness } from '../../domain/freshness.ts';
import type { BBox } from '../../geo/bbox.ts';
import type { Filters } from './filters.ts';
import { acceptAll, idOf } from './layers.ts';
import type { Frame, Layer, Ref } from './layers.ts';
import { scoreAll } from './search.ts';
import { compareText } from './text.ts';

export type Selection = Omit<Partial<Filters>, 'near' | 'limit' | 'offset'>;

/** The tree's answers must be sorted again; with more than this share of a layer, going through all of it is as quick. */
const worthSorting = 0.2;

/**
 * The places of the filters ascending by id, the order of files and of the pages of machines: those after an id are the same whatever
 * came or left before it; with `itself` that one too. None is parsed.
 */
export function* select(frame: Frame, selection: Selection, after: string | null = null, itself = false): Generator<Ref> {
	const { bbox, q, ...rest } = selection;
	const found = q === undefined ? undefined : foundBy(frame, q);
	const accept = acceptAll(frame, bbox === undefined ? rest : { ...rest, bbox });
	const cursors = frame.layers.map((layer) => ({ layer, items: itemsOf(layer, bbox), position: 0, ref: null as Ref | null }));
	const advance = (cursor: (typeof cursors)[number]) => {
		const { layer, items } = cursor;
		const said = found?.get(layer);
		const size = items?.length ?? layer.segment.size;
		for (cursor.ref = null; cursor.position < size && !cursor.ref; cursor.position++) {
			const item = items ? items[cursor.position]! : cursor.position;
			if (accept(layer, item) && (!said || said[item] === 1)) cursor.ref = { layer, item };
		}
	};
	for (const cursor of cursors) {
		if (after !== null) cursor.position = firstAfter(cursor.layer.segment.ids, cursor.items, after, itself);
		advance(cursor);
	}
	for (;;) {
		let next: (typeof cursors)[number] | null = null;
		for (const cursor of cursors) {
			if (cursor.ref && (!next || compareText(idOf(cursor.ref), idOf(next.ref!)) < 0)) next = cursor;
		}
		if (!next) return;
		yield next.ref!;
		advance(next);
	}
}

/** Copied: the scores of a search are only good until the next one, and a file is written between other requests. */
function foundBy(frame: Frame, q: string): Map<Layer, Uint8Array> | undefined {
	const found = scoreAll(frame, q)?.found;
	return found && new Map([...found].map(([layer, { items }]) => [layer, marked(layer.segment.size, items)]));
}

function marked(size: number, items: Uint32Array): Uint8Array {
	const marks = new Uint8Array(size);
	for (const item of items) marks[item] = 1;
	return marks;
}

/** How many of them each organisation takes care of. */
export function countStewards(frame: Frame, selection: Selection): Record<string, number> {
	const { slugs } = frame.dictionaries.stewards;
	const sums = new Uint32Array(slugs.length);
	for (const { layer, item } of select(frame, selection)) sums[layer.segment.stewards[item]!]!++;
	return Object.fromEntries(slugs.flatMap((slug, code) => (slug === '' || sums[code] === 0 ? [] : [[slug, sums[code]!]])));
}

/** How many of them are how fresh on a day, in days since 1970. */
export function countFreshness(frame: Frame, selection: Selection, today: number): Record<Freshness, number> {
	const counts: Record<Freshness, number> = { fresh: 0, ageing: 0, stale: 0 };
	for (const { layer, item } of select(frame, selection)) {
		const { ageingFrom, staleFrom } = layer.segment;
		counts[freshnessOn({ ageingFrom: ageingFrom[item]!, staleFrom: staleFrom[item]! }, today)]++;
	}
	return counts;
}

/** How many there are. */
export function total(frame: Frame, selection: Selection): number {
	let sum = 0;
	for (const _ of select(frame, selection)) sum++;
	return sum;
}

/** The smallest box that has them all in it; null when there are none. */
export function extent(frame: Frame, selection: Selection): BBox | null {
	let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const { layer, item } of select(frame, selection)) {
		const [lon, lat] = [layer.segment.lon[item]!, layer.segment.lat[item]!];
		[west, east] = [Math.min(west, lon), Math.max(east, lon)];
		[south, north] = [Math.min(south, lat), Math.max(north, lat)];
	}
	return west <= east ? [west, south, east, north] : null;
}

/** Ascending; null for all of them. */
function itemsOf({ segment }: Layer, bbox: BBox | undefined): Uint32Array | null {
	if (!bbox) return null;
	const [west, south, east, north] = bbox;
	const found =
		west <= east
			? segment.tree.range(west, south, east, north)
			: [...segment.tree.range(west, south, 180, north), ...segment.tree.range(-180, south, east, north)];
	if (found.length > segment.size * worthSorting) return null;
	return Uint32Array.from(found).sort();
}

function firstAfter(ids: string[], items: Uint32Array | null, after: string, itself: boolean): number {
	let low = 0;
	let high = items?.length ?? ids.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareText(ids[items ? items[middle]! : middle]!, after) < (itself ? 0 : 1)) low = middle + 1;
		else high = middle;
	}
	return low;
}
