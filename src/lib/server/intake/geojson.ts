import type { Geometry } from 'geojson';
import { UnreadableFile } from './table.ts';
import type { Cell, SourceRow, Table } from './table.ts';

/**
 * Reads a GeoJSON FeatureCollection (or one Feature). Properties that are lists or objects become their JSON text.
 * @throws UnreadableFile, also for coordinates that its `crs` says are not in degrees
 */
export function readGeoJson(text: string): Table {
	const document = parseJson(text);
	refuseOtherCrs(document);
	const features = isObject(document) && Array.isArray(document['features']) ? document['features'] : [document];
	const rows = features.map(toRow);
	return { columns: [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))], rows };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch (cause) {
		throw new UnreadableFile('The file begins like JSON and is not: it may have been cut off.', { cause });
	}
}

/** RFC 7946 knows WGS 84 only; older files name another system, and their numbers would land in the sea. */
function refuseOtherCrs(document: unknown): void {
	const crs = isObject(document) ? document['crs'] : null;
	const name = isObject(crs) && isObject(crs['properties']) ? crs['properties']['name'] : null;
	if (typeof name !== 'string' || /CRS84|EPSG:+(?:[\d.]*:)?(?:4326|4258|4171)\b/i.test(name)) return;
	throw new UnreadableFile(`Coordinates are in ${name}: export the file again in WGS 84 (EPSG:4326), in degrees.`);
}

function toRow(feature: unknown, index: number): SourceRow {
	if (!isObject(feature) || feature['type'] !== 'Feature') {
		throw new UnreadableFile(`Entry ${index + 1} is not a GeoJSON Feature.`);
	}
	const properties = isObject(feature['properties']) ? feature['properties'] : {};
	const cells = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, toCell(value)]));
	const id = feature['id'];
	if ((typeof id === 'string' || typeof id === 'number') && !('id' in cells)) cells['id'] = id;
	return {
		number: index + 1,
		cells,
		geometry: isObject(feature['geometry']) ? (feature['geometry'] as unknown as Geometry) : null
	};
}

function toCell(value: unknown): Cell {
	if (value === undefined || value === null) return null;
	if (typeof value === 'string') return value.trim() || null;
	return typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
