import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { Sql, TransactionSql } from 'postgres';
import type { Database, Executor } from './database.ts';
import { Refusal } from './database.ts';
import { forgetTextOfViews, keepOwnGrants, plainJsonb } from './guard.ts';
import { Fifo, lockedKysely } from './lock.ts';
import { restoreFolder } from './restore.ts';

const SESSION = `set search_path to public, extensions; set timezone to 'UTC';`;

/**
 * Opens the embedded database of `dataDir/pg`, making it when it isn't there.
 * @param restoreFrom a gzipped tar of a data folder, to begin with when there is none
 */
export async function openPglite(dataDir: string, restoreFrom: string | null): Promise<Database> {
	const [{ createPgliteConnection }, { postgis }, { pg_trgm }, { unaccent }] = await Promise.all([
		import('@supabase/lite/pglite'),
		import('@electric-sql/pglite-postgis'),
		import('@electric-sql/pglite/contrib/pg_trgm'),
		import('@electric-sql/pglite/contrib/unaccent')
	]);
	const folder = join(dataDir, 'pg');
	const extensions = { postgis, pg_trgm, unaccent };
	if (restoreFrom && !existsSync(folder)) await restoreFolder(folder, restoreFrom, extensions);
	const connection = await createPgliteConnection({ url: folder, pgliteOptions: { extensions } });
	const pglite = connection.driver;
	await pglite.waitReady;
	await pglite.exec(SESSION);
	const lock = new Fifo();
	connection.kysely = lockedKysely(pglite, lock);
	keepOwnGrants(connection);
	forgetTextOfViews(connection);

	return {
		kind: 'pglite',
		connection,
		query: (sql, params) => lock.run(() => pgliteExecutor(pglite).query(sql, params)),
		script: (sql) => lock.run(() => pgliteScript(pglite, sql)),
		transaction: (work) => lock.run(() => pglite.transaction((tx) => work(pgliteExecutor(tx)))),
		dump: () => lock.run(() => pglite.dumpDataDir('gzip')),
		close: () => lock.run(() => pglite.close())
	};
}

function pgliteExecutor(session: Pick<PGlite, 'query' | 'exec'>): Executor {
	return {
		query: async <Row>(sql: string, params?: unknown[]) => (await session.query<Row>(sql, params)).rows,
		script: async (sql) => void (await session.exec(sql))
	};
}

/** A script that fails between its own `begin` and `commit` must not leave the only session in a failed transaction. */
async function pgliteScript(pglite: PGlite, sql: string): Promise<void> {
	try {
		await pglite.exec(sql);
	} catch (error) {
		await pglite.exec('rollback');
		throw error;
	}
}

/**
 * Opens the database of a PostgreSQL server, waiting for the server for as long as it is away.
 * @param onWaiting called each time that the server doesn't answer, with the error's code
 */
export async function openPostgres(url: string, onWaiting: (code: string) => void): Promise<Database> {
	const { createPostgresConnection } = await import('@supabase/lite/postgres');
	const connection = createPostgresConnection({
		url,
		postgresOptions: {
			max: 10,
			connect_timeout: 10,
			onnotice: () => {},
			connection: { search_path: 'public, extensions', statement_timeout: 30_000 },
			types: { jsonb: plainJsonb }
		}
	});
	keepOwnGrants(connection);
	forgetTextOfViews(connection);
	const pool = connection.driver;
	await answer(pool, onWaiting);
	return {
		kind: 'postgres',
		connection,
		...postgresExecutor(pool),
		script: (sql) => postgresScript(pool, sql),
		transaction: <T>(work: (tx: Executor) => Promise<T>) => pool.begin((tx) => work(postgresExecutor(tx))) as Promise<T>,
		dump: null,
		close: () => pool.end({ timeout: 5 })
	};
}

function postgresExecutor(session: Sql | TransactionSql): Executor {
	return {
		query: async <Row>(sql: string, params: unknown[] = []) =>
			[...(await session.unsafe(sql, params as never[]))] as unknown as Row[],
		script: async (sql) => void (await session.unsafe(sql).simple())
	};
}

/** postgres.js refuses a bare `begin` on a pooled connection: a script has one of its own. */
async function postgresScript(pool: Sql, sql: string): Promise<void> {
	const session = await pool.reserve();
	try {
		await session.unsafe(sql).simple();
	} catch (error) {
		await session.unsafe('rollback').simple();
		throw error;
	} finally {
		session.release();
	}
}

const REFUSED: Record<string, string> = {
	'28P01': 'the server refuses the password',
	'28000': 'the server refuses the user',
	'3D000': 'the server has no such database',
	'42501': 'the user may not connect to this database'
};

async function answer(pool: Sql, onWaiting: (code: string) => void): Promise<void> {
	for (;;) {
		try {
			await pool.unsafe('select 1');
			return;
		} catch (error) {
			const code = String((error as { code?: unknown }).code ?? 'unknown');
			if (REFUSED[code]) throw new Refusal(`DATABASE_URL: ${REFUSED[code]} (${code}).`, { cause: error });
			onWaiting(code);
			await new Promise((resolve) => setTimeout(resolve, 1000));
		}
	}
}
