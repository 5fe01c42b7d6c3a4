import { redirect } from '@sveltejs/kit';
import { hrefOf } from '$lib/components/cards';
import { openPlace } from '../open-place';
import { currentView } from '../../view';
import type { PageServerLoad } from './$types';

/** The short address of a place, for ever (law 6); its slug may change. */
export const load: PageServerLoad = ({ params, url }) => {
	redirect(308, hrefOf(openPlace(currentView(), params.id)) + url.search);
};
