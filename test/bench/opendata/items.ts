import { seeded } from '../../support/random.ts';
import type { Figure } from '../figures.ts';
import { compare } from './compare.ts';
import type { PeerDatabase } from './database.ts';
import type { Nginx } from './nginx.ts';
import type { Asked } from './sql.ts';
import { SqlCrowd } from './sql.ts';
import type { Town } from './town.ts';
import { Crowd } from './wrk.ts';

const connections = 4;
const limit = 1000;

type Box = [west: number, south: number, east: number, north: number];

/** Squares of 1 km somewhere in the town. */
function squares({ bbox: [west, south, east, north] }: Town, count: number): Box[] {
	const random = seeded(11);
	const height = 1 / 111.2;
	return Array.from({ length: count }, () => {
		const low = south + random() * (north - south - height);
		const width = height / Math.cos((low * Math.PI) / 180);
		const left = west + random() * (east - west - width);
		return [left, low, left + width, low + height].map((degrees) => Number(degrees.toFixed(6))) as Box;
	});
}

/**
 * The answer of one statement, as text: what is parsed in the driver would be the driver's time. Rows given whole to `st_asgeojson` are its
 * quickest way; naming their columns in `row_to_json` takes half as long again.
 */
const statement = `select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(st_asgeojson(p.*, 'geom', 7)::json), '[]'))::text as answer
from (select * from places where geom && st_makeenvelope($1::float8, $2::float8, $3::float8, $4::float8, 4326) order by id limit ${limit}) as p`;

/** A hundred squares in turn, as features with all their properties. */
export async function items(town: Town, nginx: Nginx, peer: PeerDatabase): Promise<Figure[]> {
	const boxes = squares(town, 100);
	const query = (box: Box) => `items?bbox=${box.join()}&limit=${limit}`;
	const ourPaths = boxes.map((box) => `/ogc/collections/places/${query(box)}&f=json`);
	const qgisPaths = boxes.map((box) => `/wfs3/collections/places/${query(box).replace('items', 'items.json')}`);
	await expectSame(peer, boxes, [town.url + ourPaths[0]!, nginx.url + qgisPaths[0]!]);
	const asked = boxes.map((box): Asked => [statement, ...box]);
	const [ours, qgis] = [new Crowd(town.url, ourPaths), new Crowd(nginx.url, qgisPaths)];
	const driver = new SqlCrowd({ url: peer.url, asked, connections });
	const rate = (crowd: Crowd) => async (seconds: number) => (await crowd.ask({ connections, seconds })).rate;
	try {
		return await compare({
			name: 'OGC items, 1 km, limit 1000',
			unit: '/s',
			pid: town.pid,
			ours: rate(ours),
			peers: [
				{ of: 'QGIS Server', measure: rate(qgis), least: 20 },
				{ of: 'json_agg', measure: (seconds) => driver.ask(seconds), least: 5 }
			],
			remarks: ['QGIS Server: two processes of FastCGI behind nginx, on the same tables']
		});
	} finally {
		for (const crowd of [ours, qgis, driver]) crowd.close();
	}
}

/** Who answers fewer features is no peer. */
async function expectSame({ sql }: PeerDatabase, boxes: Box[], addresses: string[]): Promise<void> {
	const [row] = await sql.unsafe<{ answer: string }[]>(statement, boxes[0]!);
	const count = (text: string) => (JSON.parse(text) as { features: unknown[] }).features.length;
	const expected = count(row!.answer);
	for (const address of addresses) {
		const response = await fetch(address, { headers: { accept: 'application/geo+json' } });
		if (!response.ok) throw new Error(`${address} answered ${response.status}`);
		const found = count(await response.text());
		if (found !== expected) throw new Error(`${address} has ${found} places, PostGIS ${expected}`);
	}
}
