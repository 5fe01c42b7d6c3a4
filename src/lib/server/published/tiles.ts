import { isTile } from '../../geo/tile.ts';
import type { Filters } from './filters.ts';
import { idOf, tests } from './layers.ts';
import type { Accept, Frame, Layer } from './layers.ts';
import { compareText } from './text.ts';
import { indexZoom, itemSpan, positionBits, stretchOf, tileIndexOf } from './tile-index.ts';
import type { TileIndex } from './tile-index.ts';
import { TileWriter } from './tile-writer.ts';

export const layerName = 'places';
export const extent = 4096;
/** So much beyond each edge, in parts of the extent: who draws tile by tile does not cut a sign that stands on an edge. */
export const buffer = 64;
/** From here on every place is a point of its own; a client draws deeper zooms from these tiles. */
export const maxTileZoom = 14;
/** Who asks for deeper ones all the same gets them. */
export const deepestTileZoom = indexZoom;
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

/** A place of a layer; `at` is where it is in the index of its segment. */
interface Found {
	layer: Layer;
	index: TileIndex;
	at: number;
	item: number;
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
	const lists = frame.layers.map((layer) => placesAround(layer, square, accept));
	const [first = [], ...others] = lists;
	// Whether two places of different layers share a name is not known beforehand.
	const isAlone = others.every(({ length }) => length === 0);
	const all = isAlone ? first : lists.flat().sort((a, b) => compareText(idOf(a), idOf(b)));
	for (const place of all) {
		const { index, at } = place;
		const tags = describe(place, !isAlone || index.namesakes[place.item] === 1);
		writer.point(within(index.x[at]!, x, unit), within(index.y[at]!, y, unit), tags);
	}
}

/** The places of a layer in a tile and its buffer, ascending by id. */
function placesAround(layer: Layer, square: Square, accept: Accept | null): Found[] {
	const { segment, hidden } = layer;
	const { z, x, y, unit } = square;
	const index = tileIndexOf(segment);
	const found: number[] = [];
	const look = ([from, to]: [number, number], isInside: boolean) => {
		for (let at = from; at < to; at++) {
			const item = index.order[at]!;
			if (hidden?.[item] || accept?.(segment, item) === false) continue;
			if (isInside || isNear(within(index.x[at]!, x, unit), within(index.y[at]!, y, unit))) found.push(item * itemSpan + at);
		}
	};
	look(stretchOf(index, z, x, y), true);
	for (const [column, row, isInside] of squaresAround(square, indexZoom))
		if (!isInside) look(stretchOf(index, indexZoom, column, row), false);
	// Items ascend by id, and numbers are sorted ten times as fast as objects.
	return Array.from(Float64Array.from(found).sort(), (key): Found => {
		return { layer, index, at: key % itemSpan, item: Math.floor(key / itemSpan) };
	});
}

/** What is in a cell. */
interface Cell {
	count: number;
	/** Of positions. */
	sumX: number;
	sumY: number;
	/** Places by category code. */
	ofCategory: Uint32Array;
	/** Any of them: all there is to know of one that is alone. */
	one: Found | null;
}

/** Cell by cell: no object per place, which the world's tile has 100,000 of. */
function drawClusters(frame: Frame, square: Square, accept: Accept | null, writer: TileWriter): void {
	const { z, x, y, unit } = square;
	const describe = describer(frame, writer);
	const { themes, codes } = codesOfThemes(frame);
	const cell: Cell = { count: 0, sumX: 0, sumY: 0, ofCategory: new Uint32Array(codes.length), one: null };
	for (const [column, row] of squaresAround(square, z + cellZooms)) {
		for (const layer of frame.layers) {
			const index = tileIndexOf(layer.segment);
			addUp(cell, layer, index, stretchOf(index, z + cellZooms, column, row), accept);
		}
		const { count, sumX, sumY, one, ofCategory } = cell;
		if (!one) continue;
		const [px, py] = [within(sumX / count, x, unit), within(sumY / count, y, unit)];
		const shares = themes.map(() => 0);
		for (const [category, theme] of codes.entries()) shares[theme]! += ofCategory[category]!;
		if (isNear(px, py)) writer.point(px, py, count === 1 ? describe(one) : describeCluster(writer, count, themes, shares));
		Object.assign(cell, { count: 0, sumX: 0, sumY: 0, one: null });
		ofCategory.fill(0);
	}
}

function addUp(cell: Cell, layer: Layer, index: TileIndex, [from, to]: [number, number], accept: Accept | null): void {
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
	if (last !== -1) cell.one = { layer, index, at: last, item: order[last]! };
}

/** A number per category code: the same for categories of one theme. */
function codesOfThemes({ reference, dictionaries }: Frame): { themes: string[]; codes: Int32Array } {
	const { slugs } = dictionaries.categories;
	const themeOfSlug = (slug: string) => reference.categoryBySlug.get(slug)?.theme ?? '';
	// In an order that doesn't depend on which places came first: a tile has the same bytes on every node.
	const themes = [...new Set(slugs.map(themeOfSlug))].sort(compareText);
	return { themes, codes: Int32Array.from(slugs, (slug) => themes.indexOf(themeOfSlug(slug))) };
}

type Describe = (found: Found, hasNamesake?: boolean) => readonly number[];

/** The tags of a place, until the next one's. What many places share is looked up once. */
function describer({ reference, dictionaries }: Frame, writer: TileWriter): Describe {
	const keys = ['id', 'name', 'kind', 'category', 'theme'];
	const tags: number[] = [];
	const ofKind: number[] = [];
	const ofCategory: number[] = [];
	const ofTheme: number[] = [];
	return ({ layer: { segment }, item }, hasNamesake = true) => {
		// No key without a place.
		if (tags.length === 0) for (const key of keys) tags.push(writer.key(key), 0);
		const [kind, category, name] = [segment.kinds[item]!, segment.categories[item]!, segment.names[item]!];
		tags[1] = writer.newValue(segment.ids[item]!);
		tags[3] = hasNamesake ? writer.value(name) : writer.newValue(name);
		tags[5] = ofKind[kind] ??= writer.value(kind === 0 ? 'service' : 'initiative');
		tags[7] = ofCategory[category] ??= writer.value(dictionaries.categories.slugs[category]!);
		tags[9] = ofTheme[category] ??= writer.value(
			reference.categoryBySlug.get(dictionaries.categories.slugs[category]!)?.theme ?? ''
		);
		return tags;
	};
}

function describeCluster(writer: TileWriter, count: number, themes: string[], shares: number[]): number[] {
	const tags = [writer.key('cluster'), writer.value(true), writer.key('point_count'), writer.value(count)];
	const present = themes.filter((_, code) => shares[code]! > 0);
	if (present.length === 1) tags.push(writer.key('theme'), writer.value(present[0]!));
	for (const [code, theme] of themes.entries())
		if (shares[code]! > 0) tags.push(writer.key(`count_${theme}`), writer.value(shares[code]!));
	return tags;
}
