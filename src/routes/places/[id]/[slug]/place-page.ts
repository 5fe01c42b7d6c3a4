import { cardOf, hrefOf } from '$lib/components/cards';
import { accessFacts } from '$lib/domain/facts';
import type { Assurance, Place } from '$lib/domain/place';
import type { Category } from '$lib/domain/taxonomy';
import { labelOf } from '$lib/i18n/words';
import { extraWords } from '$lib/i18n/values';
import type { View } from '$lib/server/published/view';
import { namesOf } from '../../../listing';
import { structuredData } from './structured-data';

/** An assurance with the organisation's name instead of its slug. */
export type Vouched = Assurance;

/** What the page of a place shows: the place without its history, and the names of what it refers to. */
export function placePage(view: View, { history, ...place }: Place, origin: string, now: number) {
	const names = namesOf(view, now);
	const { themeBySlug, categoryBySlug, areaBySlug, organisationBySlug } = view.reference;
	const whole: Place = { ...place, history };
	const category = categoryBySlug.get(place.category);
	const area = place.area === null ? undefined : areaBySlug.get(place.area);
	const nameOf = (slug: string | null) => (slug === null ? null : (organisationBySlug.get(slug)?.name ?? slug));
	const partOf = place.facts.part_of === null ? null : view.byId(place.facts.part_of);
	const named = (assurances: Record<string, Assurance>): Record<string, Vouched> =>
		Object.fromEntries(
			Object.entries(assurances).map(([fact, one]) => [fact, { ...one, by_organisation: nameOf(one.by_organisation) }])
		);
	return {
		place: { ...place, assurances: named(place.assurances) },
		offers: place.offers.map((offer) => ({ ...offer, assurances: named(offer.assurances) })),
		card: cardOf(whole, names),
		similar: similarTo(view, place)
			.slice(0, similarShown)
			.map(({ place: other, distance }) => cardOf(other, names, distance)),
		theme: { slug: place.theme, label: labelOf(themeBySlug.get(place.theme)?.label ?? { fr: place.theme, en: place.theme }) },
		area: area ? { slug: area.slug, name: area.name } : null,
		steward: place.steward === null ? null : (organisationBySlug.get(place.steward) ?? null),
		...extrasOf(place, category),
		partOf: partOf && { name: partOf.facts.name, href: hrefOf(partOf) },
		licence: place.facts.licence ?? view.settings.licence.id,
		versions: history.length,
		changedOn: history.at(-1)?.on ?? null,
		ld: structuredData(whole, category, origin + hrefOf(whole)),
		today: names.today
	};
}

const similarShown = 3;
/** Metres. */
const farthest = 10_000;

/** Of the same category, nearest first; nothing beyond a bicycle ride. */
function similarTo(view: View, { id, category, position }: Pick<Place, 'id' | 'category' | 'position'>) {
	const { hits } = view.nearby(position, { category, limit: similarShown + 1 }, 0);
	return hits.filter(({ place, distance }) => place.id !== id && distance !== null && distance < farthest);
}

/** What the category asks for, apart from how one gets in. */
function extrasOf({ extra }: Pick<Place, 'extra'>, category: Category | undefined) {
	const rows = Object.entries(category?.extraFacts ?? {}).flatMap(([key, { label }]) => {
		const value = extra[key];
		if (value === null || value === undefined) return [];
		return [{ key, fact: `extra.${key}`, label: labelOf(label), value: extraWords(value) }];
	});
	const access = [...accessFacts].flatMap((key) => rows.filter((row) => row.key === key));
	return { extras: rows.filter(({ key }) => !accessFacts.has(key)), access };
}
