import { createLog } from '../../src/lib/server/log.ts';
import { Refusal } from './database.ts';
import { filterConsole } from './logs.ts';
import { readOptions } from './options.ts';
import type { Events, LocalSupabase } from './start.ts';
import { startLocalSupabase } from './start.ts';

/** What the parent hears over the channel; see `src/lib/server/local.ts`. */
const tell = (message: Record<string, unknown>) => void (process.connected && process.send?.(message, undefined, {}, () => {}));

const options = readOptions(process.env);
const log = createLog('local-supabase', options.logLevel);
filterConsole(log);

const events: Events = {
	bound: (endpoint) => tell({ type: 'bound', endpoint }),
	alive: (answered) => tell({ type: 'alive', answered }),
	waiting: (code) => {
		log.warn({ code }, 'the database server does not answer');
		tell({ type: 'waiting', code });
	},
	ready: (seeded) => {
		log.info('ready');
		tell({ type: 'ready', seeded });
	},
	async busy(work) {
		tell({ type: 'busy' });
		try {
			return await work();
		} finally {
			tell({ type: 'free' });
		}
	}
};

/** EX_CONFIG of sysexits.h */
const REFUSED = 78;

let running: LocalSupabase | null = null;
let stopping = false;

/** An orphan leaves soon: the application that is started again waits for the folder. */
async function leave(reason: string, graceMs: number): Promise<void> {
	if (stopping) return;
	stopping = true;
	log.info({ reason }, 'stopping');
	await running?.stop(graceMs);
	log.flush();
	process.exit(0);
}

process.on('SIGTERM', () => void leave('SIGTERM', 10_000));
process.on('SIGINT', () => void leave('SIGINT', 10_000));
process.on('disconnect', () => void leave('the application is gone', 2_000));
process.on('message', (message) => {
	if ((message as { type?: string }).type === 'stop') void leave('asked by the application', 10_000);
});
process.on('unhandledRejection', (error) => log.error({ error }, 'unhandled rejection'));
process.on('uncaughtException', (error) => {
	log.fatal({ error }, 'uncaught exception');
	process.exit(1);
});

try {
	running = await startLocalSupabase(options, log, events, process.send ? process.ppid : null);
} catch (error) {
	if (stopping) process.exit(0);
	stopping = true;
	const refused = error instanceof Refusal;
	// A sentence of the database may quote a value: it goes to the terminal, not to the log.
	log.fatal({ error: refused ? error.cause : error, refused }, refused ? 'refused to start' : 'failed to start');
	if (refused) {
		tell({ type: 'refused', message: error.message });
		if (!process.send) process.stderr.write(`${error.message}\n`);
	}
	process.exitCode = refused ? REFUSED : 1;
	process.disconnect?.();
	setTimeout(() => process.exit(), 100);
}
