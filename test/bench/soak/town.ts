import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_PASSWORD, demoFolder, freshDatabase } from '../../support/app.ts';
import type { Backend, TestSupabase } from '../../support/database.ts';
import { openTestSupabase, TEST_PASSWORD } from '../../support/database.ts';

export interface Account {
	email: string;
	password: string;
	/** An agent's proposals are accepted by rule, a resident's wait. */
	agent: boolean;
}

/** An installation that is not running: the demonstration and accounts for the clients. */
export interface Town {
	backend: Backend;
	dataDir: string;
	databaseUrl: string | null;
	accounts: Account[];
}

/** Every second account is an agent of the whole territory. */
export async function buildTown(backend: Backend, clients: number): Promise<Town> {
	const dataDir = mkdtempSync(join(tmpdir(), 'alentour-soak-'));
	const databaseUrl = backend === 'postgres' ? await freshDatabase() : null;
	if (backend === 'pglite') cpSync(await demoFolder(), dataDir, { recursive: true });
	const accounts = Array.from({ length: clients }, (_, i) => {
		return { email: `client-${i}@example.org`, password: TEST_PASSWORD, agent: i % 2 === 0 };
	});
	await withDatabase({ backend, dataDir, databaseUrl }, (database) => addAccounts(database, accounts));
	return { backend, dataDir, databaseUrl, accounts };
}

/** Opens the database while the application is not running. */
export async function withDatabase<T>(
	{ backend, dataDir, databaseUrl }: Omit<Town, 'accounts'>,
	work: (database: TestSupabase) => Promise<T>
): Promise<T> {
	const database = await openTestSupabase({
		backend,
		dataDir,
		...(databaseUrl ? { databaseUrl } : {}),
		env: { DEMO: 'on', DEMO_PASSWORD }
	});
	try {
		return await work(database);
	} finally {
		await database.stop();
	}
}

/** One password is hashed and copied: fifty would take ten seconds of nothing but hashing. */
async function addAccounts(database: TestSupabase, accounts: Account[]): Promise<void> {
	const model = await database.createAccount({ email: `model-${randomUUID()}@example.org` });
	const people = JSON.stringify(accounts.map(({ email, agent }) => ({ id: randomUUID(), email, agent })));
	const given = `jsonb_to_recordset($1::jsonb) as p (id uuid, email text, agent boolean)`;
	await database.sql(
		`insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
			is_sso_user, is_anonymous, created_at, updated_at)
		select p.id, u.aud, u.role, p.email, u.encrypted_password, now(), u.raw_app_meta_data, u.raw_user_meta_data, false, false, now(), now()
		from auth.users as u, ${given} where u.id = $2::uuid`,
		[people, model.id]
	);
	await database.sql(
		`insert into private.contributors (kind, user_id, display_name) select 'account', p.id, 'Cliente' from ${given}`,
		[people]
	);
	await database.sql(
		`insert into private.grants (contributor_id, role)
		select c.id, 'agent' from private.contributors as c join ${given} on p.id = c.user_id where p.agent`,
		[people]
	);
}
