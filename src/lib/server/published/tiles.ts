import { isTile } from '../../geo/tile.ts';
import type { Filters } from './filters.ts';
import { tests } from './layers.ts';
import type { Accept, Frame, Layer } from './layers.ts';
import { compareText } from './text.ts';
import { curveZoom, positionBits } from './curve.ts';
import { blockSize, hiddenOnCurve, lowerBound, stretchOf, tileIndexOf } from './tile-index.ts';
import type { TileIndex } from './tile-index.ts';
import { TileWriter } from './tile-writer.ts';

export const layerName = 'places';
export const extent = 4096;
/** So much beyond each edge, in parts of the extent: who draws tile by tile does not cut a sign that stands on an edge. */
export const buffer = 64;
/** From here on every place is a point of its own; a client draws deeper zooms from these tiles. */
export const maxTileZoom = 14;
/** Who asks for deeper ones all the same gets them. */
export const deepestTileZoom = curveZoom;
/** Two to the power of it are the cells on a side of a tile: 64 pixels on a map of 512-pixel tiles, about a thumb. */
const cellZooms = 3;

/**
 * One vector tile, layer `places`. A place has `id`, `name`, `kind`, `category`, `theme`; a cluster `cluster`, `point_count`,
 * `count_<theme>` for each theme in it, and `theme` when there is one only. Null when there is no such tile; no bytes when nothing is in it.
 * The same on every node: clusters are cells of one grid over the world, points ascend by id, and everything is added up in whole numbers.
 */
export function drawTile(frame: Frame, z: number, x: number, y: number, filters: Partial<Filters> = {}): Uint8Array | null {
	if (!isTile(z, x, y, deepestTileZoom)) return null;
	const square = { z, x, y, unit: 2 ** (positionBits - z) / extent };
	const writer = new TileWriter({ name: layerName, extent });
	const narrowed = Object.values(tests(frame, filters));
	const accept: Accept | null = narrowed.length === 0 ? null : (segment, item) => narrowed.every((test) => test(segment, item));
	if (z >= maxTileZoom) drawPoints(frame, square, accept, writer);
	else drawClusters(frame, square, accept, writer);
	return writer.finish();
}

interface Square {
	z: number;
	x: number;
	y: number;
	/** Of the extent, in parts of a position. */
	unit: number;
}

/** In parts of the extent, from the corner of the tile; rounded down, so that each place is within one tile and no other. */
const within = (position: number, tile: number, unit: number) => Math.floor(position / unit) - tile * extent;

const isNear = (x: number, y: number) => Math.min(x, y) >= -buffer && Math.max(x, y) < extent + buffer;

/** The squares of a zoom that cover a tile, and those around it. */
function* squaresAround({ z, x, y }: Square, zoom: number): Generator<[x: number, y: number, isInside: boolean]> {
	const side = 2 ** (zoom - z);
	const count = 2 ** zoom;
	const [left, top] = [x * side, y * side];
	for (let row = Math.max(0, top - 1); row <= Math.min(count - 1, top + side); row++)
		for (let column = Math.max(0, left - 1); column <= Math.min(count - 1, left + side); column++)
			yield [column, row, row >= top && row < top + side && column >= left && column < left + side];
}

function drawPoints(frame: Frame, square: Square, accept: Accept | null, writer: TileWriter): void {
	const { x, y, unit } = square;
	const describe = describer(frame, writer);
	const draw = ({ layer, index }: Drawn, item: number) => {
		const at = index.position[item]!;
		writer.point(within(index.x[at]!, x, unit), within(index.y[at]!, y, unit), describe(layer, index, at));
	};
	const all = frame.layers.map((layer) => itemsAround(layer, square, accept)).filter(({ items }) => items.length > 0);
	const [alone] = all;
	// Numbers: an object for each of a thousand places takes as long as drawing them.
	if (alone && all.length === 1) for (const item of alone.items) draw(alone, item);
	else for (const [of, item] of ascending(all)) draw(of, item);
}

interface Drawn {
	layer: Layer;
	index: TileIndex;
	/** Ascending, as their ids do. */
	items: Uint32Array;
}

