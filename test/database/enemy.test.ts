import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonKey, Territory } from '../support/territory.ts';
import { openTerritory, people } from '../support/territory.ts';
import { calls } from './enemy/calls.ts';
import { ofTried, page } from './enemy/page.ts';
import type { Row } from './enemy/personas.ts';
import { personas, rowOf } from './enemy/personas.ts';
import { prepareReading, reading } from './enemy/reading.ts';

const ID = '11111111-1111-4111-8111-111111111111';
const PAGE = join(import.meta.dirname, '../../docs/who-may-what.md');

let territory: Territory;
beforeAll(async () => {
	territory = await openTerritory();
	await Promise.all((Object.keys(people) as PersonKey[]).map((key) => territory.as(key)));
	await prepareReading(territory);
});
afterAll(() => territory.stop());

/** Tables, views, materialized views, foreign and partitioned tables. */
const relationsOf = async (schema: string) =>
	(
		await territory.supabase.sql<{ relname: string }>(
			`select relname from pg_class where relnamespace = to_regnamespace($1) and relkind in ('r', 'v', 'm', 'f', 'p') order by 1`,
			[schema]
		)
	).map(({ relname }) => relname);

async function client(key: (typeof personas)[number]['key']): Promise<SupabaseClient> {
	return key === 'anonymous' ? territory.supabase.anon() : key === 'service' ? territory.supabase.service() : territory.as(key);
}

/** Rights to write are asked of three roles of the database; the strongest person of each is tried. */
const oneOfEachRole = ({ key }: (typeof personas)[number]) => ['anonymous', 'resident', 'whole', 'service'].includes(key);

/** What of insert, update, upsert and delete was not refused with 4xx. */
async function writesOf({ key, title }: (typeof personas)[number], relation: string): Promise<string[]> {
	const byId = [
		...['places', 'my_proposals', 'my_reports', 'my_decisions', 'my_notifications', 'campaign_proposals'],
		...['moderation_queue', 'report_queue', 'dataset_reports', 'unproven_queue', 'appeals_queue', 'decisions']
	];
	const columns: Record<string, unknown> = { changes: 1, ...Object.fromEntries(byId.map((name) => [name, ID])) };
	const name = relation === 'changes' ? 'seq' : relation === 'settings' ? 'key' : columns[relation] ? 'id' : 'slug';
	const value = columns[relation] ?? 'culture';
	const table = (await client(key)).from(relation);
	const answers = {
		insert: await table.insert({ [name]: value }),
		update: await table.update({ [name]: value }).eq(name, value),
		upsert: await table.upsert({ [name]: value }),
		delete: await table.delete().eq(name, value)
	};
	return Object.entries(answers)
		.filter(([, { error, status }]) => !error || status < 400 || status > 499)
		.map(([verb, { status }]) => `${title}: ${verb} ${relation} ${status}`);
}

async function rowCounts(): Promise<unknown> {
	const counts = (await relationsOf('private')).map(
		(name) => `select '${name}' as name, count(*)::int as n from private.${name}`
	);
	return territory.supabase.sql(counts.join(' union all '));
}

