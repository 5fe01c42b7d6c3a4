import type { StyleSpecification } from 'maplibre-gl';
import { groundLayers, outlineLayers } from './style/areas.ts';
import { mapColours } from './style/colours.ts';
import type { Scheme } from './style/colours.ts';
import { areaLabels, basemapLabels } from './style/labels.ts';
import { landLayers, wayLayers } from './style/land.ts';

interface BuiltinStyle {
	scheme: Scheme;
	/** Of the page: addresses in a style are absolute, because a worker without an address of its own asks for them. */
	origin: string;
	/** GeoJSON of the areas, properties `name` and `level`. */
	areas: string;
	/** GeoJSON of rivers, parks, streets…, told apart by `layer`; null where nobody traced any. */
	basemap?: string | null;
}

/**
 * The map of the house: our own areas on paper, and what was traced by hand around them. It needs no tile server and no glyph files: letters
 * are drawn by the browser in the typeface of the page. Our places are laid over it by their own layers.
 */
export function builtinStyle({ scheme, origin, areas, basemap = null }: BuiltinStyle): StyleSpecification {
	const colours = mapColours[scheme];
	const absolute = (url: string) => new URL(url, origin).href;
	return {
		version: 8,
		name: `Alentour ${scheme}`,
		sources: {
			areas: { type: 'geojson', data: absolute(areas) },
			...(basemap && { basemap: { type: 'geojson' as const, data: absolute(basemap), tolerance: 0.2 } })
		},
		layers: [
			...groundLayers(colours),
			...(basemap ? [...landLayers(colours), ...wayLayers(colours)] : []),
			...outlineLayers(colours),
			...(basemap ? basemapLabels(colours) : []),
			...areaLabels(colours)
		]
	};
}
