/**
 * `npm run bench [-- --json FILE]`: the figures that decided the structures of the snapshot and of the pages, at 100,000 places.
 * Exits 1 when one misses its aim. For a quicker look: `--places N`; `--no-database` leaves out the load through a real local
 * Supabase, `--no-browser` the weight of the pages and the map under a hand, `--no-lighthouse` their judgement, which takes five minutes, and `--no-opendata` the
 * open data beside PostGIS, nginx and QGIS Server, which takes as long.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure } from './figures.ts';
import { busyWarning, isMissed, machine, printFigures } from './figures.ts';
import { missingPeers } from './opendata/peers.ts';
import { startedWith } from '../support/started-with.ts';

const { values: options } = parseArgs({
	allowNegative: true,
	options: {
		json: { type: 'string' },
		places: { type: 'string', default: '100000' },
		database: { type: 'boolean', default: true },
		opendata: { type: 'boolean', default: true },
		browser: { type: 'boolean', default: true },
		lighthouse: { type: 'boolean', default: true }
	}
});

/** Each part in a process of its own, so that its memory is its own; set as `npm start` sets it. */
function run(part: string, snapshot: string): Promise<Figure[]> {
	return new Promise((resolve, reject) => {
		const child = fork(join(import.meta.dirname, `${part}.ts`), [options.places, snapshot], {
			execArgv: startedWith.flags,
			env: { ...process.env, ...startedWith.env }
		});
		let figures: Figure[] | null = null;
		child.on('message', (message) => (figures = message as Figure[]));
		child.on('error', reject);
		child.on('exit', (code) => (figures && code === 0 ? resolve(figures) : reject(new Error(`${part} ended with ${code}`))));
	});
}

const missing = options.opendata ? missingPeers() : null;
if (missing) {
	console.error(missing);
	process.exit(1);
}

const dir = mkdtempSync(join(tmpdir(), 'bench-'));
try {
	const parts = [
		...['load-part', 'read-part', 'serve-part'],
		...(options.database ? ['database-part'] : []),
		...(options.opendata ? ['opendata-part', 'live-part'] : []),
		...(options.browser ? ['map-part', 'page-part', ...(options.lighthouse ? ['lighthouse-part'] : [])] : [])
	];
	const figures: Figure[] = [];
	console.log(`${machine()}, ${options.places} places\n${busyWarning()}`);
	for (const part of parts) {
		const measured = await run(part, join(dir, 'snapshot'));
		printFigures(measured);
		figures.push(...measured);
	}
	const about = {
		machine: machine(),
		cores: cpus().length,
		memory: totalmem(),
		node: process.version,
		places: Number(options.places)
	};
	if (options.json)
		writeFileSync(options.json, JSON.stringify({ ...about, at: new Date().toISOString(), figures }, null, '\t') + '\n');
	const missed = figures.filter(isMissed);
	console.log(
		missed.length === 0 ? '\nAll aims met.' : `\n${missed.length} missed: ${missed.map(({ name }) => name).join('; ')}.`
	);
	process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
	rmSync(dir, { recursive: true, force: true });
}
