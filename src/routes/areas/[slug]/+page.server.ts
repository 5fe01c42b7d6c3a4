import { error } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { legendOf } from '../../legend';
import { areaPage } from './area-page';
import { currentView } from '../../view';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params }) => {
	const view = currentView();
	const area = view.reference.areaBySlug.get(params.slug);
	if (!area) error(404, m.error_lead_404());
	return { ...areaPage(view, area, Date.now()), legend: legendOf(view) };
};
