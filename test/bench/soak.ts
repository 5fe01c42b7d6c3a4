/**
 * `npm run soak [-- --backend postgres] [--proposals 1000] [--clients 50] [--kills 5] [--seed N]`: many people write at once while
 * the database process and the application are killed at random moments. Exits 1 when anything that was acknowledged is not
 * there exactly once, the feed has a gap, a follower missed something, the snapshot differs or the chain breaks.
 *
 * `npm run soak -- --steady [--minutes 60] [--places 10000]`: five changes a second and readers beside them, on PostgreSQL. Exits 1 when the
 * application ends with a tenth more memory than it began with, or refused anything.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { stopPostgres } from '../support/app.ts';
import type { Backend } from '../support/database.ts';
import { machine } from './figures.ts';
import type { SoakReport } from './soak/run.ts';
import { soak } from './soak/run.ts';
import { steady } from './soak/steady.ts';

const { values: options } = parseArgs({
	options: {
		backend: { type: 'string', default: process.env['TEST_BACKEND'] || 'pglite' },
		proposals: { type: 'string', default: '1000' },
		clients: { type: 'string', default: '50' },
		kills: { type: 'string', default: '5' },
		steady: { type: 'boolean', default: false },
		minutes: { type: 'string', default: '60' },
		places: { type: 'string', default: '10000' },
		seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) }
	}
});

const most = (numbers: number[]) => Math.max(0, ...numbers).toFixed(1);
const middle = (numbers: number[]) => (numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0).toFixed(1);

function print(report: SoakReport): void {
	const recovered = report.recoveries.map(({ seconds }) => seconds);
	const orphans = report.recoveries.flatMap(({ orphanSeconds }) => orphanSeconds ?? []);
	console.log(`acknowledged           ${report.acknowledged} (${report.byForm} by form, ${report.accepted} accepted at once)`);
	console.log(`retries                ${report.retries}`);
	console.log(
		`kills                  ${report.recoveries.map(({ victim }) => victim).join(', ')}; follower ${report.followerKills}`
	);
	console.log(`seconds to recover     median ${middle(recovered)}, max ${most(recovered)}`);
	if (orphans.length > 0) console.log(`seconds of an orphan   max ${most(orphans)}`);
	console.log(`changes                ${report.changes}`);
	console.log(`seconds in all         ${report.seconds.toFixed(0)}`);
	printBreaches(report.breaches);
}

function printBreaches(breaches: string[]): void {
	for (const breach of breaches.slice(0, 20)) console.log(`BREACH ${breach}`);
	if (breaches.length > 20) console.log(`… and ${breaches.length - 20} more`);
	console.log(breaches.length === 0 ? 'Nothing was lost.' : `${breaches.length} breaches.`);
}

async function runSteady(): Promise<boolean> {
	const { changes, answers, first, last, breaches } = await steady({
		minutes: Number(options.minutes),
		places: Number(options.places),
		say: (line) => console.log(line)
	});
	const change = (from: number, to: number) => `${from.toFixed(0)} MB, then ${to.toFixed(0)} MB (${percent(to / from - 1)})`;
	console.log(`changes                ${changes}, ${answers} answers to readers`);
	console.log(`memory of the process  ${change(first.resident, last.resident)}`);
	console.log(`heap                   ${change(first.heap, last.heap)}`);
	printBreaches(breaches);
	return breaches.length === 0;
}

const percent = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`;

async function runKills(): Promise<boolean> {
	const report = await soak({
		backend: options.backend as Backend,
		proposals: Number(options.proposals),
		clients: Number(options.clients),
		kills: Number(options.kills),
		seed: Number(options.seed),
		say: (line) => console.log(line)
	});
	print(report);
	return report.breaches.length === 0;
}

// What was started goes with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

console.log(`${machine()}, load ${loadavg()[0]!.toFixed(1)}, seed ${options.seed}`);
try {
	process.exitCode = (await (options.steady ? runSteady() : runKills())) ? 0 : 1;
} finally {
	await stopPostgres();
}
