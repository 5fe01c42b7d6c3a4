import { labelOf } from '$lib/i18n/labels';
import { currentView } from '../view';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => {
	const view = currentView();
	const { datasets } = view.reference;
	return {
		places: view.size,
		changedOn: view.changedAt?.slice(0, 10) ?? null,
		today: view.today(Date.now()),
		url: `${url.origin}/data/places.geojson`,
		datasets: datasets
			.filter(({ slug }) => slug !== 'places')
			.map(({ slug, title, description, licence }) => {
				return { slug, title: labelOf(title), description: labelOf(description), licence };
			})
	};
};
