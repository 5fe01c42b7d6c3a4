import type { ExpressionFilterSpecification } from 'maplibre-gl';

/** Where a schema of vector tiles keeps what we draw: names of its layers, filters on its properties. */
export interface Schema {
	green: { layer: string; filter: ExpressionFilterSpecification }[];
	water: string;
	/** The layer of the rivers that are lines. */
	waterway: string;
	waterName: string;
	building: string;
	road: string;
	/** Which roads are of a class; several classes never share a road. */
	roads: Record<RoadClass, ExpressionFilterSpecification>;
	/** The layer and property of a road's name. */
	roadName: string;
	boundary: { layer: string; filter: ExpressionFilterSpecification };
	town: { layer: string; filter: ExpressionFilterSpecification };
}

/** From the least important to the most. */
export const roadClasses = ['path', 'minor', 'main', 'ring'] as const;
export type RoadClass = (typeof roadClasses)[number] | 'rail';

const among = (property: string, values: string[]): ExpressionFilterSpecification => [
	'in',
	['coalesce', ['get', property], ''],
	['literal', values]
];

/** https://openmaptiles.org/schema/ */
const openMapTiles: Schema = {
	green: [
		{ layer: 'landcover', filter: among('class', ['grass', 'wood', 'wetland', 'farmland']) },
		{ layer: 'landuse', filter: among('class', ['cemetery', 'pitch', 'playground', 'stadium', 'zoo', 'garden', 'park']) },
		{ layer: 'park', filter: ['all'] }
	],
	water: 'water',
	waterway: 'waterway',
	waterName: 'water_name',
	building: 'building',
	road: 'transportation',
	roads: {
		path: among('class', ['path', 'track', 'pedestrian']),
		minor: among('class', ['minor', 'service', 'street', 'street_limited']),
		main: among('class', ['primary', 'secondary', 'tertiary', 'main']),
		ring: among('class', ['motorway', 'trunk']),
		rail: among('class', ['rail', 'transit'])
	},
	roadName: 'transportation_name',
	boundary: { layer: 'boundary', filter: ['<=', ['coalesce', ['get', 'admin_level'], 99], 8] },
	town: { layer: 'place', filter: among('class', ['city', 'town', 'village']) }
};

/** https://docs.protomaps.com/basemaps/layers, versions 3 (`pmap:kind`) and 4 (`kind`). */
const kinds = (values: string[]): ExpressionFilterSpecification => [
	'in',
	['coalesce', ['get', 'kind'], ['get', 'pmap:kind'], ''],
	['literal', values]
];

const protomaps: Schema = {
	green: [
		{ layer: 'landcover', filter: kinds(['grassland', 'forest', 'farmland', 'scrub']) },
		{
			layer: 'landuse',
			filter: kinds([
				...['park', 'forest', 'wood', 'grass', 'meadow', 'cemetery', 'garden', 'golf_course', 'nature_reserve', 'national_park'],
				...['pitch', 'playground', 'recreation_ground', 'zoo', 'village_green', 'allotments', 'orchard', 'scrub', 'wetland']
			])
		}
	],
	water: 'water',
	waterway: 'water',
	waterName: 'water',
	building: 'buildings',
	road: 'roads',
	roads: {
		path: kinds(['path', 'other']),
		minor: kinds(['minor_road', 'minor']),
		main: kinds(['major_road', 'medium_road', 'major']),
		ring: kinds(['highway']),
		rail: kinds(['rail'])
	},
	roadName: 'roads',
	boundary: { layer: 'boundaries', filter: ['all'] },
	town: { layer: 'places', filter: kinds(['locality']) }
};

/** The schema of an archive by the names of its `vector_layers`; null when we know none like it. */
export function schemaOf(layers: readonly string[]): Schema | null {
	if (layers.includes('transportation')) return openMapTiles;
	return layers.includes('roads') ? protomaps : null;
}
