import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSupabase } from '../support/database.ts';
import type { TestServer } from '../support/local-postgres.ts';
import { startPostgres } from '../support/local-postgres.ts';

/** Roles belong to a whole server: this story has one of its own. */
describe('a host who lends a database and no superuser', () => {
	let server: TestServer;
	beforeAll(async () => {
		server = await startPostgres();
		await server.admin(`create role town login password 'town'`);
		await server.admin('create database town owner town');
	});
	afterAll(() => server.stop());

	it('is told what to run once, word for word; then the owner needs nobody', async () => {
		const databaseUrl = server.url('town').replace('postgres@', 'town:town@');
		const refusal = await openTestSupabase({ backend: 'postgres', databaseUrl }).catch((error: Error) => error.message);
		const told = /a superuser runs once in it: (.*)$/m.exec(String(refusal))?.[1];
		expect(told).toBeDefined();
		const superuser = postgres(server.url('town'), { max: 1, onnotice: () => {} });
		await superuser.unsafe(told!.replaceAll('OWNER', 'town'));
		await superuser.end();

		const supabase = await openTestSupabase({ backend: 'postgres', databaseUrl });
		const { data, error } = await supabase.anon().from('categories').select('slug');
		expect(error).toBeNull();
		expect(data!.length).toBeGreaterThan(50);
		const { email } = await supabase.createAccount();
		const person = await supabase.signIn(email);
		expect((await person.rpc('whoami')).data).toMatchObject({ roles: [], session: true });
		expect((await supabase.anon().from('moderation_queue').select('*')).error).not.toBeNull();
		await supabase.stop();
	});
});
