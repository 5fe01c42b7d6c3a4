/** Disk → snapshot → answers, then a morning of changes: what a node lives with. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLocalMinute } from '../../src/lib/domain/local-time.ts';
import type { Place } from '../../src/lib/domain/place.ts';
import { allPlaces, datasetOf, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import { makeFile } from '../../src/lib/server/opendata/files/make.ts';
import { readSnapshot } from '../../src/lib/server/published/disk.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace } from '../support/synthetic.ts';
import { p95, residentMegabytes } from './figures.ts';
import type { Figure } from './figures.ts';

const started = performance.now();
const stored = await readSnapshot(process.argv[3]!, Date.now);
const own = process.threadCpuUsage();
const figures: Figure[] = [
	{ name: 'snapshot from disk', value: performance.now() - started, unit: 'ms', aim: 2000 },
	{ name: 'snapshot from disk, own time', value: (own.user + own.system) / 1000, unit: 'ms' }
];
if (!stored) throw new Error('nothing was on disk');
const { snapshot } = stored;
// What the application lets go of when changes are folded in must not be held here.
let view = snapshot.view;

const queries = [
	'nantes',
	'crèche',
	'ecole bellamy',
	'maison du calvaire',
	'ludoteque',
	'rue paul',
	'jardn partage malakof',
	'zzz',
	'ca'
];
const filters = [{}, { theme: 'enfance' }, { area: 'nantes-zola', kind: 'service' as const }, { category: 'parc', offset: 1000 }];
const near = { lon: -1.55, lat: 47.21 };
const nth = <T>(items: T[], i: number): T => items[i % items.length]!;

figures.push(await p95('list', 20, (i) => view.list(nth(filters, i))));
figures.push(await p95('search', 20, (i) => view.search(nth(queries, i))));
figures.push(await p95('nearby', 20, (i) => view.nearby({ ...near, lat: near.lat + i / 1e4 }, nth(filters, i))));
figures.push(await p95('search and nearby', 20, (i) => view.nearby(near, { q: nth(queries, i) })));
// Counts are kept a minute: each time a day that every place passes, so that none is.
const unseen = (i: number) => ({ checked: -1_000_000 - i });
figures.push(await p95('counts', 20, (i) => view.counts({ ...nth(filters, i), ...unseen(i) })));
figures.push(await p95('counts of a search', 20, (i) => view.counts({ q: nth(queries, i), ...unseen(i) })));
const noon = parseLocalMinute('2026-11-24T12:00')!;
const first = performance.now();
view.list({ open: noon });
figures.push({ name: 'who is open, the first time', value: performance.now() - first, unit: 'ms' });
figures.push(await p95('who is open, at another minute', 50, (i) => view.list({ open: noon + i + 1 })));
figures.push(await p95('who is open, again', 20, (i) => view.list({ open: noon, ...nth(filters, i) })));
figures.push(
	await p95('counts with open and free', 20, (i) => view.counts({ open: noon, cost: 'free', ...nth(filters, i), ...unseen(i) }))
);
figures.push(await p95('tile of the world', 10, () => view.tile(0, 0, 0)));
figures.push(await p95('tile of a town, zoom 11', 10, (i) => view.tile(11, 1014 + (i % 3), 711)));
figures.push(await p95('tile of streets, zoom 14', 10, (i) => view.tile(14, 8117 + (i % 8), 5688)));
figures.push({ name: 'memory after reading', value: residentMegabytes(), unit: 'MB', aim: 600 });

const random = seeded(5);
let seq = 0;
figures.push(
	await p95('a change of one place, swapped in', 100, () => {
		const place: Place = syntheticPlace(random, snapshot.view.reference);
		snapshot.apply({ seq: ++seq, places: new Map([[place.id, place]]), tombstones: new Map(), reference: {}, changes: [] });
	})
);
let longest = 0;
let last = performance.now();
const watch = setInterval(() => {
	longest = Math.max(longest, performance.now() - last);
	last = performance.now();
}, 1);
const folding = performance.now();
await snapshot.compact();
figures.push({ name: 'changes folded in', value: performance.now() - folding, unit: 'ms' });
clearInterval(watch);
figures.push({ name: 'longest pause while folding', value: longest, unit: 'ms' });
view = snapshot.view;
figures.push({ name: 'memory after changes', value: residentMegabytes(), unit: 'MB', aim: 600 });

const exporting = performance.now();
const current = snapshot.view;
const edition = { view: current, origin: 'http://localhost:3000', today: '2026-11-21' };
const dataset = datasetOf(current, allPlaces)!;
const folder = mkdtempSync(join(tmpdir(), 'alentour-bench-'));
const path = join(folder, 'file');
const before = process.threadCpuUsage();
await makeFile({ format: 'geojson', edition, dataset, selection: selectionOf(dataset) }, { path, compressed: true });
const spent = process.threadCpuUsage(before);
const megabytes = Math.round(statSync(`${path}.gz`).size / 1e6);
figures.push(
	{ name: `places.geojson, ${megabytes} MB compressed`, value: performance.now() - exporting, unit: 'ms' },
	{ name: 'of it on the thread that answers', value: (spent.user + spent.system) / 1000, unit: 'ms' }
);
rmSync(folder, { recursive: true });
figures.push({ name: 'memory after an export', value: residentMegabytes(), unit: 'MB' });
process.send!(figures, () => process.exit(0));
