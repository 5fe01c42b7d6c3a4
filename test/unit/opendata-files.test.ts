import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { load } from 'cheerio';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { columns } from '../../src/lib/server/opendata/columns.ts';
import { cell } from '../../src/lib/server/opendata/files/csv.ts';
import { datasetOf, formats, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import type { FormatName } from '../../src/lib/server/opendata/datasets.ts';
import { flatRow, tableColumns } from '../../src/lib/server/opendata/files/flat.ts';
import type { Flat } from '../../src/lib/server/opendata/files/flat.ts';
import { featureOf } from '../../src/lib/server/opendata/geojson.ts';
import type { Edition } from '../../src/lib/server/opendata/geojson.ts';
import { makeFile } from '../../src/lib/server/opendata/files/make.ts';
import { tableSchema } from '../../src/lib/server/opendata/files/table-schema.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { hasGdal } from '../support/gis.ts';
import { nastyPlaces } from '../support/nasty-places.ts';

const dir = mkdtempSync(join(tmpdir(), 'files-'));
const at = (format: string, n = 1) => join(dir, `places-${n}.${format}`);
const names = Object.keys(formats) as FormatName[];
/** In every field that is less open than its place, or that no file has. */
const secret = 'GEHEIM-4711';
const { rows, places: nasty } = nastyPlaces();
const places = nasty.map((place): Place => ({
	...place,
	facts: { ...place.facts, contact_name: secret, contact_phone: secret, part_of: secret },
	factOpenness: { [secret]: 'private' },
	history: place.history.map((entry) => ({ ...entry, reason: secret, operations: [{ fact: 'phone', old: secret, new: secret }] }))
}));
let edition: Edition;
let expected: Record<string, Flat>[];

async function editionOf(list: Place[]): Promise<Edition> {
	const feed = new FakeFeed(rows);
	for (const place of list) feed.put(place);
	const { view } = await loadSnapshot(feed, () => 0);
	return { view, origin: 'https://carte.example', today: '2026-11-21' };
}

async function make(format: FormatName, path: string, of = edition, compressed = false): Promise<void> {
	const dataset = datasetOf(of.view, 'places')!;
	await makeFile({ format, edition: of, dataset, selection: selectionOf(dataset) }, { path, compressed });
}

beforeAll(async () => {
	edition = await editionOf(places);
	expected = places.map((place) => Object.fromEntries(flatRow(place, edition).map((value, i) => [columns[i]!.name, value])));
	for (const format of names) await make(format, at(format), edition, true);
}, 60_000);

afterAll(() => rmSync(dir, { recursive: true }));

/** What GDAL reads, ascending by id. */
async function gdal(path: string, ...options: string[]) {
	const run = promisify(execFile);
	const { stdout } = await run('ogr2ogr', ['-f', 'GeoJSON', '-lco', 'WRITE_NAME=NO', '/vsistdout/', path, ...options], {
		maxBuffer: 1 << 26,
		env: { ...process.env, OGR_XLSX_HEADERS: 'FORCE' }
	});
	const { features } = JSON.parse(stdout) as {
		features: { properties: Record<string, unknown>; geometry: { coordinates: number[] } | null }[];
	};
	return features.sort((a, b) => (String(a.properties['id']) < String(b.properties['id']) ? -1 : 1));
}

/** GDAL writes days and instants with slashes, and opens JSON. */
function asFlat(name: string, value: unknown): Flat {
	const type = columns.find((column) => column.name === name)?.type;
	if (value === null || value === undefined) return null;
	if (typeof value === 'object') return JSON.stringify(value);
	if (type === 'date') return String(value).replaceAll('/', '-');
	if (type === 'datetime') {
		const instant = String(value)
			.replaceAll('/', '-')
			.replace(' ', 'T')
			.replace(/([+-]\d\d)$/, '$1:00');
		return new Date(/Z$|[+-]\d\d:\d\d$/.test(instant) ? instant : `${instant}Z`).toISOString();
	}
	return value as Flat;
}

/** GDAL leaves out what a place has not, where the format says so by silence. */
const inOrder = (all: readonly { name: string }[], there: object) => all.map(({ name }) => name).filter((name) => name in there);

const positions = () => places.map(({ position }) => [position.lon, position.lat]);

describe.skipIf(!hasGdal).each(['gpkg', 'fgb'] as const)('a file %s', (format) => {
	it('reads back in GDAL as the places that went in, field by field', async () => {
		const features = await gdal(at(format));
		expect(features).toHaveLength(places.length);
		features.forEach(({ properties }, i) => {
			const { fid: _fid, ...own } = properties;
			expect(Object.keys(own)).toEqual(inOrder(columns, own));
			for (const { name } of columns) expect([name, asFlat(name, own[name])]).toEqual([name, expected[i]![name]]);
		});
		expect(features.map(({ geometry }) => geometry?.coordinates)).toEqual(positions());
	});

	it('finds by its index what is in a window, and nothing else', async () => {
		const found = await gdal(at(format), '-spat', '-1.6', '47.2', '-1.5', '47.25');
		const inside = places.filter(({ position: { lon, lat } }) => lon >= -1.6 && lon <= -1.5 && lat >= 47.2 && lat <= 47.25);
		expect(inside.length).toBeGreaterThan(3);
		expect(found.map(({ properties }) => properties['id'])).toEqual(inside.map(({ id }) => id));
	});
});

it('a GeoPackage is sound, has its index, and says what it is', () => {
	const database = new DatabaseSync(at('gpkg'), { readOnly: true });
	const one = (sql: string) => Object.values(database.prepare(sql).get() ?? {})[0];
	expect(one('pragma integrity_check')).toBe('ok');
	expect(one('pragma foreign_key_check')).toBeUndefined();
	expect([one('pragma application_id'), one('pragma user_version')]).toEqual([0x47504b47, 10300]);
	expect(one('select count(*) from rtree_places_geom')).toBe(places.length);
	expect(one(`select count(*) from sqlite_master where type = 'trigger' and name like 'rtree_places_geom_%'`)).toBe(6);
	expect(JSON.parse(String(one('select metadata from gpkg_metadata where id = 1')))).toMatchObject({
		licence: 'etalab-2.0',
		seq: places.length,
		source: { name: 'Nantes', url: 'https://carte.example/data' }
	});
	expect(one('select metadata from gpkg_metadata where id = 2')).toContain('Méthode et limites');
	expect(one(`select type from pragma_table_info('places') where name = 'verified_at'`)).toBe('DATE');
	expect(one(`select type from pragma_table_info('places') where name = 'updated_at'`)).toBe('DATETIME');
	database.close();
});

it.skipIf(!hasGdal)('a workbook reads back in GDAL, typed, cut where Excel would call it damaged', async () => {
	const features = await gdal(at('xlsx'), 'places');
	expect(features).toHaveLength(places.length);
	features.forEach(({ properties }, i) => {
		expect(Object.keys(properties)).toEqual(inOrder(tableColumns, properties));
		for (const { name, type } of columns) {
			const there = asFlat(name, properties[name]);
			const value = expected[i]![name]!;
			// GDAL reads neither a fraction of a second, nor what stands for an underscore.
			if (type === 'datetime') expect(String(there).slice(0, 19)).toBe(String(value).slice(0, 19));
			else if (typeof value === 'string' && value.length > 32_767) expect(there).toBe(`${value.slice(0, 32_766)}…`);
			else expect([name, String(there ?? '').replaceAll('_x005F_', '_')]).toEqual([name, String(value ?? '')]);
		}
		expect([properties['lon'], properties['lat']]).toEqual(positions()[i]);
	});
});

it('a workbook has a sheet on method and limits, and no cell that runs', () => {
	const parts = unzipSync(readFileSync(at('xlsx')));
	const xml = (name: string) => Buffer.from(parts[name]!).toString();
	expect(xml('xl/workbook.xml')).toContain('<sheet name="Méthode et limites"');
	expect(xml('xl/worksheets/sheet2.xml')).toContain('etalab-2.0');
	const sheet = load(xml('xl/worksheets/sheet1.xml'), { xml: true });
	expect(sheet('f').length).toBe(0);
	expect(sheet('c').filter((_, c) => sheet(c).text().startsWith('=') && sheet(c).attr('t') !== 'inlineStr').length).toBe(0);
	expect(xml('xl/worksheets/sheet1.xml')).toContain('>=cmd|');
	expect(xml('xl/worksheets/sheet1.xml')).toContain('>01000</t>');
});

it('KML reads back as the places that went in, field by field', async () => {
	const document = load(readFileSync(at('kml'), 'utf8'), { xml: true });
	const found = document('Placemark')
		.toArray()
		.map((mark) => ({
			data: Object.fromEntries(
				document('SimpleData', mark)
					.toArray()
					.map((one) => [document(one).attr('name'), document(one).text()])
			),
			position: document('coordinates', mark).text().split(',').map(Number)
		}));
	expect(found.map(({ position }) => position)).toEqual(positions());
	found.forEach(({ data }, i) => {
		const known = Object.entries(expected[i]!).filter(([, value]) => value !== null);
		expect(data).toEqual(Object.fromEntries(known.map(([name, value]) => [name, String(value)])));
	});
	expect(document('Schema SimpleField[name=version]').attr('type')).toBe('int');
	expect(document('Document > description').text()).toContain('Méthode et limites');
	if (hasGdal) expect((await gdal(at('kml'))).length).toBe(places.length);
});

it('GeoJSON, whole or as lines, has the same features, and the whole says what it is', () => {
	const features = places.map((place) => featureOf(place, edition));
	const whole = JSON.parse(readFileSync(at('geojson'), 'utf8')) as Record<string, unknown>;
	expect(whole['features']).toEqual(features);
	expect(whole).toMatchObject({
		licence: 'etalab-2.0',
		seq: places.length,
		method: { fr: expect.stringContaining('verified_at') as unknown }
	});
	const lines = readFileSync(at('geojsonl'), 'utf8').trimEnd().split('\n');
	expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(features);
});

it('CSV reads back as the same fields, and its schema names them', () => {
	const records: Record<string, string>[] = parse(readFileSync(at('csv')), { columns: true });
	records.forEach((record, i) => {
		for (const { name } of columns) expect([name, record[name]]).toEqual([name, cell(expected[i]![name])]);
		expect([Number(record['lon']), Number(record['lat'])]).toEqual(positions()[i]);
	});
	const { fields } = tableSchema(datasetOf(edition.view, 'places')!, edition.origin);
	expect(fields.map(({ name }) => name)).toEqual(Object.keys(records[0]!));
	for (const { name, type, constraints } of fields) {
		const values = records.map((record) => record[name]!);
		if (constraints.required) expect(values.every((value) => value !== '')).toBe(true);
		const known = values.filter((value) => value !== '');
		if ('enum' in constraints) expect(known.every((value) => constraints.enum!.includes(value))).toBe(true);
		const right = { array: Array.isArray, object: (value: unknown) => !Array.isArray(value) && typeof value === 'object' }[type];
		if (right) expect(known.every((value) => right(JSON.parse(value)))).toBe(true);
		if (type === 'integer') expect(known.every((value) => /^\d+$/.test(value))).toBe(true);
	}
});

it('CSV for a French Excel has semicolons, a mark of UTF-8 and decimal commas', async () => {
	const dataset = datasetOf(edition.view, 'places')!;
	const path = join(dir, 'french.csv');
	await makeFile({ format: 'csv', variant: 'excel-fr', edition, dataset, selection: selectionOf(dataset) }, { path });
	const bytes = readFileSync(path);
	expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
	const records: Record<string, string>[] = parse(bytes, { columns: true, delimiter: ';', bom: true });
	expect(records.map(({ lon }) => Number(lon!.replace(',', '.')))).toEqual(positions().map(([lon]) => lon));
	expect(records.some(({ lon }) => lon!.includes(','))).toBe(true);
	expect(records.map(({ id }) => id)).toEqual(places.map(({ id }) => id));
});

it.each(names)('a file %s is the same wherever it is made, and compressed too', async (format) => {
	await make(format, at(format, 2));
	const bytes = readFileSync(at(format));
	expect(readFileSync(at(format, 2)).equals(bytes)).toBe(true);
	if (!formats[format].compressible) return;
	expect(gunzipSync(readFileSync(`${at(format)}.gz`)).equals(bytes)).toBe(true);
});

it.each(names)('a file %s holds nothing that is less open than its place', (format) => {
	const bytes = readFileSync(at(format));
	const inside = format === 'xlsx' ? Object.values(unzipSync(bytes)).map((part) => Buffer.from(part)) : [];
	// The words that are there are found, so a secret would be too.
	expect([bytes, ...inside].some((each) => each.includes('accueil@exemple.fr'))).toBe(true);
	for (const each of [bytes, ...inside]) expect(each.includes(secret)).toBe(false);
});

it.each(names)('a file %s of no place at all is valid', async (format) => {
	const none = await editionOf([]);
	await make(format, at(format, 3), none);
	if (hasGdal && (format === 'gpkg' || format === 'fgb')) expect(await gdal(at(format, 3))).toEqual([]);
	else expect(readFileSync(at(format, 3)).length > 0).toBe(format !== 'geojsonl');
});
