import { embedSitesOf } from '$lib/domain/embed';
import { listed } from '../listing';
import { currentView } from '../view';
import { layoutOf } from './href';
import type { PageServerLoad } from './$types';

/** The list and the map for a frame in another's page: what `/` shows, asked for in the same words. */
export const load: PageServerLoad = ({ url }) => {
	const view = currentView();
	return {
		...listed(view, url.searchParams, Date.now()),
		layout: layoutOf(url.searchParams.get('layout')),
		/** The page's tag comes from its bytes, and « not modified » would leave a browser with the header of other days: they say it too. */
		sites: embedSitesOf(view.settings.embed)
	};
};
