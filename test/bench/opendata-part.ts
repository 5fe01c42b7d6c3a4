/** Open data beside those who serve such data for a living: the same places, in the same run, on the same machine. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSnapshot } from '../../src/lib/server/published/disk.ts';
import type { Figure } from './figures.ts';
import { openPeer } from './opendata/database.ts';
import { changed, startFeed } from './opendata/feed.ts';
import { fileAnew, fileKept } from './opendata/files.ts';
import { items } from './opendata/items.ts';
import { startNginx } from './opendata/nginx.ts';
import { startQgis } from './opendata/qgis.ts';
import { search } from './opendata/search.ts';
import { tilesAnew, tilesKept } from './opendata/tiles.ts';
import { Town } from './opendata/town.ts';
import { serveFromDisk } from './pages/served.ts';

const snapshotDir = process.argv[3]!;
/** Who wants to look at one row names it; all of them otherwise. */
const wanted = process.env['ROWS']?.split(',');

const stored = await readSnapshot(snapshotDir, Date.now);
if (!stored) throw new Error('nothing was on disk');
const { view } = stored.snapshot;
const peer = await openPeer(view);
const qgis = await startQgis(peer);
const nginx = await startNginx(qgis.sockets);
const feed = await startFeed();
// Its own copy: it follows changes, and keeps them.
const dir = mkdtempSync(join(dirname(snapshotDir), 'opendata-'));
cpSync(snapshotDir, join(dir, 'snapshot'), { recursive: true });
const server = await serveFromDisk(dir, '', feed.url);
const town = new Town(server, view.settings.territory.bbox);

const rows: Record<string, () => Promise<Figure[]>> = {
	tiles: () => tilesAnew(town, feed, peer),
	kept: () => tilesKept(town, nginx),
	file: () => fileKept(town, nginx),
	anew: () => fileAnew(town, feed, peer, dir),
	items: () => items(town, nginx, peer),
	search: () => search(town, view, peer)
};

const figures: Figure[] = [];
try {
	await changed(feed, server.url);
	for (const [name, measure] of Object.entries(rows)) if (!wanted || wanted.includes(name)) figures.push(...(await measure()));
} finally {
	await server.stop();
	await feed.stop();
	await nginx.stop();
	await qgis.stop();
	await peer.stop();
	rmSync(dir, { recursive: true, force: true });
}
process.send!(figures, () => process.exit(0));
