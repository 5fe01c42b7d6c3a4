import type { FilterSpecification, LayerSpecification, LineLayerSpecification } from 'maplibre-gl';
import type { MapColours } from './colours.ts';
import { roadClasses } from './schemas.ts';
import type { RoadClass, Schema } from './schemas.ts';
import { growing } from './widths.ts';

const source = 'base';
type LinePaint = NonNullable<LineLayerSpecification['paint']>;

const round = { 'line-cap': 'round', 'line-join': 'round' } as const;

/** Greens, water, buildings, roads and boundaries, from the ground up. */
export function groundOf(schema: Schema, colours: MapColours): LayerSpecification[] {
	return [
		...schema.green.map(({ layer, filter }): LayerSpecification => ({
			id: `green-${layer}`,
			type: 'fill',
			source,
			'source-layer': layer,
			filter: ['all', ['==', ['geometry-type'], 'Polygon'], filter],
			paint: { 'fill-color': colours.park, 'fill-opacity': layer === 'landcover' ? 0.6 : 1 }
		})),
		...waterLayers(schema, colours),
		{
			id: 'building',
			type: 'fill',
			source,
			'source-layer': schema.building,
			minzoom: 13,
			paint: {
				'fill-color': colours.outside,
				'fill-outline-color': colours.streetCasing,
				'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0, 14.5, 0.9]
			}
		},
		...roadLayers(schema, colours),
		{
			id: 'boundary',
			type: 'line',
			source,
			'source-layer': schema.boundary.layer,
			filter: schema.boundary.filter,
			paint: { 'line-color': colours.boundary, 'line-opacity': 0.5, 'line-width': growing(0.6, 1, 1.6), 'line-dasharray': [3, 2] }
		}
	];
}

function waterLayers(schema: Schema, colours: MapColours): LayerSpecification[] {
	return [
		{
			id: 'stream',
			type: 'line',
			source,
			'source-layer': schema.waterway,
			filter: ['==', ['geometry-type'], 'LineString'],
			layout: round,
			paint: { 'line-color': colours.water, 'line-width': growing(0.8, 2.2, 9) }
		},
		{
			id: 'water',
			type: 'fill',
			source,
			'source-layer': schema.water,
			filter: ['==', ['geometry-type'], 'Polygon'],
			paint: { 'fill-color': colours.water, 'fill-outline-color': colours.shore }
		}
	];
}

/** All casings before all fills, so that roads join instead of crossing. */
function roadLayers({ road, roads }: Schema, colours: MapColours): LayerSpecification[] {
	const looks = {
		path: { casing: null, fill: colours.streetCasing, widths: [0.3, 0.8, 4], edge: [0, 0, 0], minzoom: 14 },
		minor: { casing: colours.streetCasing, fill: colours.street, widths: [0.5, 2.6, 20], edge: [0.4, 1.2, 3], minzoom: 12 },
		main: { casing: colours.mainCasing, fill: colours.main, widths: [1.4, 4.6, 28], edge: [0.7, 1.4, 3], minzoom: 8 },
		ring: { casing: colours.ringCasing, fill: colours.ring, widths: [2.2, 6, 34], edge: [0.9, 1.6, 3], minzoom: 5 }
	} as const;
	const line = (id: string, name: RoadClass, minzoom: number, paint: LinePaint): LayerSpecification => {
		const filter: FilterSpecification = ['all', ['==', ['geometry-type'], 'LineString'], roads[name]];
		return { id, type: 'line', source, 'source-layer': road, minzoom, filter, layout: round, paint };
	};
	const casings = roadClasses.flatMap((name) => {
		const { casing, widths, edge, minzoom } = looks[name];
		const width = growing(widths[0] + edge[0], widths[1] + edge[1], widths[2] + edge[2]);
		return casing ? [line(`road-${name}-casing`, name, minzoom, { 'line-color': casing, 'line-width': width })] : [];
	});
	const fills = roadClasses.map((name) => {
		const { fill, widths, minzoom } = looks[name];
		return line(`road-${name}`, name, minzoom, { 'line-color': fill, 'line-width': growing(widths[0], widths[1], widths[2]) });
	});
	const rail = line('rail', 'rail', 11, { 'line-color': colours.rail, 'line-width': growing(0.7, 1.4, 3) });
	return [...casings, ...fills, rail];
}
