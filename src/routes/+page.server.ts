import { redirect } from '@sveltejs/kit';
import { parseFilters } from '$lib/server/published/filters';
import { currentView } from './view';
import type { View } from '$lib/server/published/view';
import type { Filters } from '$lib/server/published/filters';
import { legendOf } from './legend';
import { listing, pageSize } from './listing';
import { listHref } from './query';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => {
	const view = currentView();
	// A moment typed into the form without a script: one address per question.
	const typed = url.searchParams.get('moment');
	if (typed !== null) redirect(303, listHref(url.searchParams, typed === '' ? {} : { open: typed }));
	const {
		limit: _limit,
		offset: _offset,
		...filters
	} = parseFilters(url.searchParams, { clock: () => view.clock(Date.now()), limit: pageSize });
	const page = Number(url.searchParams.get('page')) || 1;
	return {
		...listing(view, filters, Math.trunc(page), Date.now()),
		filters,
		asked: {
			open: filters.open === undefined ? null : url.searchParams.get('open'),
			checked: filters.checked === undefined ? null : url.searchParams.get('checked')
		},
		/** Nothing to find yet: a new map. */
		empty: view.size === 0,
		bounds: boundsOf(view, filters),
		legend: legendOf(view)
	};
};

/** What the map shows first when the results do not say it themselves. */
function boundsOf(view: View, { area, bbox }: Partial<Filters>): [number, number, number, number] {
	return bbox ?? ((area && view.reference.areaBySlug.get(area)?.bbox) || view.settings.territory.bbox);
}
