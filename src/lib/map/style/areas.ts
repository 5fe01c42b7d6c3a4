import type { LayerSpecification } from 'maplibre-gl';
import type { MapColours } from './colours.ts';
import { growing } from './widths.ts';

const source = 'areas';
const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;

/** The territory as a lighter sheet laid on the paper of its surroundings. */
export function groundLayers(colours: MapColours): LayerSpecification[] {
	return [
		{ id: 'outside', type: 'background', paint: { 'background-color': colours.outside } },
		{
			id: 'ground',
			type: 'fill',
			source,
			filter: ['==', ['get', 'level'], 'commune'],
			paint: { 'fill-color': colours.ground }
		}
	];
}

/** A soft band and a dashed line, as on a cadastral map. They run under the water: there the river is the border. */
export function outlineLayers(colours: MapColours): LayerSpecification[] {
	return [
		{
			id: 'quartier-band',
			type: 'line',
			source,
			filter: ['!=', ['get', 'level'], 'commune'],
			layout,
			paint: { 'line-color': colours.boundaryBand, 'line-opacity': 0.24, 'line-width': growing(3, 7, 16) }
		},
		{
			id: 'quartier-outline',
			type: 'line',
			source,
			filter: ['!=', ['get', 'level'], 'commune'],
			layout: { 'line-join': 'round' },
			paint: {
				'line-color': colours.boundary,
				'line-opacity': 0.8,
				'line-width': growing(0.8, 1.2, 2),
				'line-dasharray': [4, 2.5]
			}
		},
		{
			id: 'commune-outline',
			type: 'line',
			source,
			filter: ['==', ['get', 'level'], 'commune'],
			layout,
			paint: { 'line-color': colours.edge, 'line-opacity': 0.8, 'line-width': growing(1.2, 1.8, 3) }
		}
	];
}
