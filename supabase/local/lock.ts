import type { PGlite } from '@electric-sql/pglite';
import { CompiledQuery, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Driver, QueryResult } from 'kysely';

/** First come, first served: one holder at a time. */
export class Fifo {
	#tail: Promise<void> = Promise.resolve();

	/** Waits for its turn; the answer ends it. */
	async acquire(): Promise<() => void> {
		const before = this.#tail;
		let release = () => {};
		this.#tail = new Promise<void>((resolve) => (release = resolve));
		await before;
		return release;
	}

	async run<T>(work: () => Promise<T>): Promise<T> {
		const release = await this.acquire();
		try {
			return await work();
		} finally {
			release();
		}
	}
}

class LockedConnection implements DatabaseConnection {
	readonly #pglite: PGlite;
	readonly release: () => void;

	constructor(pglite: PGlite, release: () => void) {
		this.#pglite = pglite;
		this.release = release;
	}

	async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
		const { rows, affectedRows } = await this.#pglite.query<R>(query.sql, [...query.parameters]);
		return { rows, ...(affectedRows === undefined ? {} : { numAffectedRows: BigInt(affectedRows) }) };
	}

	// eslint-disable-next-line require-yield
	async *streamQuery(): AsyncIterableIterator<never> {
		throw new Error('The embedded database does not stream.');
	}
}

/**
 * A Kysely on PGlite whose connections are given one at a time, for a whole transaction.
 *
 * `@supabase/lite` 0.10 sends `begin`, `set role`, the query and `commit` of parallel requests down one session without a lock:
 * anonymous then reads with the rights of the service. It can go when lite holds a lock of its own (the interleaving test tells).
 */
export function lockedKysely<Tables>(pglite: PGlite, lock: Fifo): Kysely<Tables> {
	const driver: Driver = {
		init: async () => {},
		destroy: async () => {},
		acquireConnection: async () => new LockedConnection(pglite, await lock.acquire()),
		releaseConnection: async (connection) => (connection as LockedConnection).release(),
		beginTransaction: async (connection) => void (await connection.executeQuery(CompiledQuery.raw('begin'))),
		commitTransaction: async (connection) => void (await connection.executeQuery(CompiledQuery.raw('commit'))),
		rollbackTransaction: async (connection) => void (await connection.executeQuery(CompiledQuery.raw('rollback')))
	};
	return new Kysely<Tables>({
		dialect: {
			createAdapter: () => new PostgresAdapter(),
			createDriver: () => driver,
			createIntrospector: (kysely) => new PostgresIntrospector(kysely),
			createQueryCompiler: () => new PostgresQueryCompiler()
		}
	});
}
