/** Snapshot on disk → the built server → fifty visitors who ask at once. `PROFILE=folder` leaves what Node's profiler saw there. */
import { dirname } from 'node:path';
import { loadavg } from 'node:os';
import type { Figure } from './figures.ts';
import { quantile } from './figures.ts';
import { crowd, processorSeconds } from './pages/crowd.ts';
import { serveFromDisk } from './pages/served.ts';

const profile = process.env['PROFILE'];
const server = await serveFromDisk(dirname(process.argv[3]!), profile ? `--cpu-prof --cpu-prof-dir=${profile}` : '');
const { url } = server;

/** Searches as people type them, so that no answer is the last one's by chance. */
const words = [
	'crèche',
	'ecole bellamy',
	'ludoteque',
	'rue paul',
	'jardn partage',
	'maison du calvaire',
	'vélo',
	'accueil numérique'
];
const aPlace = await fetch(`${url}/places/00000000-0000-4000-8000-000000000007`);
const addresses: [string, string][] = words.flatMap((word) => [
	['/', `${url}/`],
	['/?q=…', `${url}/?q=${encodeURIComponent(word)}`],
	['/?theme=…', `${url}/?theme=enfance`],
	['/?open=now', `${url}/?open=now`],
	['a place', aPlace.url]
]);
const names = [...new Set(addresses.map(([name]) => name))];

// The compiler's work, and what is read once, are not what a node lives with.
await crowd(addresses, { people: 10, ms: 4000 });

const figures: Figure[] = [];
const alone = await crowd(addresses, { people: 1, ms: 6000 });
for (const name of names) {
	const times = alone.get(name)!;
	const one: Figure = {
		name: `answer to one visitor: ${name}`,
		value: quantile(times, 0.95),
		unit: 'ms',
		median: quantile(times, 0.5)
	};
	figures.push(name === '/' ? { ...one, aim: 25 } : one);
}

const drawn = await crowd(addresses, { people: 1, ms: 8000, anew: true });
const drawnTimes = [...drawn.values()].flat().sort((a, b) => a - b);
figures.push({
	name: 'answer that is not kept, to one visitor',
	value: quantile(drawnTimes, 0.95),
	unit: 'ms',
	aim: 25,
	median: quantile(drawnTimes, 0.5)
});

const before = processorSeconds(server.pid);
const started = performance.now();
const together = await crowd(addresses, { people: 50, ms: 10_000 });
const seconds = (performance.now() - started) / 1000;
const after = processorSeconds(server.pid);
const all = names.flatMap((name) => together.get(name)!);
const own = ((after.thread - before.thread) * 1000) / all.length;
const load = loadavg()[0]!;
figures.push(
	{ name: 'own time of an answer, 50 visitors at once', value: own, unit: 'ms', aim: 25, load },
	{ name: 'the same with helpers (rubbish, compression)', value: ((after.all - before.all) * 1000) / all.length, unit: 'ms' },
	{ name: 'answer to one of 50: all', value: quantile(all, 0.95), unit: 'ms', median: quantile(all, 0.5), aim: 25 }
);
for (const name of names) {
	const times = together.get(name)!;
	figures.push({ name: `answer to one of 50: ${name}`, value: quantile(times, 0.95), unit: 'ms', median: quantile(times, 0.5) });
}
figures.push({ name: 'answers', value: all.length / seconds, unit: '/s' });

await server.stop();
process.send!(figures, () => process.exit(0));
