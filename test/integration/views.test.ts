import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { saveSnapshot } from '../../src/lib/server/published/disk.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { changed, startFeed } from '../bench/opendata/feed.ts';
import type { Feed } from '../bench/opendata/feed.ts';
import { launch } from '../support/app.ts';
import type { Launched } from '../support/app.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { Inspector } from '../support/inspector.ts';
import { freePort, until } from '../support/processes.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

let feed: Feed;
let app: Launched;
let url: string;
const dir = mkdtempSync(join(tmpdir(), 'alentour-views-'));
beforeAll(async () => {
	const rows = syntheticReference();
	const random = seeded(1);
	const places = Array.from({ length: 20 }, () => syntheticPlace(random, rows));
	await saveSnapshot(join(dir, 'snapshot'), await loadSnapshot(new FakeFeed(rows, places), Date.now), 0);
	feed = await startFeed();
	const port = await freePort();
	app = launch({
		DATA_DIR: dir,
		PORT: String(port),
		SUPABASE_URL: feed.url,
		SUPABASE_PUBLISHABLE_KEY: 'a-feed-asks-for-no-key',
		SUPABASE_SECRET_KEY: 'a-feed-asks-for-no-key',
		LOG_LEVEL: 'error',
		NODE_OPTIONS: '--inspect=127.0.0.1:0'
	});
	url = `http://localhost:${port}`;
	await until('it answers', async () => (await fetch(`${url}/health`)).ok);
});
afterAll(async () => {
	app.child.kill('SIGTERM');
	await app.exited;
	await feed.stop();
	rmSync(dir, { recursive: true, force: true });
});

it('nothing of a running application holds on to a former state of the map, which is all places as they were', async () => {
	const inspector = await Inspector.of(app.output);
	try {
		for (let i = 0; i < 3; i++) {
			// A file is written by a thread that outlives the request.
			for (const path of ['/tiles/places/0/0/0.mvt', '/data/places.geojson', '/']) await (await fetch(url + path)).arrayBuffer();
			await changed(feed, url);
		}
		const views = () => inspector.count(`process[Symbol.for('alentour.published')].current().constructor.prototype`);
		// What the monthly files have looked at last is the present one soon.
		await until('the former ones are gone', async () => (await views()) === 1, 15_000);
	} finally {
		inspector.close();
	}
});
