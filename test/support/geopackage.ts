import { DatabaseSync } from 'node:sqlite';
import type { Geometry, Position } from 'geojson';

/** A row with its columns; the geometry as GeoJSON, booleans as such. */
export type GeoPackageRow = Record<string, unknown>;

/** Reads a table of a GeoPackage (OGC 12-128), in two dimensions. */
export function readGeoPackage(file: string, table: string): { columns: Record<string, string>; rows: GeoPackageRow[] } {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		const columns = Object.fromEntries(
			database
				.prepare(`select name, type from pragma_table_info(?)`)
				.all(table)
				.map(({ name, type }) => [String(name), String(type)])
		);
		const rows = database.prepare(`select * from "${table}"`).all() as GeoPackageRow[];
		for (const row of rows) {
			for (const [name, type] of Object.entries(columns)) {
				const value = row[name];
				if (value instanceof Uint8Array) row[name] = readBlob(value);
				else if (type === 'BOOLEAN' && value !== null) row[name] = value === 1;
			}
		}
		return { columns, rows };
	} finally {
		database.close();
	}
}

/** Bytes of the envelope, by its indicator. */
const envelopes = [0, 32, 48, 48, 64];

function readBlob(blob: Uint8Array): Geometry {
	const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
	return new WkbReader(view, 8 + envelopes[(blob[3]! >> 1) & 7]!).geometry();
}

class WkbReader {
	#at: number;
	#little = true;
	readonly #view: DataView;

	constructor(view: DataView, at: number) {
		this.#view = view;
		this.#at = at;
	}

	geometry(): Geometry {
		this.#little = this.#view.getUint8(this.#at++) === 1;
		const type = this.#count();
		const line = () => this.#list(() => this.#position());
		const polygon = () => this.#list(line);
		const inner = <T>() => this.#list(() => (this.geometry() as unknown as { coordinates: T }).coordinates);
		switch (type) {
			case 1:
				return { type: 'Point', coordinates: this.#position() };
			case 2:
				return { type: 'LineString', coordinates: line() };
			case 3:
				return { type: 'Polygon', coordinates: polygon() };
			case 4:
				return { type: 'MultiPoint', coordinates: inner<Position>() };
			case 5:
				return { type: 'MultiLineString', coordinates: inner<Position[]>() };
			case 6:
				return { type: 'MultiPolygon', coordinates: inner<Position[][]>() };
		}
		throw new Error(`no reader for WKB type ${type}`);
	}

	#count(): number {
		this.#at += 4;
		return this.#view.getUint32(this.#at - 4, this.#little);
	}

	#list<T>(read: () => T): T[] {
		return Array.from({ length: this.#count() }, read);
	}

	#position(): Position {
		this.#at += 16;
		return [this.#view.getFloat64(this.#at - 16, this.#little), this.#view.getFloat64(this.#at - 8, this.#little)];
	}
}
