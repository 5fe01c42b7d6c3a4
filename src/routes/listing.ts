import { cardOf } from '$lib/components/cards';
import type { Card } from '$lib/components/cards';
import { labelOf } from '$lib/i18n/labels';
import type { Filters } from '$lib/server/published/filters';
import type { View } from '$lib/server/published/view';
import type { ThemeColour } from '$lib/domain/taxonomy';

export const pageSize = 30;

export interface Choice {
	value: string;
	label: string;
	count: number;
	/** The name of the group it is shown in. */
	group?: string;
}

export interface ThemeChoice extends Choice {
	colour: ThemeColour;
	pictogram: string;
}

export interface Listing {
	cards: Card[];
	total: number;
	/** No place has all the words that were typed: these have the most. */
	partly: boolean;
	page: number;
	pages: number;
	themes: ThemeChoice[];
	categories: Choice[];
	areas: Choice[];
	kinds: { value: 'service' | 'initiative'; count: number }[];
	today: string;
}

/** Names that cards are written from. */
export function namesOf(view: View, today: string) {
	const { themeBySlug: themes, categoryBySlug: categories, areaBySlug: areas } = view.reference;
	return { themes, categories, areas, today };
}

/** A page of results and the choices beside it. `page` is from 1; beyond the last one shows the last. */
export function listing(view: View, filters: Partial<Filters>, page: number, now: number): Listing {
	const today = view.today(now);
	const counts = view.counts(filters);
	const pages = Math.max(1, Math.ceil(counts.total / pageSize));
	const shown = Math.min(Math.max(1, page), pages);
	const found = view.list({ ...filters, limit: pageSize, offset: (shown - 1) * pageSize });
	const names = namesOf(view, today);
	return {
		cards: found.hits.map(({ place, distance }) => cardOf(place, names, distance)),
		total: found.total,
		partly: found.partly,
		page: shown,
		pages,
		...choices(view, counts, filters),
		today
	};
}

/** A choice that would show nothing is left out, except the chosen one: it must stay removable. */
function choices(view: View, counts: ReturnType<View['counts']>, { theme, category, area }: Partial<Filters>) {
	const { themes, categories, areas, themeBySlug, areaBySlug } = view.reference;
	const useful = ({ count, value }: Choice, chosen: string | undefined) => count > 0 || value === chosen;
	return {
		themes: themes
			.map(({ slug, label, colour, pictogram }) => {
				return { value: slug, label: labelOf(label), count: counts.themes[slug] ?? 0, colour, pictogram };
			})
			.filter((choice) => useful(choice, theme)),
		categories: categories
			.filter((one) => !theme || one.theme === theme)
			.map((one) => {
				const of = themeBySlug.get(one.theme);
				const group = theme || !of ? undefined : labelOf(of.label);
				return { value: one.slug, label: labelOf(one.label), count: counts.categories[one.slug] ?? 0, ...(group && { group }) };
			})
			.filter((choice) => useful(choice, category)),
		areas: areas
			.map(({ slug, name, level, parent }) => {
				const group = level === 'commune' ? undefined : areaBySlug.get(parent ?? '')?.name;
				return { value: slug, label: name, count: counts.areas[slug] ?? 0, ...(group && { group }) };
			})
			.filter((choice) => useful(choice, area)),
		kinds: (['service', 'initiative'] as const).map((value) => ({ value, count: counts.kinds[value] ?? 0 }))
	};
}
