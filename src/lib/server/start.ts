import type { Config } from './config.ts';
import { launchLocalSupabase } from './local.ts';
import { createLog } from './log.ts';
import { startPublished, stopPublished } from './published/instance.ts';
import { connectSupabase } from './supabase.ts';

/** Set on the process, which outlives a module that the development server reloads. */
const startedKey = Symbol.for('alentour.started');
const marks = process as unknown as Record<symbol, Promise<void> | undefined>;

/** Starts what the application stands on, once per process: the local Supabase unless another is given, then the snapshot. */
export function startUp(config: Config): Promise<void> {
	return (marks[startedKey] ??= start(config));
}

async function start(config: Config): Promise<void> {
	const log = createLog('app', config.logLevel);
	const local = config.supabase ? null : await launchLocalSupabase(config, log);
	const endpoint = config.supabase ?? local;
	if (!endpoint) throw new Error('No Supabase to connect to.');
	connectSupabase(endpoint);
	await startPublished({ ...endpoint, dataDir: config.dataDir, log });
	let closing: Promise<void> | undefined;
	// The adapter says so once it accepts no request any more and those under way are answered.
	process.on('sveltekit:shutdown', () => {
		closing ??= (async () => {
			await stopPublished();
			await local?.stop();
			log.info('Stopped.');
			process.exit(0);
		})();
	});
}
