import { afterEach, expect, it } from 'vitest';
import type { TestSupabase } from '../../support/database.ts';
import { borrowTestSupabase } from '../../support/lent-database.ts';
import { openTerritory, took } from '../../support/territory.ts';

let supabase: TestSupabase | undefined;
afterEach(() => supabase?.stop());

/** Every row of every table that stories write to, and where the numbering stands. */
async function contents({ sql }: TestSupabase): Promise<Record<string, string>> {
	const tables = await sql<{ name: string }>(
		`select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace::regnamespace::text in ('auth', 'private', 'storage')`
	);
	const rows = tables.map(
		({ name }) => `select '${name}' as name, string_agg(t::text, chr(10) order by t::text) as rows from ${name} as t`
	);
	const numbers = `select sequencename::text as name, last_value::text as rows from pg_sequences where schemaname = 'private'`;
	const found = await sql<{ name: string; rows: string }>([...rows, numbers].join(' union all '));
	return Object.fromEntries(found.map(({ name, rows: each }) => [name, each]));
}

it('a database that is given back has no trace of the story before', async () => {
	const first = await borrowTestSupabase();
	const before = await contents(first);
	await first.stop();

	const territory = await openTerritory();
	const place = await territory.place();
	await territory.change('neighbour', place, { phone: [null, '02 40 00 00 01'] });
	took(await territory.call('whole', 'withhold', { withholding: { place_id: place, reason_code: 'illegal' } }));
	const { email } = await territory.supabase.createAccount();
	const person = await territory.supabase.signIn(email);
	await territory.supabase.sql(`update private.settings set value = '{}' where key = 'territory'`);
	const during = await contents(territory.supabase);
	for (const name of ['private.places', 'private.settings', 'auth.users', 'auth.sessions', 'assurances_id_seq'])
		expect([name, during[name]]).not.toEqual([name, before[name]]);
	await territory.stop();

	supabase = await borrowTestSupabase();
	expect(supabase.pid).toBe(first.pid);
	expect(await contents(supabase)).toEqual(before);
	expect((await person.auth.getUser()).error).not.toBeNull();
});

// What is compared is the same on both, a start is not.
if (process.env['TEST_BACKEND'] === 'postgres')
	it('a database whose functions or rights were changed is not lent again', async () => {
		const first = await borrowTestSupabase();
		await first.stop();
		const changed = await borrowTestSupabase();
		expect(changed.pid).toBe(first.pid);
		await changed.script('grant select on private.settings to anon');
		await changed.stop();
		supabase = await borrowTestSupabase();
		expect(supabase.pid).not.toBe(first.pid);
	});
