/** A small territory for stories: one commune with three quartiers side by side, two themes, and one person per hat. */
import { randomUUID } from 'node:crypto';
import type { PostgrestError, SupabaseClient } from '@supabase/supabase-js';
import type { TestSupabase } from './database.ts';
import { borrowTestSupabase } from './lent-database.ts';

interface Person {
	name: string;
	grants?: { role: string; areas?: string[]; themes?: string[] }[];
	memberships?: { organisation: string; role?: 'member' | 'manager' }[];
}

/** Who acts. "In" and "out of scope" is a matter of the place: each scoped person holds the centre only. */
export const people = {
	resident: { name: 'Rosalie Habitante' },
	neighbour: { name: 'Nadir Voisin' },
	/** To whom rights are given in the tests of giving rights. */
	holder: { name: 'Hélène Titulaire' },
	member: { name: 'Marthe Membre', memberships: [{ organisation: 'les-amis' }] },
	manager: { name: 'Manon Gérante', memberships: [{ organisation: 'les-amis', role: 'manager' }] },
	stranger: { name: 'Simon Autre', memberships: [{ organisation: 'le-collectif' }] },
	publisher: { name: 'Paul Service', memberships: [{ organisation: 'la-ville' }] },
	agent: { name: 'Agathe Agente', grants: [{ role: 'agent', areas: ['ville-centre'] }] },
	moderator: { name: 'Modeste Modérateur', grants: [{ role: 'moderator', areas: ['ville-centre'] }] },
	moderatorOfCulture: { name: 'Cléo Culture', grants: [{ role: 'moderator', themes: ['culture'] }] },
	coordinator: { name: 'Cora Centre', grants: [{ role: 'coordinator', areas: ['ville-centre'] }] },
	wholeModerator: { name: 'Mehdi Partout', grants: [{ role: 'moderator' }] },
	whole: { name: 'Colette Partout', grants: [{ role: 'coordinator' }] }
} satisfies Record<string, Person>;
export type PersonKey = keyof typeof people;

export interface Proposal {
	client_id?: unknown;
	kind?: string;
	place_id?: string;
	operations?: unknown;
	[field: string]: unknown;
}
export interface Answer {
	proposal_id: string;
	state: string;
	place_id: string;
	version: number | null;
	operations: { fact: string; outcome: string; current: unknown }[];
}
export type PlaceRow = Record<string, unknown> & {
	id: string;
	version: number;
	position: { lon: number; lat: number };
	assurances: Record<string, { on: string; method: string; by_role: string; by_organisation: string | null }>;
	history: {
		version: number;
		kind: string;
		by_role: string;
		reason: string | null;
		facts?: string[];
		operations?: { fact: string; old: unknown; new: unknown }[];
	}[];
	offers: Record<string, unknown>[];
};
export type Result<T> = { data: T | null; error: PostgrestError | null; status: number };

/** A point inside each area; metres apart from the next caller's, so that no test looks at another one's place. */
const ORIGIN = { 'ville-centre': -1.59, 'ville-nord': -1.56, 'ville-port': -1.52 } as const;
export type Quartier = keyof typeof ORIGIN;

const box = (west: number, east: number) => ({
	type: 'Polygon',
	coordinates: [[west, east, east, west, west].map((lon, i) => [lon, i < 2 || i === 4 ? 47.2 : 47.26])]
});
export const AREAS = [
	{ slug: 'ville', name: 'Ville', level: 'commune', geometry: box(-1.6, -1.5) },
	{ slug: 'ville-centre', name: 'Centre', level: 'quartier', parent: 'ville', geometry: box(-1.6, -1.57) },
	{ slug: 'ville-nord', name: 'Nord', level: 'quartier', parent: 'ville', geometry: box(-1.57, -1.53) },
	{ slug: 'ville-port', name: 'Port', level: 'quartier', parent: 'ville', geometry: box(-1.53, -1.5) }
];

