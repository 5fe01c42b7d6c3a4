import { brokenPromise } from '$lib/domain/promise';
import { completeness, emptyOverview, percentages } from '$lib/domain/overview';
import type { Overview } from '$lib/domain/overview';
import type { Dataset } from '$lib/domain/taxonomy';
import { allPlaces, datasetOf, describedDatasets, formats, isOpen } from '$lib/server/opendata/datasets';
import type { FormatName } from '$lib/server/opendata/datasets';
import type { Edition } from '$lib/server/opendata/geojson';
import { nationalFiles } from '$lib/server/opendata/national/national';
import { overviewsOf } from '$lib/server/opendata/overview';
import { currentView } from '../view';
import { fileServer, nationalSizes } from './files.server';

/** What pages about the data are made of, now. */
export function currentEdition(origin: string): Edition {
	const view = currentView();
	return { view, origin, today: view.today(Date.now()) };
}

/** At a glance, in per cent: how fresh it is and how much is known of what could be. */
export function glanceOf(overview: Overview) {
	return {
		places: overview.places,
		freshness: percentages(overview.freshness),
		complete: Math.round(completeness(overview) * 100),
		changedOn: overview.modified?.slice(0, 10) ?? null
	};
}
export type Glance = ReturnType<typeof glanceOf>;

/** The files of a dataset, each with its size when that is known. */
export const downloadsOf = (edition: Edition, dataset: Dataset) =>
	(Object.keys(formats) as FormatName[]).map((format) => ({
		format,
		name: formats[format].label,
		url: `/data/${dataset.slug}.${format}`,
		size: fileServer().sizes(edition)(dataset, format)
	}));
export type Download = ReturnType<typeof downloadsOf>[number];

/**
 * The files in national schemas, where the dataset they are made of is ticked for portals; `empty` where no place has all that the schema
 * requires.
 */
export async function nationalOf(edition: Edition) {
	if (!datasetOf(edition.view, allPlaces)?.listed) return [];
	const sizes = await nationalSizes(edition);
	return nationalFiles().map((file) => ({ ...file, empty: !sizes.has(file.slug), bytes: sizes.get(file.slug)?.bytes ?? null }));
}

/** What the portal shows: what is listed and can be had, what is planned, what is not opened. */
export async function portalOf(edition: Edition) {
	const overviews = await overviewsOf(edition);
	const listed = describedDatasets(edition.view).filter((dataset) => dataset.listed);
	const notOpen = (state: Dataset['state']) =>
		listed
			.filter((dataset) => dataset.state === state)
			.map(({ slug, title, description, reason, publishedAt }) => ({
				...{ slug, title, description },
				reason: reason ?? null,
				publishedAt: publishedAt ?? null
			}));
	return {
		datasets: listed.filter(isOpen).map((dataset) => ({
			slug: dataset.slug,
			title: dataset.title,
			description: dataset.description,
			licence: dataset.licence,
			glance: glanceOf(overviews.get(dataset.slug) ?? emptyOverview()),
			late: brokenPromise(dataset, overviews.get(dataset.slug) ?? emptyOverview(), edition.today),
			downloads: downloadsOf(edition, dataset)
		})),
		planned: notOpen('planned'),
		closed: notOpen('closed')
	};
}
