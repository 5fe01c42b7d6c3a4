import { error } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { organisationPage } from './organisation-page';
import { currentView } from '../../view';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params, url }) => {
	const view = currentView();
	const organisation = view.reference.organisationBySlug.get(params.slug);
	if (!organisation) error(404, m.error_lead_404());
	const wanted = Number.parseInt(url.searchParams.get('page') ?? '1', 10);
	return {
		...organisationPage(view, organisation, Number.isInteger(wanted) ? wanted : 1, Date.now()),
		done: url.searchParams.get('done')
	};
};
