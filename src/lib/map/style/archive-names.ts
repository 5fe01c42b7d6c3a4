import type { LayerSpecification, SymbolLayerSpecification } from 'maplibre-gl';
import type { MapColours } from './colours.ts';
import { mapFont } from './labels.ts';
import type { Schema } from './schemas.ts';
import { between } from './widths.ts';

type SymbolLayout = NonNullable<SymbolLayerSpecification['layout']>;

const source = 'base';

/** Names of roads, waters and towns, the least important first: MapLibre gives way from the last to the first. */
export function namesOf(schema: Schema, colours: MapColours): LayerSpecification[] {
	return [
		{
			id: 'road-name',
			type: 'symbol',
			source,
			'source-layer': schema.roadName,
			minzoom: 14,
			filter: ['has', 'name'],
			layout: {
				'symbol-placement': 'line',
				'symbol-spacing': 420,
				'text-field': ['get', 'name'],
				'text-font': mapFont,
				'text-size': between(14, 10.5, 17, 14)
			},
			paint: { 'text-color': colours.streetName, 'text-halo-color': colours.halo, 'text-halo-width': 1.4 }
		},
		...waterNames(schema, colours),
		{
			id: 'town-name',
			type: 'symbol',
			source,
			'source-layer': schema.town.layer,
			maxzoom: 14,
			filter: ['all', ['has', 'name'], schema.town.filter],
			layout: { 'text-field': ['get', 'name'], 'text-font': mapFont, 'text-size': between(8, 11, 14, 16), 'text-max-width': 8 },
			paint: { 'text-color': colours.townName, 'text-halo-color': colours.halo, 'text-halo-width': 1.6 }
		}
	];
}

/** Along rivers, and in the middle of lakes. */
function waterNames({ waterway, waterName }: Schema, colours: MapColours): LayerSpecification[] {
	const paint = { 'text-color': colours.waterName, 'text-halo-color': colours.water, 'text-halo-width': 1.2 };
	const layout: SymbolLayout = { 'text-field': ['get', 'name'], 'text-font': mapFont, 'text-size': between(11, 11, 16, 17) };
	return [
		{
			id: 'river-name',
			type: 'symbol',
			source,
			'source-layer': waterway,
			filter: ['all', ['has', 'name'], ['==', ['geometry-type'], 'LineString']],
			layout: { ...layout, 'symbol-placement': 'line', 'text-letter-spacing': 0.12 },
			paint
		},
		{
			id: 'water-name',
			type: 'symbol',
			source,
			'source-layer': waterName,
			filter: ['all', ['has', 'name'], ['!=', ['geometry-type'], 'LineString']],
			layout: { ...layout, 'text-max-width': 8 },
			paint
		}
	];
}
