import { allPlaces, formats, hasContent } from '$lib/server/opendata/datasets';
import { published } from '$lib/server/published/instance';
import { NotReady } from '$lib/server/published/published';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The portal: its datasets, each with the formats it can be had in, and as of when. */
export const load: PageServerLoad = () => {
	const view = currentView();
	const { datasets, settings } = view.reference;
	const shown = datasets.filter(({ slug }) => hasContent(slug));
	return {
		datasets: shown.map(({ slug, title, description, licence }) => ({
			slug,
			title,
			description,
			licence,
			places: view.size,
			downloads: Object.keys(formats).map((format) => ({ format, url: `/data/${slug}.${format}` }))
		})),
		/** Before a coordinator has described it, the dataset of everything is offered all the same. */
		fallback: shown.length === 0 ? Object.keys(formats).map((format) => `/data/${allPlaces}.${format}`) : [],
		licence: settings.licence.id,
		contact: settings.contact,
		changedAt: view.changedAt,
		seq: view.seq
	};
};

function currentView() {
	try {
		return published().current();
	} catch (failure) {
		if (failure instanceof NotReady) error(503, failure.message);
		throw failure;
	}
}
