import { project } from '../../geo/tile.ts';
import type { Segment } from './segment.ts';

/** Bits of a position on each axis: a centimetre, and sums of a million of them are exact, in whatever order they are added. */
export const positionBits = 32;
/** The zoom down to which squares are stretches of the index. */
export const indexZoom = 16;
const half = positionBits - indexZoom;
/** More than a segment has items: two numbers of items, or one and a code of 32 bits, are one number that sorts as they do. */
export const itemSpan = 2 ** 21;

/**
 * The items of a segment in the order of a Z-shaped curve (https://en.wikipedia.org/wiki/Z-order_curve), on which each square of the tile
 * scheme is one stretch: a tile costs what is in it. 21 bytes for each place.
 */
export interface TileIndex {
	order: Uint32Array;
	codes: Uint32Array;
	categories: Uint32Array;
	/** Web Mercator, from the north-west, in parts of 2³² of the world's side; in the order of the curve. */
	x: Uint32Array;
	y: Uint32Array;
	/** By item: 1 where another may have the same name. */
	namesakes: Uint8Array;
}

const indexes = new WeakMap<Segment, TileIndex>();

/** Made when the first tile is drawn, 15 ms for 100,000 places, and as long alive as its segment. */
export function tileIndexOf(segment: Segment): TileIndex {
	let index = indexes.get(segment);
	if (!index) indexes.set(segment, (index = makeIndex(segment)));
	return index;
}

function makeIndex({ size, lon, lat, categories, sortKeys, byName }: Segment): TileIndex {
	const [xs, ys] = [new Uint32Array(size), new Uint32Array(size)];
	const keys = new Float64Array(size);
	for (let item = 0; item < size; item++) {
		const { x, y } = project(lon[item]!, lat[item]!);
		xs[item] = quantised(x);
		ys[item] = quantised(y);
		keys[item] = interleave(xs[item]! >>> half, ys[item]! >>> half) * itemSpan + item;
	}
	keys.sort();
	const namesakes = new Uint8Array(size);
	for (let i = 1; i < size; i++)
		if (sortKeys[byName[i]!] === sortKeys[byName[i - 1]!]) namesakes[byName[i]!] = namesakes[byName[i - 1]!] = 1;
	const order = Uint32Array.from(keys, (key) => key % itemSpan);
	return {
		order,
		codes: Uint32Array.from(keys, (key) => Math.floor(key / itemSpan)),
		categories: Uint32Array.from(order, (item) => categories[item]!),
		x: Uint32Array.from(order, (item) => xs[item]!),
		y: Uint32Array.from(order, (item) => ys[item]!),
		namesakes
	};
}

const quantised = (share: number) => Math.min(2 ** positionBits - 1, Math.max(0, Math.floor(share * 2 ** positionBits)));

/** Two numbers of 16 bits, bit by bit. */
function interleave(x: number, y: number): number {
	return (spread(x) | (spread(y) << 1)) >>> 0;
}

function spread(bits: number): number {
	let wide = bits;
	wide = (wide | (wide << 8)) & 0x00ff00ff;
	wide = (wide | (wide << 4)) & 0x0f0f0f0f;
	wide = (wide | (wide << 2)) & 0x33333333;
	return (wide | (wide << 1)) & 0x55555555;
}

/** Where the items of a square are in the index, the end excluded. Zoom 16 at most. */
export function stretchOf({ codes }: TileIndex, z: number, x: number, y: number): [from: number, to: number] {
	const side = indexZoom - z;
	const first = interleave(x * 2 ** side, y * 2 ** side);
	const from = lowerBound(codes, first, 0);
	return [from, lowerBound(codes, first + 4 ** side, from)];
}

/** The first that is not below the code. */
function lowerBound(codes: Uint32Array, code: number, from: number): number {
	let [low, high] = [from, codes.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (codes[middle]! < code) low = middle + 1;
		else high = middle;
	}
	return low;
}
