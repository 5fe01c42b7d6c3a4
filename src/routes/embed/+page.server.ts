import { embedSitesOf } from '$lib/domain/embed';
import { parseFilters } from '$lib/server/published/filters';
import { legendOf } from '../legend';
import { listing, pageSize } from '../listing';
import { currentView } from '../view';
import { layoutOf } from './href';
import type { PageServerLoad } from './$types';

/** The list and the map for a frame in another's page: what `/` shows, asked for in the same words. */
export const load: PageServerLoad = ({ url }) => {
	const view = currentView();
	const asked = parseFilters(url.searchParams, { clock: () => view.clock(Date.now()), limit: pageSize });
	const { limit: _limit, offset: _offset, ...filters } = asked;
	const page = Math.trunc(Number(url.searchParams.get('page')) || 1);
	const area = filters.area && view.reference.areaBySlug.get(filters.area);
	return {
		...listing(view, filters, page, Date.now()),
		filters,
		/** As it stands in the address: « now » stays now. */
		open: filters.open === undefined ? null : url.searchParams.get('open'),
		/** Nothing to find yet: a new map. */
		empty: view.size === 0,
		bounds: filters.bbox ?? ((area && area.bbox) || view.settings.territory.bbox),
		legend: legendOf(view),
		layout: layoutOf(url.searchParams.get('layout')),
		/** The page's tag comes from its bytes, and « not modified » would leave a browser with the header of other days: they say it too. */
		sites: embedSitesOf(view.settings.embed)
	};
};
