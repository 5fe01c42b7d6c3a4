import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Config } from '../../lib/server/config.ts';
import { config } from '../../lib/server/environment.ts';
import { launchLocalSupabase } from '../../lib/server/local.ts';
import type { Seeded } from '../../lib/server/local.ts';
import { createLog } from '../../lib/server/log.ts';

/** Something the person at the terminal can put right: one sentence, no stack. */
export class CommandError extends Error {
	override name = 'CommandError';
	readonly exitCode: number;

	/** @param exitCode 1 what was asked failed, 2 it can't be done like this */
	constructor(message: string, exitCode = 1) {
		super(message);
		this.exitCode = exitCode;
	}
}

export interface Connection {
	config: Config;
	/** Whose Supabase it is. */
	kind: 'remote' | 'running' | 'launched';
	url: string;
	secretKey: string;
	publishableKey: string;
	/** With every right. */
	service: SupabaseClient;
	/** What a first start put into the database; null when it was there before. */
	seeded: Seeded | null;
	close(): Promise<void>;
}

interface Endpoint {
	url: string;
	publishableKey: string;
	secretKey: string;
}

/**
 * The Supabase of this installation: the one of SUPABASE_URL; else the local one that the running application launched; else one
 * launched for this command. Only the verb `demo` fills an empty database with the demonstration.
 */
export async function connect({ demo = false } = {}): Promise<Connection> {
	const settings = config();
	if (settings.supabase) return connection(settings, 'remote', settings.supabase, null, async () => {});
	const running = await findRunning(settings.dataDir);
	if (running) return connection(settings, 'running', running, null, async () => {});
	process.stderr.write('Starting the local Supabase for this command…\n');
	// Its lines are for an operator; the person at the terminal asked for something else.
	const log = createLog('admin', settings.logLevel === 'info' ? 'warn' : settings.logLevel);
	const launched = await launchLocalSupabase({ ...settings, demo, logLevel: log.level as Config['logLevel'] }, log);
	if (!launched.up()) {
		await launched.stop();
		throw new CommandError('The database does not answer: check DATABASE_URL and that its server runs.');
	}
	return connection(settings, 'launched', launched, await launched.seeded, () => launched.stop());
}

/** The listener named in DATA_DIR/supabase.json, when it answers and takes our key; a stale file may name anyone's port. */
export async function findRunning(dataDir: string): Promise<Endpoint | null> {
	let endpoint: Endpoint;
	try {
		const file = JSON.parse(readFileSync(join(dataDir, 'supabase.json'), 'utf8')) as Record<string, string>;
		const { url = '', publishable_key: publishableKey = '', secret_key: secretKey = '' } = file;
		endpoint = { url, publishableKey, secretKey };
	} catch {
		return null;
	}
	try {
		const { hostname } = new URL(endpoint.url);
		if (hostname !== '127.0.0.1') return null;
		const answer = await fetch(`${endpoint.url}/health`, { signal: AbortSignal.timeout(5_000) });
		const body = (await answer.json()) as { status?: string; snapshot?: unknown };
		// The application's own /health, on a port that was the database's once, tells of a snapshot too.
		return body.status === 'ok' && body.snapshot === undefined ? endpoint : null;
	} catch {
		return null;
	}
}

function connection(
	settings: Config,
	kind: Connection['kind'],
	to: Endpoint,
	seeded: Seeded | null,
	close: () => Promise<void>
): Connection {
	const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
	const service = createClient(to.url, to.secretKey, { auth });
	return {
		config: settings,
		kind,
		url: to.url,
		secretKey: to.secretKey,
		publishableKey: to.publishableKey,
		service,
		seeded,
		close
	};
}

/** Runs a command against the Supabase of this installation and leaves nothing running behind. */
export async function withConnection<T>(work: (connection: Connection) => Promise<T>, options?: { demo?: boolean }): Promise<T> {
	const connection = await connect(options);
	try {
		if (connection.seeded) tellSeeded(connection.seeded, connection.config.origin);
		return await work(connection);
	} finally {
		await connection.close();
	}
}

/** Said once, here, when a command was the first to open an empty database. */
export function tellSeeded({ accounts, password, setupLink }: Seeded, origin: string): void {
	if (accounts.length > 0)
		process.stdout.write(`Demonstration accounts: ${accounts.join(', ')}\nPassword of all: ${password ?? 'DEMO_PASSWORD'}\n`);
	if (setupLink)
		process.stdout.write(`The first coordinator sets up the territory here, once: ${new URL(setupLink, origin).href}\n`);
}
