import { z } from 'zod';
import type { ExtraFact } from '../../domain/taxonomy.ts';
import { Failure } from '../errors.ts';
import { run } from './call.ts';
import type { Client } from './call.ts';

/** A batch on the embedded database takes seconds, not milliseconds. */
const batchMs = 120_000;

export interface Source {
	slug: string;
	name: string;
	licence: string | null;
	url: string | null;
}

export interface ImportBatch {
	source: Source;
	/** Made when it isn't there; null when the organisation exists or there is none. */
	organisation: { slug: string; name: string } | null;
	/** The address of the coordinator in whose name rows are accepted; null = they wait. */
	as: string | null;
	rows: { sourceId: string; facts: Record<string, unknown>; seenOn: string | null }[];
	dryRun: boolean;
}

const rowAnswer = z.object({
	source_id: z.string().nullable(),
	outcome: z.enum(['created', 'updated', 'unchanged', 'pending', 'conflict', 'refused']),
	place_id: z.string().nullish(),
	code: z.string().nullish(),
	fact: z.string().nullish(),
	message: z.string().nullish()
});
export type RowAnswer = z.infer<typeof rowAnswer>;

const areaAnswer = z.object({
	slug: z.string(),
	outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
	message: z.string().nullish()
});
export type AreaAnswer = z.infer<typeof areaAnswer>;

/** Sends at most 200 rows with the service key; the answers in their order. A dry run tries everything and keeps nothing. */
export async function importBatch(client: Client, { source, organisation, as, rows, dryRun }: ImportBatch): Promise<RowAnswer[]> {
	const batch = {
		source,
		organisation,
		as,
		dry_run: dryRun,
		rows: rows.map(({ sourceId, facts, seenOn }) => ({ source_id: sourceId, facts, seen_on: seenOn }))
	};
	try {
		return z.array(rowAnswer).parse(await run(client.rpc('import_batch', { batch }), batchMs));
	} catch (failure) {
		// The database takes a dry run back by a refusal, which carries the answers where others name the fact.
		if (!(failure instanceof Failure) || failure.code !== 'dry_run') throw failure;
		return z.array(rowAnswer).parse(JSON.parse(failure.fact ?? '[]'));
	}
}

/** Saves areas with the service key, parents first. */
export async function importAreas(client: Client, areas: object[]): Promise<AreaAnswer[]> {
	return z.array(areaAnswer).parse(await run(client.rpc('import_areas', { areas }), batchMs));
}

const chainAnswer = z.object({
	checked: z.number(),
	breaks: z.array(z.object({ place_id: z.string(), version: z.number() })),
	next: z.string().nullable()
});

/** Recomputes the chain of the next `n` places after an id. */
export async function verifyChain(client: Client, after: string | null, n: number): Promise<z.infer<typeof chainAnswer>> {
	return chainAnswer.parse(await run(client.rpc('verify_chain', { after, n }), batchMs));
}

const slug = z.object({ slug: z.string() });
const references = {
	areas: slug.extend({ name: z.string(), level: z.enum(['commune', 'quartier', 'micro_quartier']) }),
	organisations: slug,
	categories: slug.extend({ default_kind: z.string(), extra_facts: z.record(z.string(), z.custom<ExtraFact>()) })
};

export interface Reference {
	areas: z.infer<typeof references.areas>[];
	organisations: z.infer<typeof references.organisations>[];
	categories: z.infer<typeof references.categories>[];
}

/** What the rows of a file may refer to. */
export async function readReference(client: Client): Promise<Reference> {
	const [areas, organisations, categories] = await Promise.all([
		run(client.from('areas').select('slug,name,level'), batchMs),
		run(client.from('organisations').select('slug'), batchMs),
		run(client.from('categories').select('slug,default_kind,extra_facts'), batchMs)
	]);
	return {
		areas: z.array(references.areas).parse(areas),
		organisations: z.array(references.organisations).parse(organisations),
		categories: z.array(references.categories).parse(categories)
	};
}

export interface Invitation {
	role: string | null;
	areas: string[] | null;
	themes: string[] | null;
	organisation: string | null;
	membership_role: string | null;
}

/** Makes an invitation with the service key. @returns its token, which is stored nowhere */
export async function createInvitation(client: Client, invitation: Invitation): Promise<string> {
	const answer = await run(client.rpc('create_invitation', { invitation }), batchMs);
	return z.object({ token: z.string() }).parse(answer).token;
}

/** The last migration, as the database tells it. */
export async function schemaVersion(client: Client): Promise<string | null> {
	const rows = await run(client.from('settings').select('value').eq('key', 'schema'), batchMs);
	return z.array(z.object({ value: z.object({ version: z.string() }) })).parse(rows)[0]?.value.version ?? null;
}
