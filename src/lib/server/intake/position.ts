import type { LonLat } from '../../domain/place.ts';
import { cellOf } from './mapping.ts';
import type { Mapping } from './mapping.ts';
import type { Cell, SourceRow } from './table.ts';

export type Positioned = { position: LonLat } | { refusal: string };

const lonNames = /^(lon|lng|long|longitude|coord_?x|x)$/i;
const pointPair = /^\s*([+-]?\d+(?:[.,]\d+)?)\s*[,;\s]\s*([+-]?\d+(?:[.,]\d+)?)\s*$/;
const latNames = /^(lat|latitude|coord_?y|y)$/i;

/** Where a row is: its mapped columns, else its geometry, else columns that are named like coordinates. Degrees, seven decimals. */
export function positionOf(row: SourceRow, mapping: Mapping): Positioned {
	const mapped = mapping.has('lon') || mapping.has('lat') || mapping.has('position');
	if (!mapped && row.geometry) {
		if (row.geometry.type !== 'Point') return { refusal: `its geometry is a ${row.geometry.type}: a place needs a point` };
		return judge(Number(row.geometry.coordinates[0]), Number(row.geometry.coordinates[1]));
	}
	const [lon, lat] = mapped ? mappedNumbers(row, mapping) : namedNumbers(row);
	if (lon === null || lat === null) return { refusal: 'it has no coordinates' };
	return judge(lon, lat);
}

function mappedNumbers(row: SourceRow, mapping: Mapping): [number | null, number | null] {
	const pair = cellOf(row, mapping.get('position'));
	if (typeof pair === 'string') {
		// Open-data portals write `geo_point_2d` as "lat, lon".
		const [, lat = '', lon = ''] = pointPair.exec(pair) ?? [];
		return [toNumber(lon), toNumber(lat)];
	}
	return [toNumber(cellOf(row, mapping.get('lon'))), toNumber(cellOf(row, mapping.get('lat')))];
}

function namedNumbers(row: SourceRow): [number | null, number | null] {
	const find = (names: RegExp) => row.cells[Object.keys(row.cells).find((name) => names.test(name)) ?? ''] ?? null;
	return [toNumber(find(lonNames)), toNumber(find(latNames))];
}

/** Reads 3.89, "3,89" and "3.89"; null for anything else. */
export function toNumber(cell: Cell): number | null {
	if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
	if (typeof cell !== 'string' || !/^\s*[+-]?\d+(?:[.,]\d+)?\s*$/.test(cell)) return null;
	return Number(cell.replace(',', '.'));
}

function judge(lon: number, lat: number): Positioned {
	if (!Number.isFinite(lon) || !Number.isFinite(lat)) return { refusal: 'its coordinates are not numbers' };
	if (lon === 0 && lat === 0) return { refusal: 'its coordinates are 0, 0: they are unknown' };
	if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return { refusal: projected(lon, lat) };
	if (looksSwapped(lon, lat)) return { refusal: `${lon}, ${lat} looks like latitude and longitude swapped` };
	return { position: { lon: round(lon), lat: round(lat) } };
}

/** Lambert-93 (EPSG:2154), the legal projection of mainland France, in metres. */
function projected(x: number, y: number): string {
	const lambert = x > 0 && x < 1_300_000 && y > 6_000_000 && y < 7_200_000;
	const system = lambert ? 'Lambert-93 (EPSG:2154)' : 'metres or another projection';
	return `${x}, ${y} are in ${system}: export the file again in WGS 84 (EPSG:4326), in degrees`;
}

/** Mainland France read the wrong way round lies off the coast of Somalia, where no French town keeps its services. */
function looksSwapped(lon: number, lat: number): boolean {
	return lon > 41 && lon < 51.5 && lat > -5.5 && lat < 9.7;
}

function round(degrees: number): number {
	return Math.round(degrees * 1e7) / 1e7;
}
