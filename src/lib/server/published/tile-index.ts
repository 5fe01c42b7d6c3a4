import { project } from '../../geo/tile.ts';
import { curveZoom, interleave, quantised, squareOf } from './curve.ts';
import type { Segment } from './segment.ts';
import { textsOf } from './tile-writer.ts';
import type { Texts } from './tile-writer.ts';

/** More than a segment has items: a code of 32 bits and an item are one number that sorts as they do. */
const itemSpan = 2 ** 21;

/** So many neighbours on the curve are added up beforehand. */
export const blockSize = 64;

/**
 * The items of a segment in the order of a curve (see curve.ts) on which each square of the tile scheme is one stretch: a tile costs what is drawn in it. About a hundred bytes for each place, most of them its words.
 */
export interface TileIndex {
	order: Uint32Array;
	/** Where an item is in that order. */
	position: Uint32Array;
	codes: Uint32Array;
	categories: Uint32Array;
	/** Web Mercator, from the north-west, in parts of 2³² of the world's side; in the order of the curve. */
	x: Uint32Array;
	y: Uint32Array;
	/** The id and the name of each as a tile has them; in the order of the curve. */
	texts: Texts;
	blocks: Blocks;
}

/** Of all that stands before each block, the last of which is beyond the end. */
export interface Blocks {
	sumX: Float64Array;
	sumY: Float64Array;
	/** By block and category code. */
	ofCategory: Uint32Array;
	/** How many codes there are. */
	width: number;
}

const indexes = new WeakMap<Segment, TileIndex>();

/** Made when the first tile is drawn, a tenth of a second for 100,000 places, and as long alive as its segment. */
export function tileIndexOf(segment: Segment): TileIndex {
	const known = indexes.get(segment);
	if (known) return known;
	const steps = makeIndex(segment);
	for (;;) {
		const { done, value } = steps.next();
		if (done) return value;
	}
}

/** That of a segment that takes the place of one which tiles were drawn of; `breathe` is awaited between its steps. */
export async function renewTileIndex(former: Segment, segment: Segment, breathe: () => Promise<void>): Promise<void> {
	if (!indexes.has(former)) return;
	for (const steps = makeIndex(segment); !steps.next().done;) await breathe();
}

function* makeIndex(segment: Segment): Generator<void, TileIndex> {
	const { size, lon, lat, ids, names } = segment;
	const [xs, ys] = [new Uint32Array(size), new Uint32Array(size)];
	const keys = new Float64Array(size);
	for (let item = 0; item < size; item++) {
		const { x, y } = project(lon[item]!, lat[item]!);
		xs[item] = quantised(x);
		ys[item] = quantised(y);
		keys[item] = squareOf(xs[item]!, ys[item]!) * itemSpan + item;
	}
	yield;
	keys.sort();
	yield;
	const order = Uint32Array.from(keys, (key) => key % itemSpan);
	const codes = Uint32Array.from(keys, (key) => Math.floor(key / itemSpan));
	const position = new Uint32Array(size);
	for (let at = 0; at < size; at++) position[order[at]!] = at;
	const categories = order.map((item) => segment.categories[item]!);
	const [x, y] = [order.map((item) => xs[item]!), order.map((item) => ys[item]!)];
	yield;
	const blocks = blocksOf(categories, x, y);
	const texts = yield* textsOf(order, ids, names);
	const index = { order, codes, position, categories, x, y, blocks, texts };
	indexes.set(segment, index);
	return index;
}

function blocksOf(categories: Uint32Array, x: Uint32Array, y: Uint32Array): Blocks {
	const count = Math.ceil(categories.length / blockSize);
	const width = categories.reduce((most, code) => Math.max(most, code + 1), 0);
	const [sumX, sumY, ofCategory] = [
		new Float64Array(count + 1),
		new Float64Array(count + 1),
		new Uint32Array((count + 1) * width)
	];
	for (let block = 0; block < count; block++) {
		const next = (block + 1) * width;
		ofCategory.copyWithin(next, block * width, next);
		sumX[block + 1] = sumX[block]!;
		sumY[block + 1] = sumY[block]!;
		const end = Math.min((block + 1) * blockSize, categories.length);
		for (let at = block * blockSize; at < end; at++) {
			sumX[block + 1]! += x[at]!;
			sumY[block + 1]! += y[at]!;
			ofCategory[next + categories[at]!]!++;
		}
	}
	return { sumX, sumY, ofCategory, width };
}

const hiddenPlaces = new WeakMap<Uint8Array, Uint32Array>();

/** Where on the curve those are that a view hides, ascending. */
export function hiddenOnCurve({ position }: TileIndex, hidden: Uint8Array): Uint32Array {
	let known = hiddenPlaces.get(hidden);
	if (!known) {
		const found: number[] = [];
		for (let item = hidden.indexOf(1); item >= 0; item = hidden.indexOf(1, item + 1)) found.push(position[item]!);
		hiddenPlaces.set(hidden, (known = Uint32Array.from(found).sort()));
	}
	return known;
}

/** Where the items of a square are in the index, the end excluded. Zoom 16 at most. */
export function stretchOf({ codes }: TileIndex, z: number, x: number, y: number): [from: number, to: number] {
	const side = curveZoom - z;
	const first = interleave(x * 2 ** side, y * 2 ** side);
	const from = lowerBound(codes, first, 0);
	return [from, lowerBound(codes, first + 4 ** side, from)];
}

/** The first that is not below the code, in ascending ones. */
export function lowerBound(codes: Uint32Array, code: number, from: number): number {
	let [low, high] = [from, codes.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (codes[middle]! < code) low = middle + 1;
		else high = middle;
	}
	return low;
}
