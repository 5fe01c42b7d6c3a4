import { shownFacts } from './fact-form.ts';
import { accessFacts, coreFacts } from './facts.ts';
import { watchedFacts } from './freshness.ts';
import type { Place } from './place.ts';
import type { FactValues } from './proposal.ts';
import type { Grant, Method, Viewer } from './roles.ts';
import type { Category } from './taxonomy.ts';

/** Who answers for a place and how open it is is not looked up on the pavement; photos speak for themselves. */
const settled: ReadonlySet<string> = new Set([
	'name',
	'kind',
	'precision',
	'part_of',
	'steward',
	'openness',
	'fact_openness',
	'licence'
]);

export interface Confirmable {
	fact: string;
	value: unknown;
	/** How fresh the place is depends on it. */
	telling: boolean;
}

/** What one may say « still right » of: facts that have a value, the telling ones first, each group in the order of forms. */
export function confirmableFacts(place: Place, category: Pick<Category, 'keyFacts' | 'extraFacts'> | undefined): Confirmable[] {
	const values: FactValues = shownFacts(place);
	const telling = new Set([...watchedFacts, ...(category?.keyFacts ?? [])]);
	const extras = Object.keys(category?.extraFacts ?? {});
	const own = [...extras.filter((key) => !accessFacts.has(key)), ...[...accessFacts].filter((key) => extras.includes(key))];
	const order = [
		...coreFacts.map(({ fact }) => fact).filter((fact) => !settled.has(fact)),
		...own.map((key) => `extra.${key}`),
		...place.offers.map(({ id }) => `offer:${id}`)
	];
	const known = order.filter((fact) => !isEmpty(values[fact]));
	const all = known.map((fact) => ({ fact, value: values[fact], telling: telling.has(fact) }));
	return [...all.filter((one) => one.telling), ...all.filter((one) => !one.telling)];
}

function isEmpty(value: unknown): boolean {
	return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What a form showed, as it says itself (`JSON.stringify` of `Confirmable`s); whatever else comes is nothing. */
export function readShown(text: string): Confirmable[] {
	try {
		const parsed: unknown = JSON.parse(text || '[]');
		if (!Array.isArray(parsed)) return [];
		const told = parsed.filter((one): one is Confirmable => {
			const { fact, value } = (one ?? {}) as Partial<Confirmable>;
			if (typeof fact !== 'string' || isEmpty(value)) return false;
			return !fact.startsWith('offer:') || typeof value === 'object';
		});
		return told.slice(0, 200);
	} catch {
		return [];
	}
}

const onTheGround: ReadonlySet<string> = new Set(['agent', 'moderator', 'coordinator']);

/**
 * How this person may have checked this place, the likeliest first. A courtesy: the database judges by the hat she wears there.
 * `areas`: the place's area and those it lies in.
 */
export function methodsOf(
	{ grants, organisations }: Pick<Viewer, 'grants' | 'organisations'>,
	{ steward, theme }: Pick<Place, 'steward' | 'theme'>,
	areas: readonly string[]
): Method[] {
	const covers = ({ areas: within, themes }: Grant) =>
		(within === null || within.some((slug) => areas.includes(slug))) && (themes === null || themes.includes(theme));
	if (grants.some((grant) => onTheGround.has(grant.role) && covers(grant))) return ['on_site', 'phone', 'resident'];
	if (steward !== null && organisations.some(({ slug }) => slug === steward)) return ['steward'];
	return ['resident'];
}