const both = (text: string) => ({ fr: text, en: text });
const extra = (type: string, more: object = {}) => ({ type, label: both(type), ...more });
const LIBRARY_EXTRAS = {
	seats: extra('integer', { minimum: 0, maximum: 500 }),
	rooms: extra('array', { items: { enum: ['reading', 'games'] } }),
	shelves: extra('string', { maxLength: 20 }),
	loan: extra('string', { enum: ['free', 'card'] }),
	fee: extra('number'),
	garden: extra('boolean'),
	keys: extra('string')
};

async function fill({ sql, script }: TestSupabase): Promise<void> {
	await script('delete from private.categories; delete from private.themes;');
	await sql(
		`insert into private.themes (slug, label, colour, pictogram) select t.slug, t.label, 'teal', 'maki:library'
		from jsonb_to_recordset($1::jsonb) as t (slug text, label jsonb)`,
		[
			JSON.stringify([
				{ slug: 'culture', label: both('Culture') },
				{ slug: 'sport', label: both('Sport') }
			])
		]
	);
	await sql(
		`insert into private.categories (slug, theme_slug, label, pictogram, extra_facts, fact_openness)
		select c.slug, c.theme, jsonb_build_object('fr', c.slug, 'en', c.slug), 'maki:library', coalesce(c.extra_facts, '{}'), coalesce(c.fact_openness, '{}')
		from jsonb_to_recordset($1::jsonb) as c (slug text, theme text, extra_facts jsonb, fact_openness jsonb)`,
		[
			JSON.stringify([
				{ slug: 'library', theme: 'culture', extra_facts: LIBRARY_EXTRAS, fact_openness: { 'extra.keys': 'private' } },
				{ slug: 'museum', theme: 'culture' },
				{ slug: 'stadium', theme: 'sport' }
			])
		]
	);
	await sql('select public.import_areas($1::jsonb)', [JSON.stringify(AREAS)]);
	await sql(
		`insert into private.organisations (slug, name, kind) values
		('les-amis', 'Les Amis', 'association'), ('le-collectif', 'Le Collectif', 'collective'), ('la-ville', 'La Ville', 'public_service')`
	);
	await sql(
		`insert into private.grants (organisation_slug, role, areas, themes) values ('la-ville', 'publisher', '{ville-centre}', '{culture}')`
	);
}

/** @returns her contributor id */
async function makePerson(supabase: TestSupabase, key: PersonKey): Promise<string> {
	const { name, grants = [], memberships = [] } = people[key] as Person;
	const { id } = await supabase.createAccount({ email: `${key.toLowerCase()}@example.org` });
	const [row] = await supabase.sql<{ id: string }>(
		`insert into private.contributors (kind, user_id, display_name) values ('account', $1, $2) returning id`,
		[id, name]
	);
	for (const { role, areas, themes } of grants)
		await supabase.sql(
			`insert into private.grants (contributor_id, role, areas, themes)
			select $1, role, areas, themes from jsonb_populate_record(null::private.grants, $2::jsonb)`,
			[row!.id, JSON.stringify({ role, areas: areas ?? null, themes: themes ?? null })]
		);
	for (const { organisation, role = 'member' } of memberships)
		await supabase.sql('insert into private.memberships (contributor_id, organisation_slug, role) values ($1, $2, $3)', [
			row!.id,
			organisation,
			role
		]);
	return row!.id;
}

export class Territory {
	readonly supabase: TestSupabase;
	#clients = new Map<PersonKey, Promise<SupabaseClient>>();
	#contributors = new Map<PersonKey, string>();
	#places = 0;

	constructor(supabase: TestSupabase) {
		this.supabase = supabase;
	}

	/** Also of those who are no person. */
	async client(key: PersonKey | 'anonymous' | 'service'): Promise<SupabaseClient> {
		return key === 'anonymous' ? this.supabase.anon() : key === 'service' ? this.supabase.service() : this.as(key);
	}

	/** The person's client, made and signed in at her first act. */
	as(key: PersonKey): Promise<SupabaseClient> {
		const known = this.#clients.get(key);
		if (known) return known;
		const client = makePerson(this.supabase, key).then((id) => {
			this.#contributors.set(key, id);
			return this.supabase.signIn(`${key.toLowerCase()}@example.org`);
		});
		this.#clients.set(key, client);
		return client;
	}

