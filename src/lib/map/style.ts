import type { StyleSpecification } from 'maplibre-gl';
import { groundLayers, outlineLayers } from './style/areas.ts';
import { mapColours } from './style/colours.ts';
import type { Scheme } from './style/colours.ts';
import { areaLabels, basemapLabels } from './style/labels.ts';
import { parkLayers, waterLayers, wayLayers } from './style/land.ts';
import { namePoints } from './style/name-points.ts';
import type { MapAreas } from './style/name-points.ts';

interface BuiltinStyle {
	scheme: Scheme;
	/** Of the page: addresses in a style are absolute, because a worker without an address of its own asks for them. */
	origin: string;
	/** What `/basemap/areas.geojson` answers. */
	areas: MapAreas;
	/** Address of a GeoJSON file of rivers, parks, streets…, told apart by `layer`; null where nobody traced any. */
	basemap?: string | null;
}

/**
 * The map of the house: our own areas on paper, and what was traced by hand around them. It needs no tile server and no glyph files: letters
 * are drawn by the browser in the typeface of the page. Our places are laid over it by their own layers.
 */
export function builtinStyle({ scheme, origin, areas, basemap = null }: BuiltinStyle): StyleSpecification {
	const colours = mapColours[scheme];
	return {
		version: 8,
		name: `Alentour ${scheme}`,
		sources: {
			areas: { type: 'geojson', data: areas },
			'area-names': { type: 'geojson', data: namePoints(areas) },
			...(basemap && { basemap: { type: 'geojson' as const, data: new URL(basemap, origin).href, tolerance: 0.2 } })
		},
		layers: [
			...groundLayers(colours),
			...(basemap ? parkLayers(colours) : []),
			...outlineLayers(colours),
			...(basemap ? [...waterLayers(colours), ...wayLayers(colours)] : []),
			...(basemap ? basemapLabels(colours) : []),
			...areaLabels(colours)
		]
	};
}
