import { opennessLevels } from './openness.ts';
import type { Viewer } from './roles.ts';
import type { ExtraFact } from './taxonomy.ts';

export const audiences = [
	'everyone',
	'children',
	'young_people',
	'adults',
	'seniors',
	'families',
	'job_seekers',
	'disabled_people',
	'newcomers',
	'women',
	'precarious'
] as const;
export const costs = ['free', 'paid', 'conditional'] as const;
export const bookings = ['none', 'recommended', 'required'] as const;
export const wheelchairs = ['yes', 'limited', 'no'] as const;
export const precisions = ['exact', 'street', 'area'] as const;
export const placeKinds = ['service', 'initiative'] as const;
/** SPDX identifiers a place's facts may be given under. */
export const licences = ['etalab-2.0', 'ODbL-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC0-1.0'] as const;
/** Offered as boxes to tick; any other BCP 47 tag that a place already has keeps its box. */
export const commonLanguages = ['fr', 'en', 'es', 'pt', 'ar', 'tr', 'ru', 'uk', 'ro', 'zh', 'so', 'fsl'] as const;

/** How a fact is typed and read: `hours` is OSM opening_hours syntax, `place` the id or the address of a place's page. */
export type FactType =
	| 'text'
	| 'paragraph'
	| 'choice'
	| 'choices'
	| 'category'
	| 'steward'
	| 'position'
	| 'hours'
	| 'closures'
	| 'phone'
	| 'postcode'
	| 'email'
	| 'link'
	| 'date'
	| 'place'
	| 'openness_by_fact';

/** Fieldsets of the form, in order. */
export const factGroups = ['what', 'where', 'when', 'contact', 'access', 'offers', 'people', 'publication'] as const;
export type FactGroup = (typeof factGroups)[number];

export interface FactDefinition {
	fact: string;
	type: FactType;
	group: FactGroup;
	/** Characters, after trim and NFC. */
	maxLength?: number;
	options?: readonly string[];
	required?: boolean;
}

/** The core facts a form asks for, in the order it asks. The database's own list (`private.facts`) is the judge. */
export const coreFacts: readonly FactDefinition[] = [
	{ fact: 'name', type: 'text', group: 'what', maxLength: 160, required: true },
	{ fact: 'kind', type: 'choice', group: 'what', options: placeKinds, required: true },
	{ fact: 'category', type: 'category', group: 'what', required: true },
	{ fact: 'summary', type: 'text', group: 'what', maxLength: 300 },
	{ fact: 'description', type: 'paragraph', group: 'what', maxLength: 5000 },
	{ fact: 'address', type: 'text', group: 'where', maxLength: 200 },
	{ fact: 'postcode', type: 'postcode', group: 'where', maxLength: 10 },
	{ fact: 'city', type: 'text', group: 'where', maxLength: 100 },
	{ fact: 'position', type: 'position', group: 'where', required: true },
	{ fact: 'precision', type: 'choice', group: 'where', options: precisions, required: true },
	{ fact: 'part_of', type: 'place', group: 'where' },
	{ fact: 'opening_hours', type: 'hours', group: 'when', maxLength: 500 },
	{ fact: 'closures', type: 'closures', group: 'when' },
	{ fact: 'starts_on', type: 'date', group: 'when' },
	{ fact: 'ends_on', type: 'date', group: 'when' },
	{ fact: 'phone', type: 'phone', group: 'contact', maxLength: 30 },
	{ fact: 'email', type: 'email', group: 'contact', maxLength: 200 },
	{ fact: 'website', type: 'link', group: 'contact', maxLength: 500 },
	{ fact: 'audience', type: 'choices', group: 'access', options: audiences },
	{ fact: 'cost', type: 'choice', group: 'access', options: costs },
	{ fact: 'booking', type: 'choice', group: 'access', options: bookings },
	{ fact: 'wheelchair', type: 'choice', group: 'access', options: wheelchairs },
	{ fact: 'languages', type: 'choices', group: 'access', options: commonLanguages },
	{ fact: 'contact_name', type: 'text', group: 'people', maxLength: 100 },
	{ fact: 'contact_phone', type: 'phone', group: 'people', maxLength: 30 },
	{ fact: 'steward', type: 'steward', group: 'publication' },
	{ fact: 'openness', type: 'choice', group: 'publication', options: opennessLevels },
	{ fact: 'fact_openness', type: 'openness_by_fact', group: 'publication' },
	{ fact: 'licence', type: 'choice', group: 'publication', options: licences }
];

