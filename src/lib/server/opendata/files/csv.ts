import { stringify } from 'csv-stringify/sync';
import { tableColumns, tableRow } from './flat.ts';
import type { Flat } from './flat.ts';
import type { Told } from '../geojson.ts';
import type { Parts } from './pieces.ts';

/** `lon` and `lat` follow `precision`; the others are the properties of the GeoJSON, in their order. */
export const csvColumns = tableColumns.map(({ name }) => name);

/** `excel-fr`: what opens with a double click where a comma is the decimal sign: semicolons, a mark of UTF-8, decimal commas. */
export type CsvVariant = 'excel-fr';

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

/** A CSV file (RFC 4180: CRLF, quotes where needed), the header first. */
export function csvParts(told: Told, variant?: CsvVariant): Parts {
	const french = variant === 'excel-fr';
	const text = (value: Flat) => (french && typeof value === 'number' ? String(value).replace('.', ',') : cell(value));
	const lines = (rows: string[][]) => stringify(rows, { record_delimiter: 'windows', delimiter: french ? ';' : ',' });
	return {
		head: (french ? '\ufeff' : '') + lines([[...csvColumns]]),
		rows: (places) => lines(places.map((place) => tableRow(place, told).map(text))),
		joiner: '',
		tail: ''
	};
}

/** So many at once: the library takes as long to begin as for fifty of them. */
const rowsAtOnce = 100;

/** The lines of cells, the header among them, in pieces. */
export function* csvLines(cells: Iterable<string[]>, delimiter = ','): Generator<string> {
	const lines = (some: string[][]) => stringify(some, { record_delimiter: 'windows', delimiter });
	let rows: string[][] = [];
	for (const row of cells) {
		rows.push(row);
		if (rows.length < rowsAtOnce) continue;
		yield lines(rows);
		rows = [];
	}
	if (rows.length > 0) yield lines(rows);
}