	async contributor(key: PersonKey): Promise<string> {
		await this.as(key);
		return this.#contributors.get(key)!;
	}

	async call<T = Record<string, unknown>>(
		key: PersonKey | 'anonymous' | 'service',
		name: string,
		args: object
	): Promise<Result<T>> {
		const client = await this.client(key);
		const { data, error, status } = await client.rpc(name, args);
		return { data: data as T | null, error, status };
	}

	submit(key: PersonKey, proposal: Proposal): Promise<Result<Answer>> {
		return this.call<Answer>(key, 'submit_proposal', { proposal: { client_id: randomUUID(), kind: 'update', ...proposal } });
	}

	/** Submits changes of one place, each {fact: [old, new]}, and gives the answer of a proposal that was taken. */
	async change(key: PersonKey, placeId: string, facts: Record<string, [unknown, unknown]>, more: object = {}): Promise<Answer> {
		const operations = Object.entries(facts).map(([fact, [old, next]]) => ({ fact, old, new: next }));
		return took(await this.submit(key, { place_id: placeId, operations, ...more }));
	}

	/** A point of an area that nobody was given before. */
	point(area: Quartier = 'ville-centre'): { lon: number; lat: number } {
		const n = ++this.#places;
		return { lon: Number((ORIGIN[area] + (n % 90) * 0.0001).toFixed(7)), lat: Number((47.21 + n * 0.00005).toFixed(7)) };
	}

	/** The operations of a new place. */
	operations(facts: Record<string, unknown> = {}, area: Quartier = 'ville-centre') {
		const document = { name: `Lieu ${this.#places + 1}`, category: 'library', position: this.point(area), ...facts };
		return Object.entries(document).map(([fact, value]) => ({ fact, old: null, new: value }));
	}

	/** A published place, made by the coordinator of the whole territory. */
	async place(facts: Record<string, unknown> = {}, area: Quartier = 'ville-centre'): Promise<string> {
		const proposal = { client_id: randomUUID(), kind: 'create', operations: this.operations(facts, area) };
		const [row] = await this.supabase.sql<{ answer: Answer }>('select private.submit($1, $2::jsonb) as answer', [
			await this.contributor('whole'),
			JSON.stringify(proposal)
		]);
		if (row?.answer.state !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(row)}`);
		return row.answer.place_id;
	}

	decide(key: PersonKey, proposalId: string, decision: object = { outcome: 'accept' }) {
		return this.call<{ decision_id: string; state: string; version: number }>(key, 'decide_proposal', {
			proposal_id: proposalId,
			decision
		});
	}

	/** The place as somebody reads it; null when she reads none. */
	async read(key: PersonKey | 'anonymous', id: string): Promise<PlaceRow | null> {
		const client = key === 'anonymous' ? this.supabase.anon() : await this.as(key);
		const { data, error } = await client.from('places').select('*').eq('id', id);
		if (error) throw error;
		return (data[0] as PlaceRow | undefined) ?? null;
	}

	async changesOf(id: string): Promise<{ kind: string; facts: string[]; reason: string | null; into_id: string | null }[]> {
		const { data, error } = await this.supabase.anon().from('changes').select('*').eq('id', id).order('seq');
		if (error) throw error;
		return data;
	}

	stop(): Promise<void> {
		return this.supabase.stop();
	}
}

/** The data of a call that had to succeed. */
export function took<T>({ data, error }: Result<T>): T {
	if (error) throw Object.assign(new Error(`${error.code} ${error.details}: ${error.message} (${error.hint})`), { cause: error });
	return data as T;
}

/** Fact → outcome. */
export const outcomes = (answer: Answer) => Object.fromEntries(answer.operations.map(({ fact, outcome }) => [fact, outcome]));

/** What a refusal looks like through the API, for `toMatchObject`. */
export const refusal = (status: number, code: string, fact?: string) => ({
	status,
	error: { code: `PT${status}`, details: code, ...(fact === undefined ? {} : { hint: fact }) }
});

export async function openTerritory(): Promise<Territory> {
	const supabase = await borrowTestSupabase();
	await fill(supabase);
	return new Territory(supabase);
}
