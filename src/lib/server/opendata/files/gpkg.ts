import { DatabaseSync } from 'node:sqlite';
import type { Place } from '../../../domain/place.ts';
import type { Dataset } from '../../../domain/taxonomy.ts';
import { colophonLines, colophonOf } from '../colophon.ts';
import { columns } from '../columns.ts';
import type { ColumnType } from '../columns.ts';
import { flatRow } from './flat.ts';
import type { Told } from '../geojson.ts';
import { rtreeSql, tablesSql } from './gpkg-sql.ts';

const types: Partial<Record<ColumnType, string>> = { integer: 'INTEGER', date: 'DATE', datetime: 'DATETIME' };
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * A GeoPackage 1.3 (https://www.geopackage.org/spec130/) of one layer of points, with its spatial index, the names of its columns and what the
 * file says of itself. Blocks its thread; the path must be new. Its bytes depend on the places and the edition only.
 */
export function writeGpkg(path: string, places: Iterable<Place>, told: Told, dataset: Dataset): void {
	const database = new DatabaseSync(path);
	try {
		// A draft nobody else reads; a whole one is renamed into place.
		database.exec(
			'pragma journal_mode = off; pragma synchronous = off; pragma application_id = 0x47504b47; pragma user_version = 10300'
		);
		database.exec(tablesSql);
		database.exec('begin');
		const box = addPlaces(database, places, told, dataset);
		describe(database, told, dataset, box);
		database.exec('commit');
		database.exec(rtreeSql(dataset.slug));
	} finally {
		database.close();
	}
}

/** west, south, east, north; null without places. */
type Box = [number, number, number, number] | null;

function addPlaces(database: DatabaseSync, places: Iterable<Place>, told: Told, { slug }: Dataset): Box {
	const fields = columns.map(({ name, type, nullable }) => {
		return `${quoted(name)} ${types[type] ?? 'TEXT'}${nullable ? '' : ' NOT NULL'}`;
	});
	const table = quoted(slug);
	const index = quoted(`rtree_${slug}_geom`);
	database.exec(`create table ${table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, ${fields.join(', ')})`);
	database.exec(`create virtual table ${index} using rtree(id, minx, maxx, miny, maxy)`);
	const marks = Array.from({ length: columns.length + 2 }, () => '?').join(', ');
	const insert = database.prepare(`insert into ${table} values (${marks})`);
	const insertBox = database.prepare(`insert into ${index} values (?, ?, ?, ?, ?)`);
	let box: Box = null;
	let fid = 0;
	for (const place of places) {
		const { lon, lat } = place.position;
		insert.run(++fid, point(lon, lat), ...flatRow(place, told));
		insertBox.run(fid, lon, lon, lat, lat);
		box = box
			? [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)]
			: [lon, lat, lon, lat];
	}
	return box;
}

/** A point as a GeoPackage keeps it: eight bytes that say little endian, no envelope and EPSG:4326, then the well-known bytes. */
function point(lon: number, lat: number): Uint8Array {
	const bytes = Buffer.alloc(29);
	bytes.write('GP', 'latin1');
	bytes[3] = 1;
	bytes.writeInt32LE(4326, 4);
	bytes[8] = 1;
	bytes.writeUInt32LE(1, 9);
	bytes.writeDoubleLE(lon, 13);
	bytes.writeDoubleLE(lat, 21);
	return bytes;
}

function describe(database: DatabaseSync, told: Told, dataset: Dataset, box: Box): void {
	const { slug, title, description } = dataset;
	const colophon = colophonOf(told, dataset);
	const changed = new Date(colophon.date ?? 0).toISOString();
	database
		.prepare(`insert into gpkg_contents values (?, 'features', ?, ?, ?, ?, ?, ?, ?, 4326)`)
		.run(slug, title.fr, description.fr, changed, ...(box ?? [null, null, null, null]));
	database.prepare(`insert into gpkg_geometry_columns values (?, 'geom', 'POINT', 4326, 0, 0)`).run(slug);
	database
		.prepare(
			`insert into gpkg_extensions values (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')`
		)
		.run(slug);
	const column = database.prepare('insert into gpkg_data_columns values (?, ?, ?, ?, ?, ?, null)');
	for (const { name, label, type } of columns)
		column.run(slug, name, label.fr, label.fr, label.en, type === 'json' ? 'application/json' : null);
	const metadata = database.prepare(`insert into gpkg_metadata values (?, 'dataset', ?, ?, ?)`);
	const reference = database.prepare(`insert into gpkg_metadata_reference values ('geopackage', null, null, null, ?, ?, null)`);
	const text = colophonLines(colophon).map(([name, said]) => `${name}\n${said}`);
	const forms = [
		['application/json', JSON.stringify(colophon)],
		['text/plain', text.join('\n\n')]
	] as const;
	forms.forEach(([mediaType, content], i) => {
		metadata.run(i + 1, colophon.source.url, mediaType, content);
		reference.run(changed, i + 1);
	});
}
