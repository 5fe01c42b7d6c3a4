import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';
import { columns } from '../../../src/lib/server/opendata/columns.ts';
import { featureOf } from '../../../src/lib/server/opendata/geojson.ts';
import type { View } from '../../../src/lib/server/published/view.ts';
import { startPostgres } from '../../support/local-postgres.ts';
import { plain } from './plain.ts';

/** The same places in PostGIS, as somebody would keep them who serves them from there. */
export interface PeerDatabase {
	url: string;
	/** The same for libpq: GDAL, QGIS and psql. */
	host: string;
	port: number;
	sql: postgres.Sql;
	stop(): Promise<void>;
}

/** A server for reading: everything in memory, and no compiler that costs more than these statements take. */
const tuned = {
	shared_buffers: '1GB',
	effective_cache_size: '8GB',
	work_mem: '64MB',
	maintenance_work_mem: '512MB',
	random_page_cost: '1.1',
	jit: 'off'
};

export const tuning = `PostgreSQL: ${Object.entries(tuned)
	.map(([name, value]) => `${name} ${value}`)
	.join(', ')}; rows in the order of their places, analyzed`;

const types = {
	string: 'text',
	uri: 'text',
	uuid: 'uuid',
	integer: 'integer',
	date: 'date',
	datetime: 'timestamptz',
	list: 'text[]',
	json: 'jsonb'
} as const;

/** Neither sign is ever in JSON: its lines pass as they are. */
const asItIs = String.raw`(format csv, quote e'\x01', delimiter e'\x02')`;

/**
 * Each with what its rows need and no more: `places` with the properties of our files, `points` in the projection of tiles, `texts` (what
 * our search reads of a place) and `names` without accents.
 */
const build = `
create table places (fid integer generated always as identity primary key, ${columns.map(({ name, type }) => `${name} ${types[type]}`).join(', ')},
	geom geometry(Point, 4326));
insert into places (${columns.map(({ name }) => name).join(', ')}, geom)
select r.*, g.geom from (select feature -> 'properties' as properties, st_setsrid(st_geomfromgeojson(feature -> 'geometry'), 4326) as geom from staged) as g
cross join lateral jsonb_to_record(g.properties) as r (${columns.map(({ name, type }) => `${name} ${types[type]}`).join(', ')})
order by g.geom;
create index places_geom on places using gist (geom);
create unique index places_id on places (id);
create table points as select id, name, kind, category, theme, st_transform(geom, 3857) as geom from places order by geom;
create index points_geom on points using gist (geom);
create table staged_texts (id uuid, name text, text text);
`;

/** After the rows: an index that is built at once is the better one. */
const index = ['texts', 'names']
	.map(
		(table) => `create table ${table} as select id, ${table === 'names' ? 'name as text' : 'text'} from staged_texts;
create index on ${table} using gist (text gist_trgm_ops(siglen=64));
create index on ${table} using gin (text gin_trgm_ops);`
	)
	.join('\n');

/** Loads the places of a view once. */
export async function openPeer(view: View): Promise<PeerDatabase> {
	const server = await startPostgres(undefined, tuned);
	await server.admin('create database peer');
	const url = server.url('peer');
	const sql = postgres(url, { max: 2, onnotice: () => {} });
	await sql.unsafe('create extension postgis; create extension pg_trgm; create table staged (feature jsonb)');
	const edition = { view, origin: 'http://localhost:3000', today: view.today(Date.now()) };
	function* lines() {
		for (const place of view.all()) yield `${JSON.stringify(featureOf(place, edition))}\n`;
	}
	await pipeline(Readable.from(lines()), await sql.unsafe(`copy staged from stdin with ${asItIs}`).writable());
	await sql.unsafe(build);
	function* texts() {
		for (const { id, facts } of view.all()) {
			const [name, text] = [facts.name, [facts.name, facts.summary, facts.address].join(' ')].map(tabbed);
			yield `${id}\t${name}\t${text}\n`;
		}
	}
	await pipeline(Readable.from(texts()), await sql`copy staged_texts from stdin`.writable());
	await sql.unsafe(`${index}\ndrop table staged, staged_texts`);
	for (const table of ['places', 'points', 'texts', 'names']) await sql.unsafe(`vacuum (analyze) ${table}`);
	const { hostname: host, port } = new URL(url);
	return {
		...{ url, host, port: Number(port), sql },
		async stop() {
			await sql.end();
			await server.stop();
		}
	};
}

/** For a line of `copy`. */
const tabbed = (text: string) => plain(text).replace(/[\\\t\n]/g, ' ');

/** A copy of JSON as lines of text, to a file of `psql`. */
export const copyOut = (select: string) => `copy (${select}) to stdout with ${asItIs}`;
