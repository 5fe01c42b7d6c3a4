import type { Database } from './database.ts';
import { Refusal } from './database.ts';

const ROLES = ['anon', 'authenticated', 'service_role'] as const;
const EXTENSIONS = ['postgis', 'pg_trgm', 'unaccent', 'pgcrypto'] as const;

/** What a superuser does once on a server where the owner of the database may not. */
const BY_SUPERUSER = `create role anon nologin; create role authenticated nologin; create role service_role nologin bypassrls; \
grant anon, authenticated, service_role to OWNER; create schema extensions authorization OWNER; \
${EXTENSIONS.map((name) => `create extension ${name} schema extensions;`).join(' ')}`;

/**
 * The three roles of Supabase and the extensions, in schema `extensions`, as a Supabase project has them.
 * @throws Refusal with what a superuser has to run, when the owner may not
 */
export async function prepareRolesAndExtensions(database: Database): Promise<void> {
	try {
		for (const role of ROLES) await prepareRole(database, role);
		await database.script('create schema if not exists extensions');
		for (const extension of EXTENSIONS) await prepareExtension(database, extension);
		await database.script(`grant usage on schema public, extensions to ${ROLES.join(', ')}`);
	} catch (error) {
		if ((error as { code?: unknown }).code !== '42501') throw error;
		throw new Refusal(
			`DATABASE_URL: the owner of the database may not prepare it; a superuser runs once in it: ${BY_SUPERUSER}`,
			{
				cause: error
			}
		);
	}
}

async function prepareRole(database: Database, role: (typeof ROLES)[number]): Promise<void> {
	const known = await database.query('select from pg_roles where rolname = $1', [role]);
	if (known.length === 0) await database.script(`create role ${role} nologin ${role === 'service_role' ? 'bypassrls' : ''}`);
	const [row] = await database.query<{ member: boolean }>(`select pg_has_role(current_user, $1, 'member') as member`, [role]);
	if (!row?.member) await database.script(`grant ${role} to current_user`);
}

async function prepareExtension(database: Database, extension: (typeof EXTENSIONS)[number]): Promise<void> {
	const [present] = await database.query<{ schema: string }>(
		'select extnamespace::regnamespace::text as schema from pg_extension where extname = $1',
		[extension]
	);
	if (!present) await database.script(`create extension if not exists ${extension} schema extensions`);
	else if (present.schema !== 'extensions')
		throw new Refusal(
			`DATABASE_URL: extension ${extension} lies in schema ${present.schema}; a superuser drops it and runs: create extension ${extension} schema extensions;`
		);
}

/** What lite's own grants would have given of its schemas, and no more: functions of auth, and the files to the secret key alone. */
export async function grantAuth(database: Database): Promise<void> {
	await database.script(
		`grant usage on schema auth to ${ROLES.join(', ')}; grant execute on all functions in schema auth to ${ROLES.join(', ')};
		grant usage on schema storage to service_role; grant all on storage.buckets, storage.objects to service_role;`
	);
}
