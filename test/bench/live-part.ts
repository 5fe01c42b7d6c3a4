/** One change → tile, search, file, feed: fifty proposals a second through the local Supabase on PostgreSQL, each accepted at once. */
import { loadavg } from 'node:os';
import type { Figure } from './figures.ts';
import { quantile } from './figures.ts';
import { Changer } from './live/changer.ts';
import { places, Watch } from './live/watch.ts';
import { startWrittenTown } from './live/written-town.ts';
import { seqOfFile } from './opendata/files.ts';
import { Town } from './opendata/town.ts';
import { processorSeconds } from './pages/crowd.ts';

const perSecond = 50;
const seconds = 30;
/** Every so many are looked for. */
const sampled = 15;

const count = Number(process.argv[2]);
const { app, agents, stop } = await startWrittenTown(count, 10);
const town = new Town(app, [-1.65, 47.15, -1.45, 47.3]);
const figures: Figure[] = [];
try {
	const watch = new Watch(town);
	let changes = 0;
	const onAccepted = (change: Parameters<Watch['sample']>[0]) => {
		if (changes++ % sampled === 0) watch.sample(change);
	};
	const changer = new Changer({ dataDir: app.dataDir, agents, places: count, perSecond, onAccepted });
	await changer.signIn();
	// A file that nobody has asked for is made from nothing: no change is in the way of that.
	await seqOfFile(town);
	watch.start((await app.health()).seq);
	const used = () => [app.pid, app.databasePid()].map((pid) => processorSeconds(pid).all);
	const before = used();
	const started = performance.now();
	await changer.run(seconds);
	const rate = changer.accepted / ((performance.now() - started) / 1000);
	if (changer.accepted === 0) throw new Error(`no change was accepted: ${changer.failures[0]}`);
	const load = loadavg()[0]!;
	const [own, supabase] = used().map((seconds, i) => (((seconds - before[i]!) * 1000) / changer.accepted).toFixed(1));
	const cost = `processor time for each: the application ${own} ms, with what is asked of it, the local Supabase ${supabase} ms, without PostgreSQL`;
	const remarks = [cost, ...changer.failures.slice(0, 3)];
	figures.push({
		name: 'changes accepted while that is watched',
		value: rate,
		unit: '/s',
		least: perSecond * 0.95,
		load,
		remarks
	});
	const delays = await watch.finish();
	for (const where of places) {
		const [value, median] = [quantile(delays[where], 0.95), quantile(delays[where], 0.5)];
		figures.push({ name: `from a change until it is in the ${where}`, value, median, unit: 'ms', aim: 2000, load });
	}
} finally {
	await stop();
}
process.send!(figures, () => process.exit(0));
