/**
 * One local Supabase that the files of a run lend each other: a start costs three seconds of processor, giving back what was there a fifth of one.
 * What is in its tables is as after a fresh start; a file that changes more than rows gets it thrown away behind it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestSupabase } from './database.ts';
import { openTestSupabase } from './database.ts';

/** Schemas with rows that stories change. */
const SCHEMAS = `'auth', 'private', 'storage'`;
const TABLES = `select c.oid, c.oid::regclass::text as name, format('kept.%I', n.nspname || '.' || c.relname) as copy
	from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in (${SCHEMAS})`;

const KEEP = `
	create schema kept;
	do $$ declare one record; begin
		for one in ${TABLES} loop execute format('create table %s as table %s', one.copy, one.name); end loop;
		create table kept.sequences as
			select format('%I.%I', schemaname, sequencename) as name, last_value from pg_sequences where schemaname in (${SCHEMAS});
	end $$;`;

/** No trigger and no foreign key has a say in it. */
const GIVE_BACK = `
	do $$ declare one record; columns text; begin
		perform set_config('session_replication_role', 'replica', true);
		execute (select 'truncate ' || string_agg(name, ', ') || ' restart identity' from (${TABLES}) as each);
		for one in ${TABLES} loop
			select string_agg(quote_ident(attname), ', ') into columns
				from pg_attribute where attrelid = one.oid and attnum > 0 and not attisdropped and attgenerated = '';
			execute format('insert into %s (%s) overriding system value select %2$s from %3$s', one.name, columns, one.copy);
		end loop;
		perform setval(name::regclass, last_value) from kept.sequences where last_value is not null;
	end $$;`;

/** Everything but rows: relations with their rights, functions, triggers, rules, constraints, roles. */
const SHAPE = `select md5(concat(
	(select string_agg(concat(oid, relname, relnamespace, relkind, relacl, relrowsecurity, reloptions), ',' order by oid) from pg_class where oid >= 16384),
	(select string_agg(concat(attrelid, attname, atttypid, attnotnull, attacl), ',' order by attrelid, attnum) from pg_attribute where attrelid >= 16384 and attnum > 0),
	(select string_agg(concat(oid, prosrc, proacl, prosecdef, proconfig), ',' order by oid) from pg_proc where oid >= 16384),
	(select string_agg(concat(oid, tgenabled), ',' order by oid) from pg_trigger where not tgisinternal),
	(select string_agg(concat(oid, pg_get_constraintdef(oid)), ',' order by oid) from pg_constraint where oid >= 16384),
	(select string_agg(concat(oid, polcmd, polroles, polqual, polwithcheck), ',' order by oid) from pg_policy),
	(select string_agg(concat(oid, nspname, nspacl), ',' order by oid) from pg_namespace where nspname !~ '^pg_'),
	(select string_agg(concat(oid, rolname, rolsuper, rolbypassrls), ',' order by oid) from pg_roles),
	(select string_agg(s::text, ',' order by s::text) from pg_db_role_setting as s)
)) as shape`;

interface Kept {
	supabase: TestSupabase;
	shape: string;
}
let kept: Kept | null = null;
let lent = false;

const shapeOf = async ({ sql }: TestSupabase): Promise<string> => (await sql<{ shape: string }>(SHAPE))[0]!.shape;

async function open(): Promise<Kept> {
	const supabase = await openTestSupabase({ temporary: true });
	await supabase.script(KEEP);
	return { supabase, shape: await shapeOf(supabase) };
}

/** As it was when it was opened; null when that can't be had any more. */
async function givenBack({ supabase, shape }: Kept): Promise<Kept | null> {
	if ((await shapeOf(supabase)) !== shape) {
		await supabase.stop();
		return null;
	}
	await supabase.script(GIVE_BACK);
	rmSync(join(supabase.dataDir, 'photos'), { recursive: true, force: true });
	return { supabase, shape };
}

/** A local Supabase on the prepared database, as `openTestSupabase` opens one; its `stop` gives it back for the next file. */
export async function borrowTestSupabase(): Promise<TestSupabase> {
	if (lent) return openTestSupabase();
	lent = true;
	kept = (kept && (await givenBack(kept))) ?? (await open());
	const { supabase } = kept;
	const before = supabase.output().length;
	return {
		...supabase,
		output: () => supabase.output().slice(before),
		stop: () => {
			lent = false;
			return Promise.resolve();
		},
		kill: () => {
			kept = null;
			lent = false;
			return supabase.kill();
		}
	};
}
