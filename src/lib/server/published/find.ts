import { around } from 'geokdbush';
import { distance } from '../../geo/distance.ts';
import type { LonLat, Place } from '../../domain/place.ts';
import type { Filters } from './filters.ts';
import { acceptAll, compareRefs, readPlace } from './layers.ts';
import type { Frame, Layer, Ref } from './layers.ts';
import { scoreAll } from './search.ts';
import type { Search } from './search.ts';
import { Smallest } from './smallest.ts';
import { Top } from './top.ts';

export interface Hit {
	place: Place;
	/** Metres from `near`; null without it. */
	distance: number | null;
}

/** The same, not yet read. */
export interface RefHit {
	ref: Ref;
	distance: number | null;
}

interface PageOf<T> {
	/** Of all pages. */
	total: number;
	hits: T[];
	/** No place has all the words of `q`: these have the most. */
	partly: boolean;
}

export type Found = PageOf<Hit>;
export type FoundRefs = PageOf<RefHit>;

interface Ranked {
	ref: Ref;
	/** Smaller is better: minus the score, or metres. */
	rank: number;
}

const compareRanked = (a: Ranked, b: Ranked) => a.rank - b.rank || compareRefs(a.ref, b.ref);
const metresTo = (near: LonLat, { segment }: Layer, item: number) =>
	distance(near, { lon: segment.lon[item]!, lat: segment.lat[item]! });

/**
 * The places of the filters, one page of them: nearest first with `near`, else best first with `q`, else by name (case and accents
 * folded) then id: the only order that a reader of a plain list can follow with the finger.
 * @param known how many there are, from a caller who has counted them or does not ask: the others need not be looked at then
 */
export function findRefs(frame: Frame, filters: Filters, known?: number): FoundRefs {
	const search = filters.q === undefined ? null : scoreAll(frame, filters.q);
	const matches = acceptAll(frame, filters);
	const { near } = filters;
	const [refs, counted] = search
		? ranked(search, filters, matches)
		: near
			? nearest(frame, near, filters, matches, known === undefined)
			: byName(frame, filters, matches, known === undefined);
	const hits = refs.map((ref) => ({ ref, distance: near ? metresTo(near, ref.layer, ref.item) : null }));
	return { total: known ?? counted, hits, partly: search?.partly ?? false };
}

/** @see findRefs */
export function find(frame: Frame, filters: Filters, known?: number): Found {
	const { hits, ...found } = findRefs(frame, filters, known);
	return { ...found, hits: hits.map(({ ref, distance }) => ({ place: readPlace(frame, ref), distance })) };
}

type Matches = (layer: Layer, item: number) => boolean;
/** The number is of those that were looked at: of all, when all are counted. */
type Page = [refs: Ref[], total: number];

function byName(frame: Frame, { limit, offset }: Filters, matches: Matches, all: boolean): Page {
	let total = 0;
	const lists = frame.layers.map((layer) => {
		const items: number[] = [];
		for (const item of layer.segment.byName) {
			if (!all && items.length >= offset + limit) break;
			if (!matches(layer, item)) continue;
			total++;
			if (items.length < offset + limit) items.push(item);
		}
		return { layer, items, next: 0 };
	});
	const refs: Ref[] = [];
	for (let position = 0; position < Math.min(total, offset + limit); position++) {
		let first: { ref: Ref; list: (typeof lists)[number] } | null = null;
		for (const list of lists) {
			const item = list.items[list.next];
			if (item === undefined) continue;
			const ref = { layer: list.layer, item };
			if (!first || compareRefs(ref, first.ref) < 0) first = { ref, list };
		}
		first!.list.next++;
		if (position >= offset) refs.push(first!.ref);
	}
	return [refs, total];
}

/** What a search found: nearest first with `near`, else best first. */
function ranked({ found }: Search, { near, limit, offset }: Filters, matches: Matches): Page {
	const top = new Top<Ranked>(offset + limit, compareRanked);
	let total = 0;
	for (const [layer, { items, total: scores }] of found) {
		const smallest = new Smallest(Math.min(offset + limit, items.length), layer.segment.nameRanks);
		for (let i = 0; i < items.length; i++) {
			const item = items[i]!;
			if (!matches(layer, item)) continue;
			total++;
			smallest.offer(item, near ? metresTo(near, layer, item) : -scores[item]!);
		}
		for (const { item, rank } of smallest.entries()) top.push({ ref: { layer, item }, rank });
	}
	return [page(top, offset), total];
}

const page = (top: Top<Ranked>, offset: number) =>
	top
		.sorted()
		.slice(offset)
		.map(({ ref }) => ref);

/** Through the tree. Asked twice so that places at the same distance, such as neighbours in one house, are never cut arbitrarily. */
function nearest(frame: Frame, near: LonLat, { limit, offset }: Filters, matches: Matches, all: boolean): Page {
	const count = offset + limit;
	const top = new Top<Ranked>(count, compareRanked);
	let total = 0;
	for (const layer of frame.layers) {
		const { segment } = layer;
		const accept = (item: number) => matches(layer, item);
		if (all) for (let item = 0; item < segment.size; item++) if (accept(item)) total++;
		const first = around(segment.tree, near.lon, near.lat, count, Infinity, accept);
		const last = first.at(-1);
		if (last === undefined) continue;
		const reach = (metresTo(near, layer, last) / 1000) * (1 + 1e-6) + 1e-6;
		for (const item of around(segment.tree, near.lon, near.lat, Infinity, reach, accept))
			top.push({ ref: { layer, item }, rank: metresTo(near, layer, item) });
	}
	return [page(top, offset), total];
}
