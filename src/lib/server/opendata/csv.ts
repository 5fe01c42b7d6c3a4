import { stringify } from 'csv-stringify/sync';
import type { Place } from '../../domain/place.ts';
import { propertiesOf } from './geojson.ts';
import type { Edition, PlaceProperties } from './geojson.ts';

/** `lon` and `lat` follow `precision`; the others are the properties of the GeoJSON, in their order. */
export const csvColumns = [
	...(['id', 'slug', 'url', 'kind', 'theme', 'category', 'area', 'steward', 'source', 'name', 'summary', 'description'] as const),
	...([
		'address',
		'postcode',
		'city',
		'precision',
		'lon',
		'lat',
		'opening_hours',
		'closures',
		'booking',
		'phone',
		'email'
	] as const),
	...(['website', 'wheelchair', 'audience', 'cost', 'languages', 'starts_on', 'ends_on', 'photos', 'offers', 'licence'] as const),
	...(['version', 'updated_at', 'verified_at', 'freshness', 'assurances', 'extra'] as const)
] satisfies (keyof PlaceProperties | 'lon' | 'lat')[];

const phone = /^\+[\d ().-]+$/;
const formula = /^[=+\-@\t\r]/;

/**
 * The text of a cell. Lists of words are joined by `|`, anything nested is JSON, unknown is empty. A text that a spreadsheet would run
 * gets an apostrophe before it (OWASP, CSV injection); numbers and telephone numbers begin with `-` and `+` by right.
 */
export function cell(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return harmless(value.join('|'));
	if (typeof value === 'object') return JSON.stringify(value);
	return harmless(String(value));
}

function harmless(text: string): string {
	return formula.test(text) && !phone.test(text) ? `'${text}` : text;
}

/** Pieces of a CSV file (RFC 4180: CRLF, quotes where needed), the header first. */
export function* csvText(places: Iterable<Place>, edition: Edition): Generator<string> {
	yield line([...csvColumns]);
	for (const place of places) {
		const values: Record<string, unknown> = { ...propertiesOf(place, edition), ...place.position };
		yield line(csvColumns.map((column) => cell(values[column])));
	}
}

function line(cells: string[]): string {
	return stringify([cells], { record_delimiter: 'windows' });
}