describe('every door', () => {
	it('is in the table: a new relation or function of the API needs a verdict', async () => {
		expect(await relationsOf('public')).toEqual(Object.keys(reading).sort());
		const functions = await territory.supabase.sql<{ proname: string }>(
			`select distinct proname from pg_proc where pronamespace = 'public'::regnamespace order by 1`
		);
		expect(functions.map(({ proname }) => proname)).toEqual(Object.keys(calls).sort());
	});

	it('of writing to a relation is shut for everyone, and nothing is half-written', async () => {
		const before = await rowCounts();
		const opened: string[] = [];
		for (const relation of await relationsOf('public'))
			opened.push(...(await Promise.all(personas.filter(oneOfEachRole).map((persona) => writesOf(persona, relation)))).flat());
		const granted = await territory.supabase.sql<{ door: string }>(
			`select format('%s may %s %s', role, privilege, c.relname) as door
			from pg_class as c, unnest('{anon,authenticated,service_role}'::text[]) as role, unnest('{insert,update,delete,truncate}'::text[]) as privilege
			where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'f', 'p') and has_table_privilege(role, c.oid, privilege)`
		);
		opened.push(...granted.map(({ door }) => door));
		expect(opened).toEqual([]);
		expect(await rowCounts()).toEqual(before);
	});

	it('behind the API is shut for every role of it, by SQL as by HTTP', async () => {
		const opened: string[] = [];
		for (const schema of ['private', 'auth', 'supabase_migrations', 'storage'])
			for (const relation of await relationsOf(schema)) {
				const privileges = await territory.supabase.sql<{ role: string; privilege: string }>(
					`select role, privilege from unnest('{anon,authenticated,service_role}'::text[]) as role,
						unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) as privilege
					where has_schema_privilege(role, $1, 'usage') and has_table_privilege(role, format('%I.%I', $1::text, $2::text)::regclass, privilege)
						and not (role = 'service_role' and $1 <> 'private')`,
					[schema, relation]
				);
				opened.push(...privileges.map(({ role, privilege }) => `${role} may ${privilege} ${schema}.${relation}`));
				for (const key of ['anonymous', 'resident', 'whole', 'service'] as const) {
					const { status } = await (await client(key)).schema(schema).from(relation).select('*');
					if (status < 400 || status > 499) opened.push(`${key} reads ${schema}.${relation}: ${status}`);
				}
			}
		expect(opened).toEqual([]);
	});

	it('of a function that is not of the API is shut: private and extensions, by name', async () => {
		const executable = await territory.supabase.sql<{ name: string }>(
			`select n.nspname || '.' || p.proname as name from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
			where n.nspname = 'private' and has_schema_privilege('anon', n.oid, 'usage') or n.nspname = 'private' and has_schema_privilege('authenticated', n.oid, 'usage')`
		);
		expect(executable).toEqual([]);
		const names = await territory.supabase.sql<{ name: string }>(
			`select distinct proname as name from pg_proc where pronamespace = 'private'::regnamespace
			union all select unnest('{pg_sleep,set_config,current_setting,pg_read_file,query_to_xml,lo_import,st_asgeojson,crypt,uid}'::text[])`
		);
		const service = territory.supabase.service();
		const answered: string[] = [];
		for (const { name } of names) {
			const { status } = await service.rpc(name, {});
			if (status !== 404) answered.push(`${name}: ${status}`);
		}
		expect(answered).toEqual([]);
	});

	it('of anonymous is this one list of functions', async () => {
		const open = await territory.supabase.sql(
			`select proname, prosecdef, provolatile from pg_proc where pronamespace = 'public'::regnamespace and has_function_privilege('anon', oid, 'execute') order by 1`
		);
		// Neither writes. One reads with its caller's rights; the other gives everyone what anonymous may have (see the page of who may what).
		expect(open).toEqual([
			{ proname: 'places_page', prosecdef: false, provolatile: 's' },
			{ proname: 'published_places', prosecdef: true, provolatile: 's' }
		]);
	});
});

describe('the page of who may what', () => {
	it('says what the database answers to every role', async () => {
		const rows = async (tries: typeof reading): Promise<Row[]> => {
			const found: Row[] = [];
			for (const [name, attempts] of Object.entries(tries).sort(([a], [b]) => a.localeCompare(b)))
				for (const [what, attempt] of attempts) {
					const title = tries === calls ? `${name}: ${what}` : what;
					found.push(await rowOf(territory, title, attempt));
				}
			return found;
		};
		const closed = [];
		for (const schema of ['private']) closed.push({ schema, relations: (await relationsOf(schema)).length });
		const text = page(await rows(reading), await rows(calls), closed);
		if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, text);
		expect(ofTried(readFileSync(PAGE, 'utf8'))).toBe(text);
	}, 240_000);
});
