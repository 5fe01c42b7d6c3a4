import { cardOf } from '$lib/components/cards';
import type { Card, Names } from '$lib/components/cards';
import type { LocalMinute } from '$lib/domain/local-time';
import type { Filters } from '$lib/server/published/filters';
import type { View } from '$lib/server/published/view';
import { choicesOf } from './choices';
import type { Choices } from './choices';
import { dropsOf } from './drops';
import type { Drop } from './drops';

export const pageSize = 30;

export interface Listing extends Choices {
	cards: Card[];
	total: number;
	/** No place has all the words that were typed: these have the most. */
	partly: boolean;
	page: number;
	pages: number;
	/** How many are open now, or at the moment that was chosen. */
	openNow: number;
	/** How many more may be open at the chosen moment: nobody can say. */
	uncertain: number;
	/** What to do when nothing was found. */
	drops: Drop[];
	today: string;
}

/** What cards are written from. `now` in milliseconds; `at` when the reader wants to go there, if not now. */
export function namesOf(view: View, now: number, at?: LocalMinute): Names {
	const { themeBySlug: themes, categoryBySlug: categories, areaBySlug: areas } = view.reference;
	const clock = view.clock(now);
	const moment = { at: at ?? clock, isNow: at === undefined || at === clock };
	return { themes, categories, areas, today: view.today(now), openingAt: (place, when) => view.opening(place, when), moment };
}

/** A page of results and the choices beside it. `page` is from 1; beyond the last one shows the last. */
export function listing(view: View, filters: Partial<Filters>, page: number, now: number): Listing {
	const names = namesOf(view, now, filters.open);
	const counts = view.counts(filters, view.clock(now));
	const pages = Math.max(1, Math.ceil(counts.total / pageSize));
	const shown = Math.min(Math.max(1, page), pages);
	const found = view.list({ ...filters, limit: pageSize, offset: (shown - 1) * pageSize });
	return {
		cards: found.hits.map(({ place, distance }) => cardOf(place, names, distance)),
		total: found.total,
		partly: found.partly,
		page: shown,
		pages,
		...choicesOf(view, counts, filters, view.clock(now)),
		openNow: counts.open,
		uncertain: filters.open === undefined ? 0 : counts.uncertain,
		drops: found.total > 0 ? [] : dropsOf(view, filters),
		today: names.today
	};
}
