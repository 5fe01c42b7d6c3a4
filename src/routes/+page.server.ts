import { parseFilters } from '$lib/server/published/filters';
import { currentView } from './view';
import type { View } from '$lib/server/published/view';
import type { Filters } from '$lib/server/published/filters';
import { legendOf } from './legend';
import { listing, pageSize } from './listing';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => {
	const view = currentView();
	const { limit: _limit, offset: _offset, ...filters } = parseFilters(url.searchParams, { limit: pageSize });
	const page = Number(url.searchParams.get('page')) || 1;
	return {
		...listing(view, filters, Math.trunc(page), Date.now()),
		filters,
		/** Nothing to find yet: a new map. */
		empty: view.size === 0,
		bounds: boundsOf(view, filters),
		legend: legendOf(view)
	};
};

/** What the map shows first when the results do not say it themselves. */
function boundsOf(view: View, { area }: Partial<Filters>): [number, number, number, number] {
	return (area && view.reference.areaBySlug.get(area)?.bbox) || view.settings.territory.bbox;
}