/** The items of a layer in a tile and its buffer. */
function itemsAround(layer: Layer, square: Square, accept: Accept | null): Drawn {
	const { segment, hidden } = layer;
	const { z, x, y, unit } = square;
	const index = tileIndexOf(segment);
	const found: number[] = [];
	const look = ([from, to]: [number, number], isInside: boolean) => {
		for (let at = from; at < to; at++) {
			const item = index.order[at]!;
			if (hidden?.[item] || accept?.(segment, item) === false) continue;
			if (isInside || isNear(within(index.x[at]!, x, unit), within(index.y[at]!, y, unit))) found.push(item);
		}
	};
	look(stretchOf(index, z, x, y), true);
	for (const [column, row, isInside] of squaresAround(square, curveZoom))
		if (!isInside) look(stretchOf(index, curveZoom, column, row), false);
	return { layer, index, items: Uint32Array.from(found).sort() };
}

/** The items of several layers by their ids. */
function ascending(all: Drawn[]): [Drawn, number][] {
	const idOf = ([{ layer }, item]: [Drawn, number]) => layer.segment.ids[item]!;
	return all
		.flatMap((of) => Array.from(of.items, (item): [Drawn, number] => [of, item]))
		.sort((a, b) => compareText(idOf(a), idOf(b)));
}

/** What is in a cell. */
interface Cell {
	count: number;
	/** Of positions. */
	sumX: number;
	sumY: number;
	/** Places by category code. */
	ofCategory: Uint32Array;
	/** Where one of them is: all there is to know of one that is alone. */
	one: { layer: Layer; index: TileIndex; at: number } | null;
}

/** Cell by cell: no object per place, which the world's tile has 100,000 of. */
function drawClusters(frame: Frame, square: Square, accept: Accept | null, writer: TileWriter): void {
	const { z, x, y, unit } = square;
	const describe = describer(frame, writer);
	const { themes, codes } = codesOfThemes(frame);
	const describeCluster = clusterDescriber(themes, writer);
	const cell: Cell = { count: 0, sumX: 0, sumY: 0, ofCategory: new Uint32Array(codes.length), one: null };
	const shares = new Uint32Array(themes.length);
	for (const [column, row] of squaresAround(square, z + cellZooms)) {
		for (const layer of frame.layers) {
			const index = tileIndexOf(layer.segment);
			const [from, to] = stretchOf(index, z + cellZooms, column, row);
			if (accept || to - from < 2 * blockSize) addOneByOne(cell, layer, index, [from, to], accept);
			else addInBlocks(cell, layer, index, [from, to]);
		}
		const { count, sumX, sumY, one, ofCategory } = cell;
		if (!one) continue;
		const [px, py] = [within(sumX / count, x, unit), within(sumY / count, y, unit)];
		if (isNear(px, py)) {
			shares.fill(0);
			for (let code = 0; code < codes.length; code++) shares[codes[code]!]! += ofCategory[code]!;
			const tags = count === 1 ? describe(one.layer, one.index, one.at) : describeCluster(count, shares);
			writer.point(px, py, tags);
		}
		Object.assign(cell, { count: 0, sumX: 0, sumY: 0, one: null });
		ofCategory.fill(0);
	}
}

function addOneByOne(cell: Cell, layer: Layer, index: TileIndex, [from, to]: [number, number], accept: Accept | null): void {
	const { segment, hidden } = layer;
	const { order, categories, x, y } = index;
	const { ofCategory } = cell;
	const narrow = hidden !== null || accept !== null;
	let [count, sumX, sumY, last] = [0, 0, 0, -1];
	for (let at = from; at < to; at++) {
		if (narrow && (hidden?.[order[at]!] || accept?.(segment, order[at]!) === false)) continue;
		count++;
		sumX += x[at]!;
		sumY += y[at]!;
		ofCategory[categories[at]!]!++;
		last = at;
	}
	cell.count += count;
	cell.sumX += sumX;
	cell.sumY += sumY;
	if (last !== -1) cell.one = { layer, index, at: last };
}

