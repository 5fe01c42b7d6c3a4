import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSupabase } from '../../support/database.ts';
import { openTestSupabase } from '../../support/database.ts';

let supabase: TestSupabase;
/** Fetches with a key and nothing between: what an enemy does. */
const call = (path: string, key: string, init: RequestInit = {}) =>
	fetch(`${supabase.url}${path}`, { ...init, headers: { apikey: key, 'content-type': 'application/json', ...init.headers } });

beforeAll(async () => {
	supabase = await openTestSupabase();
	await supabase.script(`
		create table public.guarded (id int, secret text);
		insert into public.guarded select n, 'row ' || n from generate_series(1, 5) n;
		alter table public.guarded enable row level security;
		grant select (id) on public.guarded to anon;
		grant select on public.guarded to service_role;
		create table public.closed (id int);
		create table public.papers (id int primary key, content jsonb);
		grant all on public.papers to service_role;
		create function public.echo(value jsonb) returns jsonb language sql as $$ select jsonb_build_object('type', jsonb_typeof(value), 'value', value) $$;
		create function public.refuse(note text) returns void language plpgsql as $$
			begin raise sqlstate 'PT409' using message = 'Somebody was faster.', detail = 'conflict', hint = 'phone'; end $$;
		create function public.stumble(note text) returns void language plpgsql as $$ begin raise exception 'note: %', note; end $$;
		create function public.misread(note text) returns int language plpgsql as $$ begin return note::int; end $$;
		create function public.not_yours() returns void language plpgsql as $$ begin raise sqlstate '42501' using message = 'no'; end $$;
		grant execute on function public.echo(jsonb), public.refuse(text), public.stumble(text), public.misread(text), public.not_yours() to anon, authenticated, service_role;
	`);
});
afterAll(() => supabase.stop());

describe('requests beside each other', () => {
	it('never read with the rights of their neighbour, in 200 tries', async () => {
		const { secretKey, publishableKey } = supabase;
		const requests = [secretKey, publishableKey, publishableKey, secretKey].map((key) => ({
			path: '/rest/v1/guarded?select=id',
			key
		}));
		const wrong: number[][] = [];
		for (let attempt = 0; attempt < 200; attempt++) {
			const answers = await supabase.sameTick(requests);
			const rows = answers.map(({ body }) => (JSON.parse(body) as unknown[]).length);
			if (rows.join() !== '5,0,0,5') wrong.push(rows);
		}
		expect(wrong).toEqual([]);
	});
});

describe('an answer', () => {
	it('takes no time for the text of views that nobody asked for', async () => {
		const read = async () => {
			const start = process.hrtime.bigint();
			for (let i = 0; i < 10; i++) await (await call('/rest/v1/guarded?select=id', supabase.publishableKey)).text();
			return Number(process.hrtime.bigint() - start) / 1e6;
		};
		await read();
		const before = await read();
		// Looked through for each column, this text takes a request seconds.
		const columns = Array.from({ length: 60 }, (_, i) => `id as column_${i}`);
		columns.push(`'${'CAST('.repeat(4000)}' as long_text`);
		await supabase.script(`create view public.long_view as select ${columns.join(', ')} from public.papers`);
		await read();
		expect(await read()).toBeLessThan(1000 + 5 * before);
		await supabase.script('drop view public.long_view');
	});
});

describe('grants', () => {
	it('stay as migrations wrote them: a column not granted and a table not granted are refused', async () => {
		const { publishableKey } = supabase;
		expect((await call('/rest/v1/guarded?select=id', publishableKey)).status).toBe(200);
		const column = await call('/rest/v1/guarded?select=secret', publishableKey);
		expect([401, 403]).toContain(column.status);
		expect(await column.json()).toMatchObject({ code: '42501' });
		expect(await (await call('/rest/v1/closed', publishableKey)).json()).toMatchObject({ code: '42501' });
		expect(
			await supabase.sql(`select grantee, privilege_type from information_schema.role_table_grants
				where table_name in ('guarded', 'closed') and grantee in ('anon', 'authenticated')`)
		).toEqual([]);
	});

	it('show nothing of the accounts to anonymous, also beside the API', async () => {
		const granted = await supabase.sql(`select table_schema, table_name from information_schema.role_table_grants
			where table_schema in ('auth', 'private', 'storage', 'supabase_migrations') and grantee in ('anon', 'authenticated', 'PUBLIC')`);
		expect(granted).toEqual([]);
	});

	it('are asked again by a request without a key', async () => {
		expect((await fetch(`${supabase.url}/rest/v1/guarded?select=id`)).status).toBe(401);
	});
});

