import { error, redirect } from '@sveltejs/kit';
import { emptyOverview } from '$lib/domain/overview';
import { brokenPromise } from '$lib/domain/promise';
import type { Dataset } from '$lib/domain/taxonomy';
import { m } from '$lib/paraglide/messages';
import { columns } from '$lib/server/opendata/columns';
import { allPlaces, describedDatasets, formats, isOpen, selectionOf } from '$lib/server/opendata/datasets';
import { contactOf, titled } from '$lib/server/opendata/dcat/dataset';
import { placeUrl } from '$lib/server/opendata/geojson';
import type { Edition } from '$lib/server/opendata/geojson';
import { nationalSchemas } from '$lib/server/opendata/national/national';
import { overviewsOf } from '$lib/server/opendata/overview';
import { legendOf } from '../../legend';
import { archives } from '../archives.server';
import { currentEdition, downloadsOf, glanceOf, nationalOf } from '../portal.server';
import { reportedDataset } from './reported.server';
import { examplesOf } from './examples';
import { structuredData } from './structured-data';
import type { PageServerLoad } from './$types';

const previewed = 20;

export const load: PageServerLoad = async ({ url, params, locals }) => {
	// They are files of the dataset of everything, and nothing more.
	if (nationalSchemas.some(({ slug }) => slug === params.dataset)) redirect(308, `/data/${allPlaces}#national`);
	const edition = currentEdition(url.origin);
	const { view, origin } = edition;
	const dataset = describedDatasets(view).find(({ slug }) => slug === params.dataset);
	if (!dataset) error(404, m.error_not_found());
	const overview = (await overviewsOf(edition)).get(dataset.slug) ?? emptyOverview();
	const open = isOpen(dataset);
	const reported = reportedDataset(view, dataset.slug);
	const downloads = open ? downloadsOf(edition, dataset) : [];
	const publisher = publisherOf(edition, dataset);
	const contact = contactOf(edition, dataset.contact);
	const area = dataset.area == null ? undefined : view.reference.areaBySlug.get(dataset.area);
	return {
		dataset: described(dataset),
		publisher,
		contact,
		coordination: view.settings.contact.email ?? null,
		glance: glanceOf(overview),
		late: brokenPromise(dataset, overview, edition.today),
		facts: overview.facts,
		downloads,
		archived: archives() !== null,
		national: dataset.slug === allPlaces ? await nationalOf(edition) : [],
		rows: open ? preview(edition, dataset) : [],
		extent: open ? view.extent(selectionOf(dataset)) : null,
		legend: legendOf(view),
		reported: reported?.slug ?? dataset.slug,
		reports: reported?.reports ?? [],
		listHref: open ? listHref(edition, dataset) : null,
		columns: columns.map(({ name, type, nullable, label, values }) => ({ name, type, nullable, label, values: values ?? [] })),
		examples: open && overview.places > 0 ? examplesOf(origin, dataset.slug) : null,
		today: edition.today,
		ld: open
			? structuredData({
					...{ dataset: { ...dataset, title: titled(dataset.title, edition) }, locale: locals.locale, origin },
					...{ publisher: publisher.name, contact, first: overview.first, modified: overview.modified },
					bbox: area?.bbox ?? view.settings.territory.bbox,
					files: downloads.map(({ url: file, format }) => ({
						url: file,
						mediaType: formats[format].mediaType.replace(/;.*/, '')
					}))
				})
			: ''
	};
};

const described = ({ slug, title, description, licence, state, reason, frequency, keywords, publishedAt }: Dataset) => ({
	...{ slug, title, description, licence },
	state: state ?? 'open',
	reason: reason ?? null,
	frequency: frequency ?? 'UNKNOWN',
	keywords: keywords ?? [],
	publishedAt: publishedAt ?? null
});

function publisherOf({ view }: Edition, { organisation }: Dataset): { name: string; href: string | null } {
	const known = organisation == null ? undefined : view.reference.organisationBySlug.get(organisation);
	if (known) return { name: known.name, href: `/organisations/${known.slug}` };
	return { name: view.settings.contact.name || view.settings.territory.name, href: null };
}

/** The same places on the map, where a link can say which: it knows nothing of licences. */
function listHref({ view }: Edition, { licence, theme, area, organisation }: Dataset): string | null {
	if (licence !== view.settings.licence.id) return null;
	if (organisation != null) return theme == null && area == null ? `/organisations/${organisation}` : null;
	const query = new URLSearchParams({ ...(theme == null ? {} : { theme }), ...(area == null ? {} : { area }) });
	return query.size === 0 ? '/' : `/?${query}`;
}

/** The first of its files. */
function preview({ view, today }: Edition, dataset: Dataset) {
	const { categoryBySlug, areaBySlug } = view.reference;
	const rows = [];
	for (const place of view.select(selectionOf(dataset))) {
		const { facts } = place;
		rows.push({
			id: place.id,
			href: placeUrl('', place),
			name: facts.name,
			category: categoryBySlug.get(place.category)?.label ?? null,
			area: place.area === null ? null : (areaBySlug.get(place.area)?.name ?? null),
			address: [facts.address, facts.city].filter(Boolean).join(', ') || null,
			hours: facts.opening_hours,
			...view.freshness(place, today)
		});
		if (rows.length === previewed) break;
	}
	return rows;
}
