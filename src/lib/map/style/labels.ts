import type { ExpressionFilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { MapColours } from './colours.ts';
import { between } from './widths.ts';

/** Families of the page: MapLibre draws its letters itself when a style names no glyph files. */
export const mapFont = ['Atkinson Hyperlegible Next Variable', 'Atkinson Hyperlegible Next', 'sans-serif'];
const layerIs = (name: string): ExpressionFilterSpecification => ['==', ['get', 'layer'], name];

/** Names of the base map, the least important first: MapLibre gives way from the last to the first. */
export function basemapLabels(colours: MapColours): LayerSpecification[] {
	const source = 'basemap';
	const halo = { 'text-halo-color': colours.halo, 'text-halo-width': 1.4 };
	return [
		{
			id: 'street-name',
			type: 'symbol',
			source,
			minzoom: 14,
			filter: ['all', layerIs('street'), ['has', 'name']],
			layout: {
				'symbol-placement': 'line',
				'symbol-spacing': 420,
				'text-field': ['get', 'name'],
				'text-font': mapFont,
				'text-size': between(14, 10.5, 17, 14)
			},
			paint: { 'text-color': colours.streetName, ...halo }
		},
		{
			id: 'stop-name',
			type: 'symbol',
			source,
			minzoom: 14.5,
			filter: layerIs('stop'),
			layout: {
				'text-field': ['get', 'name'],
				'text-font': mapFont,
				'text-size': 11,
				'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
				'text-radial-offset': 0.7
			},
			paint: { 'text-color': colours.streetName, ...halo }
		},
		{
			id: 'park-name',
			type: 'symbol',
			source,
			minzoom: 13.2,
			filter: layerIs('park'),
			layout: {
				'text-field': ['get', 'name'],
				'text-font': mapFont,
				'text-size': between(13, 10.5, 17, 14),
				'text-max-width': 7,
				'text-padding': 6
			},
			paint: { 'text-color': colours.parkName, 'text-halo-color': colours.park, 'text-halo-width': 1.2 }
		},
		{
			id: 'water-name',
			type: 'symbol',
			source,
			filter: layerIs('river'),
			layout: {
				'symbol-placement': 'line',
				'symbol-spacing': 520,
				'text-field': ['get', 'name'],
				'text-font': mapFont,
				'text-size': between(11, 11, 16, 19),
				'text-letter-spacing': 0.16,
				'text-max-angle': 32
			},
			paint: { 'text-color': colours.waterName, 'text-halo-color': colours.water, 'text-halo-width': 1.2 }
		},
		{
			id: 'town-name',
			type: 'symbol',
			source,
			minzoom: 10,
			filter: layerIs('town'),
			layout: {
				'text-field': ['get', 'name'],
				'text-font': mapFont,
				'text-size': between(10, 11, 15, 16),
				'text-max-width': 8
			},
			paint: { 'text-color': colours.townName, 'text-halo-color': colours.outside, 'text-halo-width': 1.6 }
		}
	];
}

/** Names of the quartiers, spaced out like those of a wall map. */
export function areaLabels(colours: MapColours): LayerSpecification[] {
	return [
		{
			id: 'quartier-name',
			type: 'symbol',
			source: 'area-names',
			minzoom: 10.5,
			maxzoom: 15.5,
			filter: ['!=', ['get', 'level'], 'commune'],
			layout: {
				'text-field': ['get', 'name'],
				'text-font': mapFont,
				'text-transform': 'uppercase',
				'text-letter-spacing': 0.12,
				'text-line-height': 1.25,
				'text-max-width': 8,
				'text-size': between(11, 9.5, 15, 15),
				'text-padding': 4
			},
			paint: { 'text-color': colours.quartierName, 'text-halo-color': colours.halo, 'text-halo-width': 1.8 }
		}
	];
}
