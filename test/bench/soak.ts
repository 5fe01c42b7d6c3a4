/**
 * `npm run soak [-- --backend postgres] [--proposals 1000] [--clients 50] [--kills 5] [--seed N]`: many people write at once while
 * the database process and the application are killed at random moments. Exits 1 when anything that was acknowledged is not
 * there exactly once, the feed has a gap, a follower missed something, the snapshot differs or the chain breaks.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { stopPostgres } from '../support/app.ts';
import type { Backend } from '../support/database.ts';
import { machine } from './figures.ts';
import type { SoakReport } from './soak/run.ts';
import { soak } from './soak/run.ts';

const { values: options } = parseArgs({
	options: {
		backend: { type: 'string', default: process.env['TEST_BACKEND'] || 'pglite' },
		proposals: { type: 'string', default: '1000' },
		clients: { type: 'string', default: '50' },
		kills: { type: 'string', default: '5' },
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
	for (const breach of report.breaches.slice(0, 20)) console.log(`BREACH ${breach}`);
	if (report.breaches.length > 20) console.log(`… and ${report.breaches.length - 20} more`);
	console.log(report.breaches.length === 0 ? 'Nothing was lost.' : `${report.breaches.length} breaches.`);
}

// What was started goes with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

console.log(`${machine()}, load ${loadavg()[0]!.toFixed(1)}, seed ${options.seed}`);
try {
	const report = await soak({
		backend: options.backend as Backend,
		proposals: Number(options.proposals),
		clients: Number(options.clients),
		kills: Number(options.kills),
		seed: Number(options.seed),
		say: (line) => console.log(line)
	});
	print(report);
	process.exitCode = report.breaches.length === 0 ? 0 : 1;
} finally {
	await stopPostgres();
}