/** All of a stretch that nobody narrows: whole blocks, what is left at both ends, without those that are hidden. */
function addInBlocks(cell: Cell, layer: Layer, index: TileIndex, [from, to]: [number, number]): void {
	const { categories, x, y, blocks } = index;
	const { ofCategory } = cell;
	const { width } = blocks;
	const [first, last] = [Math.ceil(from / blockSize), Math.floor(to / blockSize)];
	cell.count += (last - first) * blockSize;
	cell.sumX += blocks.sumX[last]! - blocks.sumX[first]!;
	cell.sumY += blocks.sumY[last]! - blocks.sumY[first]!;
	for (let code = 0; code < width; code++)
		ofCategory[code]! += blocks.ofCategory[last * width + code]! - blocks.ofCategory[first * width + code]!;
	const add = (at: number, sign: 1 | -1) => {
		cell.count += sign;
		cell.sumX += sign * x[at]!;
		cell.sumY += sign * y[at]!;
		ofCategory[categories[at]!]! += sign;
	};
	for (let at = from; at < first * blockSize; at++) add(at, 1);
	for (let at = last * blockSize; at < to; at++) add(at, 1);
	const gone = layer.hidden ? hiddenOnCurve(index, layer.hidden) : noneHidden;
	const firstGone = lowerBound(gone, from, 0);
	let left = to - from;
	for (let i = firstGone; i < gone.length && gone[i]! < to; i++, left--) add(gone[i]!, -1);
	if (left > 0) cell.one = { layer, index, at: firstLeft(gone, firstGone, from) };
}

const noneHidden = new Uint32Array(0);

/** The first from there on that is not gone. */
function firstLeft(gone: Uint32Array, firstGone: number, from: number): number {
	let at = from;
	for (let i = firstGone; gone[i] === at; i++) at++;
	return at;
}

/** A number per category code: the same for categories of one theme. */
function codesOfThemes({ reference, dictionaries }: Frame): { themes: string[]; codes: Int32Array } {
	const { slugs } = dictionaries.categories;
	const themeOfSlug = (slug: string) => reference.categoryBySlug.get(slug)?.theme ?? '';
	// In an order that doesn't depend on which places came first: a tile has the same bytes on every node.
	const themes = [...new Set(slugs.map(themeOfSlug))].sort(compareText);
	return { themes, codes: Int32Array.from(slugs, (slug) => themes.indexOf(themeOfSlug(slug))) };
}

type Describe = (layer: Layer, index: TileIndex, at: number) => readonly number[];

/** The tags of a place, until the next one's. What many places share is looked up once. */
function describer({ reference, dictionaries }: Frame, writer: TileWriter): Describe {
	const keys = ['id', 'name', 'kind', 'category', 'theme'];
	const tags: number[] = [];
	const ofKind: number[] = [];
	const ofCategory: number[] = [];
	const ofTheme: number[] = [];
	return ({ segment }, { texts, order, categories }, at) => {
		// No key without a place.
		if (tags.length === 0) for (const key of keys) tags.push(writer.key(key), 0);
		const [kind, category] = [segment.kinds[order[at]!]!, categories[at]!];
		const first = writer.pair(texts, at);
		tags[1] = first;
		tags[3] = first + 1;
		tags[5] = ofKind[kind] ??= writer.value(kind === 0 ? 'service' : 'initiative');
		tags[7] = ofCategory[category] ??= writer.value(dictionaries.categories.slugs[category]!);
		tags[9] = ofTheme[category] ??= writer.value(
			reference.categoryBySlug.get(dictionaries.categories.slugs[category]!)?.theme ?? ''
		);
		return tags;
	};
}

type DescribeCluster = (count: number, shares: Uint32Array) => readonly number[];

/** The tags of a cluster, until the next one's. @param themes of the shares */
function clusterDescriber(themes: string[], writer: TileWriter): DescribeCluster {
	const tags: number[] = [];
	const keysOfThemes: number[] = [];
	const theThemes: number[] = [];
	return (count, shares) => {
		tags.length = 0;
		tags.push(writer.key('cluster'), writer.value(true), writer.key('point_count'), writer.value(count));
		let [present, only] = [0, 0];
		for (let code = 0; code < shares.length; code++) if (shares[code]! > 0) [present, only] = [present + 1, code];
		if (present === 1) tags.push(writer.key('theme'), (theThemes[only] ??= writer.value(themes[only]!)));
		for (let code = 0; code < shares.length; code++)
			if (shares[code]! > 0)
				tags.push((keysOfThemes[code] ??= writer.key(`count_${themes[code]!}`)), writer.value(shares[code]!));
		return tags;
	};
}
