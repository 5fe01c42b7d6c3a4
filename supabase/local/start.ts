import type { Log } from '../../src/lib/server/log.ts';
import { createApp } from './app.ts';
import type { Database } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import type { Endpoint } from './keys.ts';
import { announce, installationKeys } from './keys.ts';
import { createMailer } from './mail.ts';
import type { Mailer } from './mail.ts';
import { migrate } from './migrate.ts';
import { openPglite, openPostgres } from './open.ts';
import type { LocalOptions } from './options.ts';
import type { Seeded } from './seed.ts';
import { seed } from './seed.ts';
import { serve } from './serve.ts';
import { grantAuth, prepareRolesAndExtensions } from './system.ts';

/** What the process tells its watcher, in this order. */
export interface Events {
	/** The port is bound; requests are answered by 503 until `ready`. */
	bound(endpoint: Endpoint): void;
	/** Each second that this thread is free to say so, with the number of requests answered so far. */
	alive(answered: number): void;
	/** The database server is away; it is tried each second. */
	waiting(code: string): void;
	ready(seeded: Seeded | null): void;
	/** For as long as `work` runs, silence is no fault. */
	busy<T>(work: () => Promise<T>): Promise<T>;
}

export interface LocalSupabase {
	endpoint: Endpoint;
	database: Database;
	/** Answers a request without the door: neither its limits nor its closed paths. */
	fetch(request: Request): Promise<Response>;
	/** Finishes the requests under way (at most `graceMs`), closes the database, gives the folder back. */
	stop(graceMs?: number): Promise<void>;
}

/**
 * Starts the local Supabase in this process.
 * @throws Refusal when it can never start like this: folder in use, migration refused, server that refuses the user
 */
export async function startLocalSupabase(
	options: LocalOptions,
	log: Log,
	events: Events,
	watcher: number | null
): Promise<LocalSupabase> {
	const unlock = await lockFolder(options.dataDir, watcher);
	const keys = installationKeys(options.dataDir);
	const server = await serve(options.port);
	const endpoint = { url: `http://127.0.0.1:${server.port}`, publishable_key: keys.publishable, secret_key: keys.secret };
	events.bound(endpoint);
	const pulse = setInterval(() => events.alive(server.answered()), 1_000);
	pulse.unref();

	const database = options.databaseUrl
		? await openPostgres(options.databaseUrl, events.waiting)
		: await openPglite(options.dataDir, options.restoreFrom);
	log.info({ kind: database.kind }, 'database open');
	const mailer = createMailer({ ...options, from: options.mailFrom, templates: `${options.project}/templates` }, log);
	const app = createApp(database, keys, mailer, options);
	const seeded = await prepare(database, app, options, log);

	const fetch = (request: Request) => app.fetch(request, { peerAddress: null });
	server.open({
		fetch,
		ping: () => database.query('select 1'),
		dump: database.dump && (() => events.busy(database.dump!)),
		secretKey: keys.secret
	});
	announce(options.dataDir, endpoint);
	events.ready(seeded);
	return { endpoint, database, fetch, stop: (graceMs = 10_000) => stop(server.close(graceMs), mailer, database, unlock) };
}

async function prepare(database: Database, app: ReturnType<typeof createApp>, options: LocalOptions, log: Log) {
	await prepareRolesAndExtensions(database);
	await app.ensureSystemSchema();
	await app.init();
	await grantAuth(database);
	const applied = await migrate(database, `${options.project}/migrations`);
	if (applied.length > 0) log.info({ applied }, 'migrations applied');
	const seeded = options.seed ? await seed(database, { demo: options.demo, demoPassword: options.demoPassword }) : null;
	// What lite knows of tables and functions dates from before.
	await database.connection.clearSchemaCache();
	return seeded;
}

async function stop(closed: Promise<void>, mailer: Mailer, database: Database, unlock: () => void): Promise<void> {
	await closed;
	mailer.stop();
	await database.close();
	unlock();
}
