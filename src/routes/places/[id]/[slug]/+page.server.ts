import { redirect } from '@sveltejs/kit';
import { hrefOf } from '$lib/components/cards';
import { openPlace } from '../../open-place';
import { placePage } from './place-page';
import { currentView } from '../../../view';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params, url }) => {
	const view = currentView();
	const place = openPlace(view, params.id);
	if (params.slug !== place.slug || params.id !== place.id) redirect(301, hrefOf(place) + url.search);
	return placePage(view, place, url.origin, Date.now());
};
