import type { ExpressionSpecification, LayerSpecification, SourceSpecification, VectorSourceSpecification } from 'maplibre-gl';
import { narrowing } from '$lib/domain/narrowing';
import type { LonLat, PlaceKind } from '$lib/domain/place';
import type { ThemeColour } from '$lib/domain/taxonomy';

export type Scheme = 'light' | 'dark';
export type Bounds = [west: number, south: number, east: number, north: number];

/** A place of the list, as far as the map draws it. */
export interface MapPlace {
	id: string;
	name: string;
	kind: PlaceKind;
	colour: ThemeColour;
	pictogram: string;
	lon: number;
	lat: number;
}

/** How tiles, which hold slugs only, are drawn. */
export interface Legend {
	themes: Record<string, ThemeColour>;
	categories: Record<string, string>;
}

export interface Basemap {
	/** Address of another's style; null for the built-in one. */
	style: string | null;
	/** What was traced by hand around our areas; null where nobody did. */
	drawn: string | null;
	/** Path of the town's own PMTiles archive; null where there is none. */
	archive: string | null;
}

export interface MapProps {
	/** Shown first, and again when they change. */
	bounds: Bounds;
	cards: MapPlace[];
	/** What the tiles show; null draws the cards and nothing else. */
	filters: Record<string, unknown> | null;
	/** A path with {z}, {x} and {y}, of tiles that are there within `bounds` only, in the place of those that filters narrow. */
	tiles?: string;
	legend?: Legend | null;
	/** The place of the list under the pointer. */
	pointed?: string | null;
	basemap: Basemap;
	onselect?: (id: string) => void;
	/** The place under the pointer on the map, or none. */
	onpoint?: (id: string | null) => void;
	/** Somebody moved the map and let it go: what it shows now. */
	onmove?: (bounds: Bounds) => void;
	/** A click gives a position, in degrees, instead of opening a place. */
	onpick?: (position: { lon: number; lat: number }) => void;
	/** The position that is being given, to be dragged or moved with the arrow keys; null while there is none. Its moves go to `onpick`. */
	pin?: LonLat | null;
	/** What the pin is, for whoever does not see it. */
	pinLabel?: string;
	/** Part of another's page: the wheel and one finger move that page, and a place opens beside it. */
	embedded?: boolean;
	onfail?: () => void;
}

/** Tiles know every filter but the words: what these find is drawn from the list. Whether the map shows everything that matches, or only the cards of the page. */
export function drawsTiles(props: MapProps): boolean {
	return props.filters !== null && Boolean(props.legend) && !props.filters['q'];
}

/** The sources of the places; `origin` makes the tiles' address absolute, as a worker needs it. */
export function placeSources(props: MapProps, origin: string): Record<string, SourceSpecification> {
	return {
		places: drawsTiles(props)
			? { type: 'vector', ...tilesOf(props, origin), minzoom: 0, maxzoom: 14 }
			: { type: 'geojson', data: collection(props.cards) },
		pointed: { type: 'geojson', data: collection([]) }
	};
}

function tilesOf({ tiles, bounds, filters }: MapProps, origin: string): Pick<VectorSourceSpecification, 'tiles' | 'bounds'> {
	return tiles ? { tiles: [origin + tiles], bounds } : { tiles: [tileUrl(filters ?? {}, origin)] };
}

function tileUrl(filters: Record<string, unknown>, origin: string): string {
	const query = new URLSearchParams();
	for (const name of narrowing) if (filters[name]) query.set(name, String(filters[name]));
	const text = query.toString();
	return `${origin}/tiles/places/{z}/{x}/{y}.mvt${text ? `?${text}` : ''}`;
}

/** Places as GeoJSON points. */
export function collection(places: MapPlace[]): GeoJSON.FeatureCollection<GeoJSON.Point> {
	return {
		type: 'FeatureCollection',
		features: places.map(({ lon, lat, ...properties }) => {
			return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [lon, lat] } };
		})
	};
}

/** A street or two around a point. */
export function boundsAround({ lon, lat }: LonLat): Bounds {
	const margin = 0.002;
	return [lon - margin, lat - margin, lon + margin, lat + margin];
}

