import { error, redirect } from '@sveltejs/kit';
import type { Dataset } from '$lib/domain/taxonomy';
import { m } from '$lib/paraglide/messages';
import { allPlaces, describedDatasets } from '$lib/server/opendata/datasets';
import type { View } from '$lib/server/published/view';

/**
 * The dataset that reports are about: itself where somebody has described it, else the one of everything, which it was made from (files of another
 * licence). Undefined where there is none of that name.
 */
export function reportedDataset(view: View, slug: string): Dataset | undefined {
	const described = describedDatasets(view).find((dataset) => dataset.slug === slug);
	return described && (view.reference.datasetBySlug.get(slug) ?? view.reference.datasetBySlug.get(allPlaces));
}

/** The same for a page below the dataset's, which has one address: 404, or there. */
export function datasetOfPage(view: View, slug: string, below: 'report' | 'reports'): Dataset {
	const dataset = reportedDataset(view, slug);
	if (!dataset) error(404, m.error_not_found());
	if (dataset.slug !== slug) redirect(307, `/data/${dataset.slug}/${below}`);
	return dataset;
}
