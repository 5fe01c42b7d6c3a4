/** Database → snapshot through the local Supabase, as at a first start. TEST_BACKEND chooses PGlite or PostgreSQL. */
import { publishedRows } from '../../src/lib/server/db/published-rows.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { openTestSupabase } from '../support/database.ts';
import type { Figure } from './figures.ts';
import { residentMegabytes } from './figures.ts';
import { manyPlaces } from './many-places.ts';

const count = Number(process.argv[2]);
const supabase = await openTestSupabase();

await supabase.script(manyPlaces(count));

const started = performance.now();
const snapshot = await loadSnapshot(publishedRows(supabase.anon()), Date.now);
const figures: Figure[] = [
	{ name: `snapshot from the database (${supabase.backend})`, value: performance.now() - started, unit: 'ms', aim: 10_000 },
	{ name: 'memory after loading', value: residentMegabytes(), unit: 'MB', aim: 600 }
];
const { size } = snapshot.view;
await supabase.stop();
if (size !== count) throw new Error(`${size} places were read instead of ${count}`);
process.send!(figures, () => process.exit(0));
