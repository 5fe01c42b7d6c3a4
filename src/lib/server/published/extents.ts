import type { BBox } from '../../geo/bbox.ts';
import { acceptAll } from './layers.ts';
import type { Frame, Layer } from './layers.ts';
import type { Reference } from './reference.ts';
import type { Segment } from './segment.ts';
import { extent } from './select.ts';
import type { Selection } from './select.ts';

interface Kept {
	/** What decides which items a selection has. */
	reference: Reference;
	boxes: Map<string, Box>;
}

type Box = [west: number, south: number, east: number, north: number];
const nowhere: Box = [Infinity, Infinity, -Infinity, -Infinity];

/** Who asks for boxes of ever other selections must not fill the memory. */
const mostBoxes = 500;
/** A segment is the same object in hundreds of views: the boxes of all its items are kept with it. */
const kept = new WeakMap<Segment, Kept>();

/**
 * The smallest box that has the places of a selection in it; null when there are none. After a change the large segment is not gone through
 * again, unless one of the places that it hides stood at the edge of the box: no box may tell where a place had been.
 */
export function keptExtent(frame: Frame, selection: Selection): BBox | null {
	const { q, bbox, open } = selection;
	// What these have depends on more than the segment.
	if (q !== undefined || bbox !== undefined || open !== undefined) return extent(frame, selection);
	const [west, south, east, north] = frame.layers.map((layer) => boxOfLayer(frame, layer, selection)).reduce(around, nowhere);
	return west <= east ? [west, south, east, north] : null;
}

function boxOfLayer(frame: Frame, layer: Layer, selection: Selection): Box {
	const { segment, hidden } = layer;
	const whole = boxOfSegment(frame, segment, selection);
	if (!hidden) return whole;
	const accept = acceptAll(frame, selection);
	const all = { segment, hidden: null };
	for (let item = hidden.indexOf(1); item >= 0; item = hidden.indexOf(1, item + 1))
		if (isOnEdge(whole, segment, item) && accept(all, item)) return boxOf(segment, (one) => accept(layer, one));
	return whole;
}

function boxOfSegment(frame: Frame, segment: Segment, selection: Selection): Box {
	let known = kept.get(segment);
	if (known?.reference !== frame.reference || known.boxes.size >= mostBoxes)
		kept.set(segment, (known = { reference: frame.reference, boxes: new Map() }));
	const key = JSON.stringify(Object.entries(selection).sort(([a], [b]) => (a < b ? -1 : 1)));
	let box = known.boxes.get(key);
	if (!box) {
		const accept = acceptAll(frame, selection);
		const all = { segment, hidden: null };
		known.boxes.set(key, (box = boxOf(segment, (item) => accept(all, item))));
	}
	return box;
}

function boxOf({ size, lon, lat }: Segment, accept: (item: number) => boolean): Box {
	let [west, south, east, north] = nowhere;
	for (let item = 0; item < size; item++) {
		if (!accept(item)) continue;
		const [x, y] = [lon[item]!, lat[item]!];
		if (x < west) west = x;
		if (x > east) east = x;
		if (y < south) south = y;
		if (y > north) north = y;
	}
	return [west, south, east, north];
}

function isOnEdge([west, south, east, north]: Box, { lon, lat }: Segment, item: number): boolean {
	const [x, y] = [lon[item]!, lat[item]!];
	return x <= west || x >= east || y <= south || y >= north;
}

function around(a: Box, b: Box): Box {
	return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
