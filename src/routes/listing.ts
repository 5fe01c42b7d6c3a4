import { cardOf } from '$lib/components/cards';
import type { Card, Names } from '$lib/components/cards';
import type { LocalMinute } from '$lib/domain/local-time';
import { parseFilters } from '$lib/server/published/filters';
import type { Filters } from '$lib/server/published/filters';
import type { View } from '$lib/server/published/view';
import { selectsOf, themeChoices } from './choices';
import type { Asked, Select, ThemeChoice } from './choices';
import { chosenOf } from './chosen';
import type { Chosen } from './chosen';
import { dropsOf } from './drops';
import type { Drop } from './drops';
import { legendOf } from './legend';

export const pageSize = 30;

export interface Listing {
	themes: ThemeChoice[];
	/** The other filters, those without anything to choose left out. */
	selects: Select[];
	/** What narrows the list. */
	chosen: Chosen[];
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
export function listing(view: View, filters: Partial<Filters>, asked: Asked, page: number, now: number): Listing {
	const names = namesOf(view, now, filters.open);
	const counts = view.counts(filters, view.clock(now));
	const pages = Math.max(1, Math.ceil(counts.total / pageSize));
	const shown = Math.min(Math.max(1, page), pages);
	const themes = themeChoices(view, counts, filters);
	const selects = selectsOf(view, counts, filters, asked, view.clock(now));
	const found = view.list({ ...filters, limit: pageSize, offset: (shown - 1) * pageSize }, counts.total);
	return {
		cards: found.hits.map(({ place, distance }) => cardOf(place, names, distance)),
		total: found.total,
		partly: found.partly,
		page: shown,
		pages,
		themes,
		selects,
		chosen: chosenOf(themes, selects, filters),
		openNow: counts.open,
		uncertain: filters.open === undefined ? 0 : counts.uncertain,
		drops: found.total > 0 ? [] : dropsOf(view, filters),
		today: names.today
	};
}

/** All that a page of the list shows, from its address: what a person typed wrongly there is left out. `now` in milliseconds. */
export function listed(view: View, params: URLSearchParams, now: number) {
	const { limit: _limit, offset: _offset, ...filters } = parseFilters(params, { clock: () => view.clock(now), limit: pageSize });
	const asked: Asked = {
		open: filters.open === undefined ? null : params.get('open'),
		checked: filters.checked === undefined ? null : params.get('checked')
	};
	return {
		...listing(view, filters, asked, Math.trunc(Number(params.get('page')) || 1), now),
		filters,
		asked,
		/** Nothing to find yet: a new map. */
		empty: view.size === 0,
		bounds: boundsOf(view, filters),
		legend: legendOf(view)
	};
}

/** What the map shows first when the results do not say it themselves. */
function boundsOf(view: View, { area, bbox }: Partial<Filters>): [number, number, number, number] {
	return bbox ?? ((area && view.reference.areaBySlug.get(area)?.bbox) || view.settings.territory.bbox);
}
