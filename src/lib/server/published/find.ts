import { around } from 'geokdbush';
import { distance } from '../../geo/distance.ts';
import type { LonLat, Place } from '../../domain/place.ts';
import type { Filters } from './filters.ts';
import { acceptAll, compareRefs, readPlace } from './layers.ts';
import type { Frame, Layer, Ref } from './layers.ts';
import { scoreAll } from './search.ts';
import type { Scores } from './search.ts';
import { Top } from './top.ts';

export interface Hit {
	place: Place;
	/** Metres from `near`; null without it. */
	distance: number | null;
}

export interface Found {
	/** Of all pages. */
	total: number;
	hits: Hit[];
	/** No place has all the words of `q`: these have the most. */
	partly: boolean;
}

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
 */
export function find(frame: Frame, filters: Filters): Found {
	const { scores = null, partly = false } = (filters.q !== undefined && scoreAll(frame, filters.q)) || {};
	const accept = acceptAll(frame, filters);
	const matches = (layer: Layer, item: number) => {
		const score = scores?.get(layer);
		return (score === undefined || score[item]! > 0) && accept(layer, item);
	};
	const { near } = filters;
	const [refs, total] =
		near && !scores
			? nearest(frame, near, filters, matches)
			: near || scores
				? ranked(frame, filters, matches, near ?? scores!)
				: byName(frame, filters, matches);
	return { total, hits: refs.map((ref) => hit(frame, ref, near)), partly };
}

function hit(frame: Frame, ref: Ref, near: LonLat | undefined): Hit {
	return { place: readPlace(frame, ref), distance: near ? metresTo(near, ref.layer, ref.item) : null };
}

type Matches = (layer: Layer, item: number) => boolean;
type Page = [refs: Ref[], total: number];

function byName(frame: Frame, { limit, offset }: Filters, matches: Matches): Page {
	let total = 0;
	const lists = frame.layers.map((layer) => {
		const items: number[] = [];
		for (const item of layer.segment.byName) {
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

function ranked(frame: Frame, { limit, offset }: Filters, matches: Matches, order: LonLat | Scores): Page {
	const top = new Top<Ranked>(offset + limit, compareRanked);
	let total = 0;
	for (const layer of frame.layers) {
		const scores = order instanceof Map ? order.get(layer) : undefined;
		for (let item = 0; item < layer.segment.size; item++) {
			if (!matches(layer, item)) continue;
			total++;
			const rank = order instanceof Map ? -(scores?.[item] ?? 0) : metresTo(order, layer, item);
			const worst = top.threshold;
			if (worst === undefined || rank <= worst.rank) top.push({ ref: { layer, item }, rank });
		}
	}
	return [page(top, offset), total];
}

const page = (top: Top<Ranked>, offset: number) =>
	top
		.sorted()
		.slice(offset)
		.map(({ ref }) => ref);

/** Through the tree. Asked twice so that places at the same distance, such as neighbours in one house, are never cut arbitrarily. */
function nearest(frame: Frame, near: LonLat, { limit, offset }: Filters, matches: Matches): Page {
	const count = offset + limit;
	const top = new Top<Ranked>(count, compareRanked);
	let total = 0;
	for (const layer of frame.layers) {
		const { segment } = layer;
		const accept = (item: number) => matches(layer, item);
		for (let item = 0; item < segment.size; item++) if (accept(item)) total++;
		const first = around(segment.tree, near.lon, near.lat, count, Infinity, accept);
		const last = first.at(-1);
		if (last === undefined) continue;
		const reach = (metresTo(near, layer, last) / 1000) * (1 + 1e-6) + 1e-6;
		for (const item of around(segment.tree, near.lon, near.lat, Infinity, reach, accept))
			top.push({ ref: { layer, item }, rank: metresTo(near, layer, item) });
	}
	return [page(top, offset), total];
}
