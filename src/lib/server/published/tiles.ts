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

/**
 * One vector tile, layer `places`. A place has `id`, `name`, `kind`, `category`, `theme`; a cluster `cluster`, `point_count`,
 * `count_<theme>` for each theme in it, and `theme` when there is one only. Null when there is no such tile; no bytes when nothing is in it.
 * Supercluster and geojson-vt index all points anew for each change (200 ms at 100,000); a pass over two columns of numbers takes
 * less than a millisecond, needs no index, obeys filters, and cells aligned to the tiles agree from tile to tile.
 */
export function drawTile(frame: Frame, z: number, x: number, y: number, filters: Partial<Filters> = {}): Uint8Array | null {
	if (!isTile(z, x, y, maxTileZoom)) return null;
	const features: GeoJSONVTFeature[] = [];
	if (z >= maxTileZoom) {
		visit(frame, z, x, y, filters, (layer, item, px, py) => features.push(pointFeature(frame, { layer, item }, px, py)));
		features.sort((a, b) => compareText(String(a.tags?.id), String(b.tags?.id)));
	} else {
		features.push(...clusters(frame, z, x, y, filters));
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
	found: (layer: Layer, item: number, px: number, py: number) => void
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
			if (accept(layer, item)) found(layer, item, placeX * count - x, placeY * count - y);
		}
	};
	frame.layers.forEach(drawLayer);
}

/** Sums in arrays by cell: no object per place, which the world's tile has 100,000 of. */
function clusters(frame: Frame, z: number, x: number, y: number, filters: Partial<Filters>): GeoJSONVTFeature[] {
	const size = cells * cells;
	const counts = new Uint32Array(size);
	const sumX = new Float64Array(size);
	const sumY = new Float64Array(size);
	const firsts: Ref[] = [];
	const { themes, codes } = codesOfThemes(frame);
	const themeCounts = new Uint32Array(size * themes.length);
	visit(frame, z, x, y, filters, (layer, item, px, py) => {
		const cell = Math.floor(py * cells) * cells + Math.floor(px * cells);
		if (counts[cell]!++ === 0) firsts[cell] = { layer, item };
		themeCounts[cell * themes.length + codes[layer.segment.categories[item]!]!]!++;
		sumX[cell]! += px;
		sumY[cell]! += py;
	});
	const features: GeoJSONVTFeature[] = [];
	firsts.forEach((first, cell) => {
		const count = counts[cell]!;
		const [px, py] = [sumX[cell]! / count, sumY[cell]! / count];
		const of = themes.map((theme, code) => [theme, themeCounts[cell * themes.length + code]!] as const);
		if (count === 1) features.push(pointFeature(frame, first, px, py));
		else features.push(clusterFeature(count, px, py, new Map(of.filter(([, number]) => number > 0))));
	});
	return features;
}

/** A number per category code: the same for categories of one theme. */
function codesOfThemes({ reference, dictionaries }: Frame): { themes: string[]; codes: Int32Array } {
	const { slugs } = dictionaries.categories;
	const themeOfSlug = (slug: string) => reference.categoryBySlug.get(slug)?.theme ?? '';
	// In an order that doesn't depend on which places came first: a tile has the same bytes on every node.
	const themes = [...new Set(slugs.map(themeOfSlug))].sort(compareText);
	return { themes, codes: Int32Array.from(slugs, (slug) => themes.indexOf(themeOfSlug(slug))) };
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

function clusterFeature(count: number, px: number, py: number, themes: Map<string, number>): GeoJSONVTFeature {
	const [only] = themes.size === 1 ? themes.keys() : [];
	const shares = Object.fromEntries([...themes].map(([theme, number]) => [`count_${theme}`, number]));
	return {
		type: 1,
		geometry: [[Math.round(px * extent), Math.round(py * extent)]],
		tags: { cluster: true, point_count: count, ...(only !== undefined && { theme: only }), ...shares }
	};
}
