import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Executor } from './database.ts';
import { Refusal } from './database.ts';

interface Migration {
	version: string;
	name: string;
	file: string;
	sql: string;
}

/** Any number that only we use: two nodes that start on one server migrate one after the other. */
const ADVISORY_LOCK = 721_900;

/**
 * Applies the migrations that the database doesn't have yet, each in a transaction, in the order of their versions, and notes
 * them in the history table of the Supabase CLI.
 * @returns the file names applied now
 * @throws Refusal when a file applied before has changed since, or one fails; what came before it stays
 */
export async function migrate(database: Database, folder: string): Promise<string[]> {
	const applied: string[] = [];
	for (const migration of readMigrations(folder)) {
		const done = await database.transaction(async (tx) => {
			if (database.kind === 'postgres') await tx.query(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`);
			return apply(tx, migration);
		});
		if (done) applied.push(migration.file);
	}
	// A migration may have set these for the session of the embedded database.
	if (database.kind === 'pglite') await database.script(`set search_path to public, extensions; set timezone to 'UTC'`);
	return applied;
}

function readMigrations(folder: string): Migration[] {
	const migrations: Migration[] = [];
	for (const file of readdirSync(folder).sort()) {
		if (!file.endsWith('.sql')) continue;
		const [, version, name] = /^(\d{14})_(\w+)\.sql$/.exec(file) ?? [];
		if (!version || !name) throw new Refusal(`Migration ${file}: its name must be <14 digits>_<verb>_<noun>.sql.`);
		const twin = migrations.find((migration) => migration.version === version);
		if (twin) throw new Refusal(`Migrations ${twin.file} and ${file} have the same version: rename the one not applied yet.`);
		migrations.push({ version, name, file, sql: unix(readFileSync(join(folder, file), 'utf8')) });
	}
	return migrations;
}

/** @returns whether there was something to do */
async function apply(tx: Executor, migration: Migration): Promise<boolean> {
	const [known] = await tx.query<{ statements: string[] | null }>(
		'select statements from supabase_migrations.schema_migrations where version = $1',
		[migration.version]
	);
	if (known) {
		if (known.statements && !same(known.statements, migration.sql))
			throw new Refusal(
				`Migration ${migration.file} was changed after it was applied: bring its text back and write a new migration.`
			);
		return false;
	}
	try {
		await tx.script(`set local statement_timeout = 0;\n${migration.sql}`);
	} catch (error) {
		throw new Refusal(`Migration ${migration.file} failed: ${place(error, migration.sql)}`, { cause: error });
	}
	await tx.query('insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3::text[])', [
		migration.version,
		migration.name,
		[migration.sql]
	]);
	return true;
}

/** We store the whole text as one statement; the Supabase CLI stores it cut at semicolons. */
function same(statements: string[], sql: string): boolean {
	if (statements.length === 1 && unix(statements[0] ?? '') === sql) return true;
	const bare = (text: string) => text.replace(/[\s;]+/g, '');
	return statements.length > 1 && bare(statements.join('')) === bare(sql);
}

/** The database's own sentence: a migration is our text, nothing personal is in it. */
function place(error: unknown, sql: string): string {
	const { message, code, position } = error as { message?: string; code?: string; position?: string };
	const line = position ? ` near line ${sql.slice(0, Number(position)).split('\n').length}` : '';
	return `${message ?? 'unknown reason'} (${code ?? 'no code'})${line}.`;
}

const unix = (text: string) => text.replaceAll('\r\n', '\n');
