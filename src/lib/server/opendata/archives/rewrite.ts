import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { columns } from '../columns.ts';
import { cell, csvColumns, csvLines } from '../files/csv.ts';
import { flat } from '../files/flat.ts';
import type { PlaceFeature } from '../geojson.ts';
import type { Archive } from './archive.ts';
import { batched, featuresOf, headOf, recordsOf } from './lines.ts';

/** What becomes of places, by id; null for those that leave. */
export type Others = ReadonlyMap<string, PlaceFeature | null>;

const tail = '\n]}\n';
const whole = { mode: 0o600, flush: true };

/** Compresses a file. */
export async function gzipFile(from: string, to: string): Promise<void> {
	await pipeline(createReadStream(from, { highWaterMark: 1 << 18 }), createGzip(), createWriteStream(to, whole));
}

/**
 * Writes an archived GeoJSON file again with other features, compressed; the lines of the others stay byte for byte.
 * @returns how many places are left
 */
export async function rewriteGeojson(from: string, to: string, others: Others, notes: Archive['notes']): Promise<number> {
	const head = { ...(await headOf(from)), amended: notes };
	let places = 0;
	const pieces = async function* () {
		yield `${JSON.stringify(head).slice(0, -1)},"features":[`;
		for await (const { id, bytes } of featuresOf(from)) {
			const other = others.get(id);
			if (other === null) continue;
			yield places++ === 0 ? '\n' : ',\n';
			yield other ? JSON.stringify(other) : bytes;
		}
		yield tail;
	};
	await pipeline(Readable.from(batched(pieces())), createGzip(), createWriteStream(to, whole));
	return places;
}

/** The same for an archived CSV file. */
export async function rewriteCsv(from: string, to: string, others: Others): Promise<void> {
	const pieces = async function* () {
		for await (const { id, bytes } of recordsOf(from)) {
			const other = others.get(id);
			if (other === null) continue;
			yield other ? [...csvLines([rowOf(other)])].join('') : bytes;
		}
	};
	await pipeline(Readable.from(batched(pieces())), createWriteStream(to, whole));
}

const afterPrecision = csvColumns.indexOf('precision') + 1;

/** As `tableRow` has it of a place. */
function rowOf({ properties, geometry }: PlaceFeature): string[] {
	const values = columns.map(({ name, type }) => flat(type, properties[name]));
	return values.toSpliced(afterPrecision, 0, ...(geometry.coordinates as [number, number])).map(cell);
}
