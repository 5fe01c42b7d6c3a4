import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { project } from '../../../src/lib/geo/tile.ts';
import { pick, seeded } from '../../support/random.ts';
import type { Figure } from '../figures.ts';
import { compare } from './compare.ts';
import type { PeerDatabase } from './database.ts';
import { tuning } from './database.ts';
import type { Feed } from './feed.ts';
import type { Nginx } from './nginx.ts';
import type { Asked } from './sql.ts';
import { SqlCrowd } from './sql.ts';
import { tileStatements } from './tile-statements.ts';
import type { Address, TileStatement } from './tile-statements.ts';
import type { Town } from './town.ts';
import { Crowd } from './wrk.ts';

const connections = 8;
const perZoom = 60;

/**
 * The tiles that people look at: as many for each zoom from 10 to 16, somewhere in the town. Where the map draws deep zooms from
 * larger tiles it asks for those, and so does the peer's.
 */
export async function visited({ url, bbox: [west, south, east, north] }: Town): Promise<Address[]> {
	const { maxzoom } = (await (await fetch(`${url}/tiles/places.json`)).json()) as { maxzoom: number };
	const random = seeded(7);
	const within = (low: number, high: number) => low + random() * (high - low);
	return Array.from({ length: 7 * perZoom }, (_, i): Address => {
		const z = Math.min(maxzoom, 10 + (i % 7));
		const { x, y } = project(within(west, east), within(south, north));
		return [z, Math.floor(x * 2 ** z), Math.floor(y * 2 ** z)];
	});
}

const pathOf = ([z, x, y]: Address) => `/tiles/places/${z}/${x}/${y}.mvt`;

/** Addresses of the same squares that nothing has kept: a tile is the same whatever the words. */
const rounds = 60;
const unseen = (addresses: Address[]) =>
	Array.from({ length: rounds }, (_, round) => addresses.map((address, i) => `${pathOf(address)}?q=${round}-${i}`)).flat();

/** Each answer drawn for who asks, while the map changes; PostGIS draws the same squares. Nobody compresses. */
export async function tilesAnew(town: Town, feed: Feed, peer: PeerDatabase): Promise<Figure[]> {
	const addresses = await visited(town);
	const statements = await tileStatements(peer, addresses);
	await expectSame(town, peer, addresses, statements);
	const asked = addresses.map((address): Asked => [statements.get(address[0])!.text, ...address]);
	const ours = new Crowd(town.url, unseen(addresses));
	const theirs = new SqlCrowd({ url: peer.url, asked, connections });
	// As often as the application looks.
	const changing = setInterval(() => feed.change(), 100);
	try {
		return await compare({
			name: 'tiles z 10–16, not cached',
			unit: '/s',
			pid: town.pid,
			ours: async (seconds) => (await ours.ask({ connections, seconds })).rate,
			peers: [{ of: 'ST_AsMVT', measure: (seconds) => theirs.ask(seconds), least: 30 }],
			remarks: [`PostGIS draws, whichever is quicker there: ${chosen(statements)}`, tuning]
		});
	} finally {
		clearInterval(changing);
		ours.close();
		theirs.close();
	}
}

/** Who draws fewer places is no peer. */
async function expectSame(
	town: Town,
	{ sql }: PeerDatabase,
	addresses: Address[],
	statements: Map<number, TileStatement>
): Promise<void> {
	const count = (bytes: Uint8Array) => new VectorTile(new PbfReader(bytes)).layers['places']?.length ?? 0;
	const deepest = Math.max(...statements.keys());
	for (const address of addresses.filter(([z]) => z === deepest).slice(0, 5)) {
		const [row] = await sql.unsafe<{ tile: Buffer }[]>(statements.get(deepest)!.text, address);
		const [own, theirs] = [count((await town.read(pathOf(address))).bytes), count(row!.tile)];
		// Those on the edge of the buffer may be rounded into it or out of it.
		if (Math.abs(own - theirs) > 2 + theirs / 1000)
			throw new Error(`tile ${address.join('/')} has ${own} places here, ${theirs} in PostGIS`);
	}
}

const chosen = (statements: Map<number, TileStatement>) => [...statements].map(([z, { of }]) => `z ${z} ${of}`).join(', ');

/** The same asked for again while nothing changes, compressed as browsers ask; nginx has the very bytes in files. */
export async function tilesKept(town: Town, nginx: Nginx): Promise<Figure[]> {
	const paths: string[] = [];
	const random = seeded(8);
	for (const address of await visited(town)) {
		const path = pathOf(address);
		const { status, bytes, encoding } = await town.read(path, { gzip: true });
		if (status !== 200) continue;
		nginx.put(encoding === 'gzip' ? `${path}.gz` : path, bytes);
		paths.push(path);
	}
	if (paths.length === 0) throw new Error('no tile of the town has a place in it');
	const shuffled = Array.from({ length: 1000 }, () => pick(random, paths));
	const [ours, theirs] = [new Crowd(town.url, shuffled), new Crowd(nginx.url, shuffled)];
	const rate = (crowd: Crowd) => async (seconds: number) => (await crowd.ask({ connections, seconds, gzip: true })).rate;
	try {
		return await compare({
			name: 'tiles z 10–16, cached',
			unit: '/s',
			pid: town.pid,
			ours: rate(ours),
			peers: [{ of: 'nginx', measure: rate(theirs), least: 0.25 }]
		});
	} finally {
		ours.close();
		theirs.close();
	}
}
