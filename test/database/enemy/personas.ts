/** Who is tried at every door, and how a door's answer is said in the table of who may what. */
import type { PostgrestError } from '@supabase/supabase-js';
import type { PersonKey, Quartier, Territory } from '../../support/territory.ts';

export interface Persona {
	title: string;
	key: PersonKey | 'anonymous' | 'service';
	/** Where the thing lies that she is tried on; scoped persons hold the centre. */
	area: Quartier;
}

export const personas: Persona[] = [
	{ title: 'anonymous', key: 'anonymous', area: 'ville-centre' },
	{ title: 'resident', key: 'resident', area: 'ville-centre' },
	{ title: 'member of another organisation', key: 'stranger', area: 'ville-centre' },
	{ title: "steward's member", key: 'member', area: 'ville-centre' },
	{ title: 'agent in scope', key: 'agent', area: 'ville-centre' },
	{ title: 'agent out of scope', key: 'agent', area: 'ville-nord' },
	{ title: 'moderator in scope', key: 'moderator', area: 'ville-centre' },
	{ title: 'moderator out of scope', key: 'moderator', area: 'ville-nord' },
	{ title: 'coordinator in scope', key: 'coordinator', area: 'ville-centre' },
	{ title: 'coordinator out of scope', key: 'coordinator', area: 'ville-nord' },
	{ title: 'coordinator of everything', key: 'whole', area: 'ville-centre' },
	{ title: 'service key', key: 'service', area: 'ville-centre' }
];

/** Whom a run tries: all, or with ENEMY=few those who differ most, which spares the embedded database half a minute. */
export const tried = personas.filter(
	({ title }) =>
		process.env['ENEMY'] !== 'few' ||
		['anonymous', 'resident', "steward's member", 'agent out of scope', 'moderator in scope', 'service key'].includes(title)
);

/** One row of the table: what is tried, and each persona's verdict in their order. */
export interface Row {
	what: string;
	verdicts: string[];
}

export type Try = (territory: Territory, persona: Persona) => Promise<string>;

/** Why not, in the words of the table; anything but a refusal with 4xx is a fault and fails the test. */
export function no(error: PostgrestError, status: number): string {
	if (error.code === '42501') return 'no';
	if (/^PT4\d\d$/.test(error.code)) return `no: ${error.details}`;
	throw new Error(`${status} ${error.code}: ${error.message}`);
}

export async function rowOf(territory: Territory, what: string, attempt: Try): Promise<Row> {
	return { what, verdicts: await Promise.all(tried.map((persona) => attempt(territory, persona))) };
}