/** The box around the places, or null for none. A single point gets a street around it. */
export function boundsOf(places: MapPlace[]): Bounds | null {
	if (places.length === 0) return null;
	const [lons, lats] = [places.map(({ lon }) => lon), places.map(({ lat }) => lat)];
	const margin = 0.002;
	return [Math.min(...lons) - margin, Math.min(...lats) - margin, Math.max(...lons) + margin, Math.max(...lats) + margin];
}

const fonts = ['Atkinson Hyperlegible Next Variable'];
const ink = { light: '#1c2529', dark: '#eceeea' };
const paper = { light: '#ffffff', dark: '#1b2326' };

/** `match` over a table; MapLibre refuses one without a case. */
function lookup(
	input: ExpressionSpecification,
	table: Record<string, string>,
	otherwise: string
): ExpressionSpecification | string {
	const cases = Object.entries(table).flat();
	return cases.length === 0 ? otherwise : (['match', input, ...cases, otherwise] as unknown as ExpressionSpecification);
}

/** In how many parts a ring is cut: an image for each mixture that a reader can tell from another. */
export const ringParts = 12;

/** `ring|<scheme>|<colour>:<parts>,…`: what a cluster is made of, see markers.ts. */
function ringImage(themes: Record<string, ThemeColour>, scheme: Scheme): ExpressionSpecification {
	const parts = Object.entries(themes).flatMap(([slug, colour]) => {
		const count = ['coalesce', ['get', `count_${slug}`], 0];
		const share = ['ceil', ['/', ['*', ringParts, count], ['get', 'point_count']]];
		return [['case', ['>', count, 0], ['concat', `${colour}:`, ['to-string', share], ','], '']];
	});
	return ['concat', `ring|${scheme}|`, ...parts] as unknown as ExpressionSpecification;
}

/** The layers of the places, above any base map. Marker images are named `<scheme>|<kind>|<colour>|<pictogram>`, see markers.ts. */
export function placeLayers(props: MapProps, scheme: Scheme): LayerSpecification[] {
	const tiles = drawsTiles(props);
	const source = { source: 'places', ...(tiles && { 'source-layer': 'places' }) };
	const colour: ExpressionSpecification | string = tiles
		? lookup(['coalesce', ['get', 'theme'], ''], props.legend?.themes ?? {}, 'teal')
		: ['get', 'colour'];
	const pictogram: ExpressionSpecification | string = tiles
		? lookup(['get', 'category'], props.legend?.categories ?? {}, 'maki:marker')
		: ['get', 'pictogram'];
	const isCluster: ExpressionSpecification = ['has', 'point_count'];
	return [
		{
			id: 'place-clusters',
			type: 'symbol',
			...source,
			filter: isCluster,
			layout: {
				'icon-image': ringImage(props.legend?.themes ?? {}, scheme),
				'icon-size': ['interpolate', ['linear'], ['ln', ['get', 'point_count']], 0.7, 0.5, 7, 1],
				'icon-allow-overlap': true,
				'text-field': ['to-string', ['get', 'point_count']],
				'text-font': fonts,
				'text-size': 14,
				'text-allow-overlap': true,
				'text-ignore-placement': true
			},
			paint: { 'text-color': ink[scheme] }
		},
		{
			id: 'place-points',
			type: 'symbol',
			...source,
			filter: ['!', isCluster],
			layout: {
				'icon-image': ['concat', `${scheme}|`, ['get', 'kind'], '|', colour, '|', pictogram],
				'icon-allow-overlap': true,
				'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.75, 15, 1],
				'text-field': ['step', ['zoom'], '', 15, ['get', 'name']],
				'text-font': fonts,
				'text-size': 13,
				'text-anchor': 'top',
				'text-offset': [0, 1.4],
				'text-max-width': 9,
				'text-optional': true
			},
			paint: { 'text-color': ink[scheme], 'text-halo-color': paper[scheme], 'text-halo-width': 1.6 }
		},
		{
			id: 'place-pointed',
			type: 'circle',
			source: 'pointed',
			paint: {
				'circle-radius': 22,
				'circle-opacity': 0,
				'circle-stroke-width': 4,
				'circle-stroke-color': ink[scheme]
			}
		}
	];
}