describe('json', () => {
	it('is stored once encoded, by the API, by the auth service and by ourselves', async () => {
		const service = supabase.service();
		await service.from('papers').insert({ id: 1000, content: { list: [1, 'two'] } });
		const account = await supabase.createAccount();
		const signedIn = await supabase.signIn(account.email);
		await signedIn.auth.updateUser({ data: { shoe: { size: 42 } } });
		await supabase.sql('insert into public.papers values (1001, $1::jsonb)', [JSON.stringify({ a: 1 })]);
		expect(
			await supabase.sql(
				`select jsonb_typeof(content) as type from public.papers where id >= 1000
				union all select jsonb_typeof(raw_user_meta_data) from auth.users where id = $1
				union all select raw_user_meta_data -> 'shoe' ->> 'size' from auth.users where id = $1`,
				[account.id]
			)
		).toEqual([{ type: 'object' }, { type: 'object' }, { type: 'object' }, { type: '42' }]);
	});

	it.each([[{ deep: [{ er: 1 }] }], [[1, 2]]])('reaches a function as it was sent: %o', async (value) => {
		const { data, error } = await supabase.anon().rpc('echo', { value });
		expect(error).toBeNull();
		expect(data).toEqual({ type: Array.isArray(value) ? 'array' : 'object', value });
	});
});

describe('errors', () => {
	it('keep the code, the status, the detail and the hint of a refusal of ours', async () => {
		const { error, status } = await supabase.anon().rpc('refuse', { note: 'x' });
		expect(status).toBe(409);
		expect(error).toMatchObject({ code: 'PT409', message: 'Somebody was faster.', details: 'conflict', hint: 'phone' });
	});

	it('keep the code of a missing right', async () => {
		const { error, status } = await supabase.anon().rpc('not_yours');
		expect(error).toMatchObject({ code: '42501' });
		expect([401, 403]).toContain(status);
	});

	it('lose it of a plain raise, which is why functions of ours raise PT4xx', async () => {
		const response = await call('/rest/v1/rpc/stumble', supabase.publishableKey, { method: 'POST', body: '{"note":"x"}' });
		expect(response.status).toBe(500);
		expect(await response.json()).not.toMatchObject({ code: 'P0001' });
	});
});

describe('the log', () => {
	it('holds no parameter, no address, no token, whatever fails', async () => {
		const account = await supabase.createAccount({ email: 'jeanne.dupont@example.org', password: 'hunter2hunter2' });
		const { data } = await supabase.anon().auth.signInWithPassword(account);
		const token = data.session?.access_token ?? '';
		const note = 'Jeanne Dupont, 02 40 00 00 00';
		for (const name of ['stumble', 'misread', 'refuse']) await supabase.anon().rpc(name, { note });
		await call(`/rest/v1/guarded?secret=eq.${note}`, supabase.publishableKey, { headers: { authorization: `Bearer ${token}` } });
		await call('/rest/v1/papers', supabase.secretKey, { method: 'POST', body: JSON.stringify({ id: note, content: note }) });
		await call('/rest/v1/papers', supabase.secretKey, { method: 'POST', body: JSON.stringify({ id: 0, content: { note } }) });
		await call('/auth/v1/token?grant_type=password', supabase.publishableKey, {
			method: 'POST',
			body: '{"email": "jeanne.dupont@'
		});
		await call('/auth/v1/verify', supabase.publishableKey, { method: 'POST', body: '{"token_hash":"0a1b2c3d","type":"signup"}' });
		await supabase.script(`drop table if exists auth.guarded_${'x'.repeat(3)}`);
		expect(supabase.output()).toMatch(/met an error/);
		for (const secret of ['Dupont', 'jeanne', '02 40', 'hunter2', '0a1b2c3d', token, supabase.secretKey])
			expect(supabase.output()).not.toContain(secret);
	});
});

describe('the door', () => {
	it('refuses a body over 1 MB, said or streamed', async () => {
		const big = JSON.stringify({ value: { text: 'x'.repeat(1024 * 1024) } });
		const said = await call('/rest/v1/rpc/echo', supabase.publishableKey, { method: 'POST', body: big });
		expect(said.status).toBe(413);
		const streamed = await call('/rest/v1/rpc/echo', supabase.publishableKey, {
			method: 'POST',
			body: new Blob([big]).stream(),
			duplex: 'half'
		} as RequestInit);
		expect(streamed.status).toBe(413);
	});

	it('answers to /rest/v1, /auth/v1 and /health, and to nothing else', async () => {
		expect((await fetch(`${supabase.url}/health`)).status).toBe(200);
		for (const path of ['/', '/storage/v1x', '/_/', '/studio', '/pg/query', '/rest/v1x'])
			expect((await call(path, supabase.secretKey)).status, path).toBe(404);
	});

	it('gives a backup to the secret key only', async () => {
		expect((await call('/local/backup', supabase.publishableKey)).status).toBe(403);
	});
});
