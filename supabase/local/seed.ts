import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Database, Executor } from './database.ts';
import { seedDemo } from './seed-demo.ts';

export interface SeedOptions {
	demo: boolean;
	demoPassword: string | null;
}

/** What the person who starts an empty installation is told, once, at the terminal. */
export interface Seeded {
	accounts: string[];
	password: string | null;
	/** Without the demonstration: the one-time link of the first coordinator. */
	setupLink: string | null;
}

const folder = resolve(import.meta.dirname, '../seed');

/** Reads one of the seed's data files. */
export function seedFile<T>(name: string): T {
	return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
}

/**
 * Called at each start, after the migrations. Fills an empty database, in one transaction; does nothing to another.
 * @returns null when there was nothing to do
 */
export async function seed(database: Database, { demo, demoPassword }: SeedOptions): Promise<Seeded | null> {
	return database.transaction(async (tx) => {
		const [row] = await tx.query<{ seeded: boolean }>('select exists (select from private.themes) as seeded');
		if (row?.seeded) return null;
		await seedTaxonomy(tx);
		if (!demo) return { accounts: [], password: null, setupLink: `/setup?token=${await inviteCoordinator(tx)}` };
		const password = demoPassword ?? randomBytes(9).toString('base64url');
		return { accounts: await seedDemo(tx, password), password: demoPassword ? null : password, setupLink: null };
	});
}

/** The themes and categories that every town begins with; a coordinator changes them afterwards. */
async function seedTaxonomy(tx: Executor): Promise<void> {
	const taxonomy = seedFile<{ themes: object[]; categories: object[] }>('taxonomy.json');
	await tx.query(
		`insert into private.themes (slug, label, colour, pictogram, sort)
		select slug, label, colour, pictogram, sort from jsonb_populate_recordset(null::public.themes, $1::jsonb)`,
		[JSON.stringify(taxonomy.themes)]
	);
	await tx.query(
		`insert into private.categories (slug, theme_slug, label, pictogram, default_kind, extra_facts, half_lives, key_facts, fact_openness,
			osm_tag, schema_type, synonyms, sort)
		select slug, theme, label, pictogram, default_kind, extra_facts, half_lives, key_facts, fact_openness, osm_tag, schema_type, synonyms, sort
		from jsonb_populate_recordset(null::public.categories, $1::jsonb)`,
		[JSON.stringify(taxonomy.categories)]
	);
	await tx.query(`select private.announce('theme', slug, null, 'created') from private.themes order by sort`);
	await tx.query(`select private.announce('category', slug, null, 'created') from private.categories order by sort`);
}

async function inviteCoordinator(tx: Executor): Promise<string> {
	const [row] = await tx.query<{ token: string }>(
		`select private.store_invitation(null, '{"role": "coordinator"}') ->> 'token' as token`
	);
	return row!.token;
}
