import type { Geometry } from 'geojson';
import { decodeText } from './decode.ts';
import { readCsv } from './csv.ts';
import { readGeoJson } from './geojson.ts';

export type Cell = string | number | boolean | null;

/** One row as its file has it. */
export interface SourceRow {
	/** As a person counts: features from 1, lines of a CSV with its heading as 1. */
	number: number;
	cells: Record<string, Cell>;
	geometry: Geometry | null;
}

export interface Table {
	columns: string[];
	rows: SourceRow[];
}

/** A file that can't be read at all: one sentence for the person who gave it. */
export class UnreadableFile extends Error {
	override name = 'UnreadableFile';
}

/**
 * Reads GeoJSON or CSV, told apart by their content.
 * @throws UnreadableFile
 */
export function readTable(bytes: Uint8Array): Table {
	const text = decodeText(bytes);
	if (text.trim() === '') throw new UnreadableFile('The file is empty.');
	return /^\s*[{[]/.test(text) ? readGeoJson(text) : readCsv(text);
}
