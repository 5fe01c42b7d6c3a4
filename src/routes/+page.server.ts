import { redirect } from '@sveltejs/kit';
import { listed } from './listing';
import { listHref } from './query';
import { currentView } from './view';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => {
	// A moment typed into the form without a script: one address per question.
	const typed = url.searchParams.get('moment');
	if (typed !== null) redirect(303, listHref(url.searchParams, typed === '' ? {} : { open: typed }));
	return listed(currentView(), url.searchParams, Date.now());
};
