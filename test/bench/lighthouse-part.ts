/** The three pages as Lighthouse judges them on a telephone, with the places of the demonstration; medians of five runs. */
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import type { Figure } from './figures.ts';
import { quantile } from './figures.ts';
import { columns, lighthouse } from './pages/lighthouse.ts';
import type { Judgement } from './pages/lighthouse.ts';
import { demoAsTown, judgedPages, serveFromDisk } from './pages/served.ts';

const times = 5;

const dataDir = join(dirname(process.argv[3]!), 'judged');
mkdirSync(dataDir, { recursive: true });
await demoAsTown(dataDir);
const server = await serveFromDisk(dataDir);
const figures: Figure[] = [];

for (const [name, path] of await judgedPages(server.url)) {
	const runs: Judgement[] = [];
	for (let i = 0; i < times; i++) runs.push(await lighthouse(server.url + path, dataDir));
	const load = loadavg()[0]!;
	for (const column of columns) {
		const value = quantile(
			runs.map(({ points }) => points[column]),
			0.5
		);
		const remarks = value < 100 ? (runs.find(({ points }) => points[column] === value)?.remarks[column] ?? []) : [];
		figures.push({ name: `Lighthouse, ${name}: ${column}`, value, unit: 'points', least: 95, load, remarks });
	}
	const paints = runs.map(({ largestPaint }) => largestPaint);
	figures.push({ name: `Lighthouse, ${name}: largest paint, simulated`, value: quantile(paints, 0.5), unit: 'ms' });
}

await server.stop();
process.send!(figures, () => process.exit(0));
