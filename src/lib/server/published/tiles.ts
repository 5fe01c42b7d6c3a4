import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { GeoJSONVTFeature, GeoJSONVTTile } from '@maplibre/geojson-vt';
import { isTile } from '../../geo/tile.ts';
import type { Filters } from './filters.ts';
import { acceptAll } from './layers.ts';
import type { Frame, Layer, Ref } from './layers.ts';
import { compareText } from './text.ts';

export const layerName = 'places';
export const extent = 4096;
/** From here on every place is a point of its own; a client draws deeper zooms from these tiles. */
export const maxTileZoom = 14;
/** Cells per side of a tile: 64 pixels on a map of 512-pixel tiles, about a thumb. */
const cells = 8;

interface Cell {
	first: Ref;
	count: number;
	sumX: number;
	sumY: number;
	theme: string | null;
}

/**
 * One vector tile, layer `places`. A place has `id`, `name`, `kind`, `category`, `theme`; a cluster `cluster`, `point_count`, and `theme`
 * when its places share it. Null when there is no such tile; no bytes when nothing is in it.
 * Supercluster and geojson-vt index all points anew for each change (200 ms at 100,000); a pass over two columns of numbers takes
 * less than a millisecond, needs no index, obeys filters, and cells aligned to the tiles agree from tile to tile.
 */
export function drawTile(frame: Frame, z: number, x: number, y: number, filters: Partial<Filters> = {}): Uint8Array | null {
	if (!isTile(z, x, y, maxTileZoom)) return null;
	const features: GeoJSONVTFeature[] = [];
	if (z >= maxTileZoom) {
		visit(frame, z, x, y, filters, (ref, px, py) => features.push(pointFeature(frame, ref, px, py)));
		features.sort((a, b) => compareText(String(a.tags?.id), String(b.tags?.id)));
	} else {
		for (const cell of gather(frame, z, x, y, filters).values()) features.push(cellFeature(frame, cell));
	}
	if (features.length === 0) return new Uint8Array(0);
	const tile = { features } as unknown as GeoJSONVTTile;
	return fromGeojsonVt({ [layerName]: tile }, { version: 2, extent });
}

/** Calls back for each place in the tile, with its position in the tile from 0 to 1. */
function visit(
	frame: Frame,
	z: number,
	x: number,
	y: number,
	filters: Partial<Filters>,
	found: (ref: Ref, px: number, py: number) => void
): void {
	const accept = acceptAll(frame, filters);
	const count = 2 ** z;
	const drawLayer = (layer: Layer) => {
		const { segment } = layer;
		const [west, east, north, south] = [x / count, (x + 1) / count, y / count, (y + 1) / count];
		for (let item = 0; item < segment.size; item++) {
			const placeX = segment.x[item]!;
			const placeY = segment.y[item]!;
			if (placeX < west || placeX >= east || placeY < north || placeY >= south) continue;
			if (accept(layer, item)) found({ layer, item }, placeX * count - x, placeY * count - y);
		}
	};
	frame.layers.forEach(drawLayer);
}

function gather(frame: Frame, z: number, x: number, y: number, filters: Partial<Filters>): Map<number, Cell> {
	const gathered = new Map<number, Cell>();
	visit(frame, z, x, y, filters, (ref, px, py) => {
		const key = Math.floor(py * cells) * cells + Math.floor(px * cells);
		const theme = themeOf(frame, ref);
		const cell = gathered.get(key);
		if (!cell) {
			gathered.set(key, { first: ref, count: 1, sumX: px, sumY: py, theme });
			return;
		}
		cell.count++;
		cell.sumX += px;
		cell.sumY += py;
		if (cell.theme !== theme) cell.theme = null;
	});
	return new Map([...gathered].sort(([a], [b]) => a - b));
}

function themeOf({ reference, dictionaries }: Frame, { layer, item }: Ref): string {
	return reference.categoryBySlug.get(dictionaries.categories.slugs[layer.segment.categories[item]!]!)?.theme ?? '';
}

function pointFeature(frame: Frame, ref: Ref, px: number, py: number): GeoJSONVTFeature {
	const { segment } = ref.layer;
	const { item } = ref;
	return {
		type: 1,
		geometry: [[Math.round(px * extent), Math.round(py * extent)]],
		tags: {
			id: segment.ids[item],
			name: segment.names[item],
			kind: segment.kinds[item] === 0 ? 'service' : 'initiative',
			category: frame.dictionaries.categories.slugs[segment.categories[item]!],
			theme: themeOf(frame, ref)
		}
	};
}

function cellFeature(frame: Frame, { first, count, sumX, sumY, theme }: Cell): GeoJSONVTFeature {
	const [px, py] = [sumX / count, sumY / count];
	if (count === 1) return pointFeature(frame, first, px, py);
	return {
		type: 1,
		geometry: [[Math.round(px * extent), Math.round(py * extent)]],
		tags: { cluster: true, point_count: count, ...(theme === null ? {} : { theme }) }
	};
}