/** The facts of an offer, as `offer:<uuid>.<fact>`. */
export const offerFacts: readonly FactDefinition[] = [
	{ fact: 'name', type: 'text', group: 'offers', maxLength: 160, required: true },
	{ fact: 'summary', type: 'text', group: 'offers', maxLength: 300 },
	{ fact: 'category', type: 'category', group: 'offers' },
	{ fact: 'opening_hours', type: 'hours', group: 'offers', maxLength: 500 },
	{ fact: 'closures', type: 'closures', group: 'offers' },
	{ fact: 'audience', type: 'choices', group: 'offers', options: audiences },
	{ fact: 'cost', type: 'choice', group: 'offers', options: costs },
	{ fact: 'booking', type: 'choice', group: 'offers', options: bookings }
];

/** Facts whose openness may be narrower than their place's. */
export const narrowableFacts = ['phone', 'email', 'address', 'opening_hours', 'contact_name', 'contact_phone'] as const;

/** Facts that hold several values: they change by what is added and removed, so that two people never get in each other's way. */
export const listFacts: ReadonlySet<string> = new Set(['audience', 'languages', 'closures', 'photos']);

const byFact = new Map(coreFacts.map((definition) => [definition.fact, definition]));
const byOfferFact = new Map(offerFacts.map((definition) => [definition.fact, definition]));

/** `offer:<uuid>.<fact>` taken apart; null for a fact of the place itself. `inner` is null for the offer as a whole. */
export function offerPath(fact: string): { id: string; inner: string | null } | null {
	if (!fact.startsWith('offer:')) return null;
	const dot = fact.indexOf('.');
	return dot < 0 ? { id: fact.slice(6), inner: null } : { id: fact.slice(6, dot), inner: fact.slice(dot + 1) };
}

/** The definition of a core fact or of an offer's fact; undefined for extra facts and whole offers. */
export function definitionOf(fact: string): FactDefinition | undefined {
	const offer = offerPath(fact);
	return offer ? (offer.inner ? byOfferFact.get(offer.inner) : undefined) : byFact.get(fact);
}

/**
 * The facts worth asking this person for. Only a courtesy: what she may propose is decided by the database.
 * Contact persons, who answers for a place and how open it is are its steward's and the coordination's to propose.
 */
export function factsFor(
	viewer: Pick<Viewer, 'grants' | 'organisations'>,
	steward: string | null,
	creating: boolean
): FactDefinition[] {
	const coordinates = viewer.grants.some(({ role }) => role === 'coordinator');
	const answers = viewer.organisations.some(({ slug }) => creating || slug === steward);
	return coreFacts.filter(({ group }) => (group !== 'people' && group !== 'publication') || coordinates || answers);
}

/** How one gets in and is understood: extra facts that every category has (the database sees to it). */
export const accessFacts: ReadonlySet<string> = new Set(['entrance_steps', 'guidance', 'hearing_loop', 'sign_language']);

/** An extra fact asked for like a core one. */
export function extraDefinition(key: string, extra: ExtraFact): FactDefinition & { extra: ExtraFact } {
	const type = extra.type === 'array' ? 'choices' : extra.enum || extra.type === 'boolean' ? 'choice' : 'text';
	return {
		fact: `extra.${key}`,
		type,
		group: accessFacts.has(key) ? 'access' : 'what',
		...(extra.maxLength === undefined ? {} : { maxLength: extra.maxLength }),
		...(extra.required ? { required: true } : {}),
		extra
	};
}
