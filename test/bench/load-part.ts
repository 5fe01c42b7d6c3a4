/** Rows → snapshot → disk, with rows made up on the fly: what the application itself costs, without any database. */
import type { Place } from '../../src/lib/domain/place.ts';
import { saveSnapshot } from '../../src/lib/server/published/disk.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { RowSource } from '../../src/lib/server/published/source.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';
import type { Figure } from './figures.ts';

const [count, dir] = [Number(process.argv[2]), process.argv[3]!];
const rows = syntheticReference();
const random = seeded(1);
let made = 0;
let making = 0;

const nextId = () => `00000000-0000-4000-8000-${(made++).toString(16).padStart(12, '0')}`;
const source: RowSource = {
	lastChange: () => Promise.resolve(null),
	changes: () => Promise.resolve([]),
	departures: () => Promise.resolve([]),
	placesById: () => Promise.resolve([]),
	reference: (what) => Promise.resolve(rows[what]),
	places: (_, limit) => {
		const start = performance.now();
		const page: Place[] = [];
		while (page.length < limit && made < count) page.push(syntheticPlace(random, rows, nextId()));
		making += performance.now() - start;
		return Promise.resolve(page);
	}
};

const started = performance.now();
const snapshot = await loadSnapshot(source, Date.now);
const loaded = performance.now() - started - making;
const saving = performance.now();
await saveSnapshot(dir, snapshot, 0);
const figures: Figure[] = [
	{ name: 'snapshot from rows, without the database', value: loaded, unit: 'ms' },
	{ name: 'snapshot to disk', value: performance.now() - saving, unit: 'ms' }
];
process.send!(figures, () => process.exit(0));
