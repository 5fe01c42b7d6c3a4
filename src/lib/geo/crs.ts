import proj4 from 'proj4';
import { project, unproject } from './tile.ts';

/** Two numbers in the order of the axes of their reference system. */
export type Pair = [number, number];

export interface Crs {
	/** The name that OGC APIs use. */
	uri: string;
	name: string;
	/** From longitude and latitude in degrees. */
	fromLonLat(lon: number, lat: number): Pair;
	/** Back to longitude and latitude; null where this system says nothing. */
	toLonLat(pair: Pair): Pair | null;
	/** Decimals that are worth writing: a centimetre or less. */
	decimals: number;
	/** Whether its axes follow meridians and parallels: a box of it is a box of degrees. */
	aligned: boolean;
}

const epsg = (code: number) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

const onEarth = ([lon, lat]: Pair): Pair | null =>
	Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;

const degrees = (uri: string, name: string, latitudeFirst: boolean): Crs => ({
	uri,
	name,
	fromLonLat: (lon, lat) => (latitudeFirst ? [lat, lon] : [lon, lat]),
	toLonLat: ([a, b]) => onEarth(latitudeFirst ? [b, a] : [a, b]),
	decimals: 7,
	aligned: true
});

/** Half the way around the earth as Web Mercator has it, in metres. */
const half = 20_037_508.342789244;
const within = (value: number) => Math.min(half, Math.max(-half, value));

/** Asked for more than the earth it is the earth: a map of the whole world asks for a little more. */
const webMercator: Crs = {
	uri: epsg(3857),
	name: 'Web Mercator',
	fromLonLat: (lon, lat) => {
		const { x, y } = project(lon, lat);
		return [(2 * x - 1) * half, (1 - 2 * y) * half];
	},
	toLonLat: ([x, y]) => {
		if (!isOnPaper(x, y)) return null;
		const { lon, lat } = unproject(within(x) / half / 2 + 0.5, 0.5 - within(y) / half / 2);
		return [lon, lat];
	},
	decimals: 3,
	aligned: true
};

const farthest = 1e8;
const isOnPaper = (x: number, y: number) => Math.abs(x) <= farthest && Math.abs(y) <= farthest;

/** Lambert's cones, east then north, in metres. RGF93 is taken for WGS 84, as the EPSG register does: they differ by centimetres. */
function conic(code: number, name: string, origin: string): Crs {
	const converter = proj4('WGS84', `+proj=lcc +lon_0=3 ${origin} +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs`);
	return {
		uri: epsg(code),
		name,
		fromLonLat: (lon, lat) => converter.forward([lon, lat]) as Pair,
		toLonLat: ([x, y]) => (isOnPaper(x, y) ? onEarth(converter.inverse([x, y]) as Pair) : null),
		decimals: 3,
		aligned: false
	};
}

/** The reference systems that coordinates are given and asked in, the one of everything first. */
export const systems: readonly Crs[] = [
	degrees(crs84, 'WGS 84, longitude-latitude', false),
	degrees(epsg(4326), 'WGS 84, latitude-longitude', true),
	webMercator,
	conic(2154, 'RGF93 / Lambert-93', '+lat_0=46.5 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000'),
	conic(3947, 'RGF93 / CC47', '+lat_0=47 +lat_1=46.25 +lat_2=47.75 +x_0=1700000 +y_0=6200000')
];

/** The system of that name; null when it is not one of ours. */
export function crsOf(uri: string): Crs | null {
	return systems.find((system) => system.uri === uri) ?? null;
}

/** A position as written in that system. */
export function written({ fromLonLat, decimals }: Crs, lon: number, lat: number): Pair {
	const [a, b] = fromLonLat(lon, lat);
	return [rounded(a, decimals), rounded(b, decimals)];
}

/** Powers of ten. */
const units = Array.from({ length: 16 }, (_, decimals) => 10 ** decimals);

/** Writing a number out takes a hundred times as long as seeing that it is short enough. */
function rounded(value: number, decimals: number): number {
	const unit = units[decimals]!;
	return Math.round(value * unit) / unit === value ? value : Number(value.toFixed(decimals));
}
