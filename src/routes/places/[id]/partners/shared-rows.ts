import type { Place } from '$lib/domain/place';
import { factLabel } from '$lib/i18n/labels';
import { labelOf } from '$lib/i18n/words';
import { valueWords } from '$lib/i18n/values';
import type { View } from '$lib/server/published/view';

export interface SharedRow {
	fact: string;
	label: string;
	value: string;
	href?: string;
}

/** Everything that a place may tell, when nothing of it is public; the order is that of its page. */
const wholeOrder = [
	'name',
	'summary',
	'category',
	'steward',
	'address',
	'postcode',
	'city',
	'position',
	'opening_hours',
	'closures',
	'booking'
].concat([
	'phone',
	'email',
	'website',
	'contact_name',
	'contact_phone',
	'cost',
	'audience',
	'languages',
	'wheelchair',
	'description'
]);

/** A fact of the place by its path, offers and the category's own facts included. */
function valueOf(place: Place, fact: string): unknown {
	if (fact === 'position') return place.position;
	if (fact === 'category' || fact === 'steward') return place[fact];
	if (fact.startsWith('extra.')) return place.extra[fact.slice('extra.'.length)];
	if (fact.startsWith('offer:')) {
		const [id = '', inner] = fact.slice('offer:'.length).split('.', 2);
		const offer = place.offers.find((one) => one.id === id);
		return inner ? offer?.[inner as keyof typeof offer] : offer;
	}
	return place.facts[fact as keyof Place['facts']];
}

function hrefOf(fact: string, value: unknown): { href?: string } {
	if (fact.endsWith('phone')) return { href: `tel:${String(value).replaceAll(' ', '')}` };
	return fact === 'email' ? { href: `mailto:${String(value)}` } : fact === 'website' ? { href: String(value) } : {};
}

/** The facts that are not public, in words; all of them for a place that is not. */
export function sharedRows(place: Place, beyond: readonly string[], { reference }: Pick<View, 'reference'>): SharedRow[] {
	const category = reference.categoryBySlug.get(place.category);
	const extras = Object.keys(place.extra).map((key) => `extra.${key}`);
	const facts = beyond.includes('place')
		? [...wholeOrder, ...extras, ...place.offers.map(({ id }) => `offer:${id}`)]
		: beyond.filter((fact) => fact !== 'openness' && fact !== 'fact_openness');
	const names = {
		category,
		categoryName: (slug: string) => labelOf(reference.categoryBySlug.get(slug)?.label ?? { fr: slug, en: slug }),
		organisationName: (slug: string) => reference.organisationBySlug.get(slug)?.name
	};
	return facts.flatMap((fact) => {
		const value = valueOf(place, fact);
		const words = valueWords(fact, value, names);
		return words ? [{ fact, label: factLabel(fact, category), value: words, ...hrefOf(fact, value) }] : [];
	});
}
