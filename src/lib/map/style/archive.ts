import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { outlineLayers } from './areas.ts';
import { groundOf } from './archive-ground.ts';
import { namesOf } from './archive-names.ts';
import { mapColours } from './colours.ts';
import type { MapColours, Scheme } from './colours.ts';
import { areaLabels } from './labels.ts';
import { namePoints } from './name-points.ts';
import type { MapAreas } from './name-points.ts';
import { schemaOf } from './schemas.ts';

/** What a PMTiles file says about itself. */
export interface Archive {
	/** Address of its tiles, `pmtiles://…/{z}/{x}/{y}`. */
	tiles: string;
	/** Pictures instead of vectors. */
	raster: boolean;
	minzoom: number;
	maxzoom: number;
	/** In degrees. */
	bounds: [west: number, south: number, east: number, north: number];
	attribution: string | null;
	/** Names of its `vector_layers`. */
	layers: string[];
}

/**
 * A map drawn from an archive: pictures as they are, vectors in our own inks, our areas and their names on top. Null for vectors in a schema
 * that we do not know (we know OpenMapTiles and Protomaps).
 */
export function archiveLayersStyle(
	archive: Archive,
	{ scheme, areas }: { scheme: Scheme; areas: MapAreas }
): StyleSpecification | null {
	const colours = mapColours[scheme];
	const schema = archive.raster ? null : schemaOf(archive.layers);
	if (!archive.raster && !schema) return null;
	const ground = schema ? groundOf(schema, colours) : [picture(scheme)];
	return {
		version: 8,
		name: `Alentour ${scheme}`,
		sources: {
			areas: { type: 'geojson', data: areas },
			'area-names': { type: 'geojson', data: namePoints(areas) },
			base: sourceOf(archive)
		},
		layers: [
			paper(colours),
			...ground,
			...outlineLayers(colours),
			...(schema ? namesOf(schema, colours) : []),
			...areaLabels(colours)
		]
	};
}

function sourceOf({ tiles, raster, minzoom, maxzoom, bounds, attribution }: Archive): SourceSpecification {
	const common = { tiles: [tiles], minzoom, maxzoom, bounds, ...(attribution ? { attribution } : {}) };
	return raster ? { type: 'raster', tileSize: 256, ...common } : { type: 'vector', ...common };
}

const paper = (colours: MapColours): LayerSpecification => {
	return { id: 'paper', type: 'background', paint: { 'background-color': colours.ground } };
};

/** A picture drawn for a light page is dimmed on a dark one. */
function picture(scheme: Scheme): LayerSpecification {
	const dim = { 'raster-brightness-max': 0.55, 'raster-saturation': -0.4 };
	return { id: 'picture', type: 'raster', source: 'base', paint: scheme === 'dark' ? dim : {} };
}
