import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { openTestSupabase } from './database.ts';
import type { TestSupabase } from './database.ts';

const root = resolve(import.meta.dirname, '../..');

export interface Ended {
	code: number;
	out: string;
	err: string;
}

/** A database without the demonstration, its coordinator, and the command line against it. */
export interface Installation {
	database: TestSupabase;
	/** The coordinator's address. */
	coordinator: string;
	/** `npm run admin -- …args` */
	admin(...args: string[]): Promise<Ended>;
	/** Rows of a table or of `table where …`. */
	count(from: string): Promise<number>;
}

export async function openInstallation(): Promise<Installation> {
	const database = await openTestSupabase();
	const { id, email } = await database.createAccount({ email: 'coordination@example.org' });
	// The first call of an account makes its contributor.
	await (await database.signIn(email)).rpc('whoami');
	await database.sql(
		`insert into private.grants (contributor_id, role) select id, 'coordinator' from private.contributors where user_id = $1::uuid`,
		[id]
	);
	const env = { ...process.env, DATA_DIR: database.dataDir, DEMO: 'off', DATABASE_URL: '', SUPABASE_URL: '' };
	return {
		database,
		coordinator: email,
		admin: (...args) =>
			new Promise((ended) =>
				execFile(process.execPath, ['src/cli/admin.ts', ...args], { cwd: root, env, maxBuffer: 1e8 }, (error, out, err) =>
					ended({ code: error ? Number(error.code) : 0, out, err })
				)
			),
		count: async (from) => Number((await database.sql<{ n: number }>(`select count(*)::int as n from ${from}`))[0]?.n)
	};
}

/** The counts of the last line: `44 created, 1 refused` → {created: 44, refused: 1}. */
export function counts({ out }: Ended): Record<string, number> {
	const line =
		out
			.trimEnd()
			.split('\n')
			.findLast((text) => /^\d+ /.test(text)) ?? '';
	return Object.fromEntries(line.split(', ').map((part) => [part.replace(/^\d+ /, ''), Number.parseInt(part, 10)]));
}
