import type { PgliteConnection } from '@supabase/lite/pglite';
import type { PostgresConnection } from '@supabase/lite/postgres';

/** SQL with the owner's rights. Give json as text (`$1::jsonb`), so that both databases read the same. */
export interface Executor {
	/** One statement; rows as plain objects: json parsed, dates and timestamps as text. */
	query<Row = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<Row[]>;
	/** Several statements, without parameters. */
	script(sql: string): Promise<void>;
}

/** The one database of this process, embedded or on a server. */
export interface Database extends Executor {
	kind: 'pglite' | 'postgres';
	connection: PgliteConnection | PostgresConnection;
	/** All or nothing; use only `tx` inside. */
	transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
	/** The embedded data folder as a gzipped tar; null on a server, which has `pg_dump`. */
	dump: (() => Promise<Blob>) | null;
	close(): Promise<void>;
}

/** Why this process will never start as it is asked to: one sentence for the person at the terminal. */
export class Refusal extends Error {
	override name = 'Refusal';
}
