import { licenceOf } from '$lib/domain/licences';
import type { Contact, Dataset, Locale } from '$lib/domain/taxonomy';
import type { BBox } from '$lib/geo/bbox';

interface Described {
	dataset: Pick<Dataset, 'slug' | 'title' | 'description' | 'licence' | 'keywords' | 'identifier'>;
	locale: Locale;
	origin: string;
	publisher: string;
	contact: Contact;
	bbox: BBox;
	first: string | null;
	modified: string | null;
	/** Paths of files, each with its media type. */
	files: { url: string; mediaType: string }[];
}

/** The dataset as a script element of JSON-LD, https://schema.org/Dataset; only what is known. No `<` of the data can close the element. */
export function structuredData({ dataset, locale, origin, publisher, contact, bbox, first, modified, files }: Described): string {
	const url = `${origin}/data/${dataset.slug}`;
	const [west, south, east, north] = bbox;
	const data = {
		'@context': 'https://schema.org',
		'@type': 'Dataset',
		'@id': `${url}#dataset`,
		url,
		name: dataset.title[locale],
		description: dataset.description[locale],
		identifier: dataset.identifier,
		license: licenceOf(dataset.licence)?.url,
		keywords: dataset.keywords?.length ? dataset.keywords : undefined,
		isAccessibleForFree: true,
		dateModified: modified ?? undefined,
		temporalCoverage: first && modified ? `${first}/${modified.slice(0, 10)}` : undefined,
		// Latitude first here, unlike everywhere else.
		spatialCoverage: { '@type': 'Place', geo: { '@type': 'GeoShape', box: `${south} ${west} ${north} ${east}` } },
		creator: {
			'@type': 'Organization',
			name: publisher,
			contactPoint: { '@type': 'ContactPoint', contactType: contact.name, email: contact.email, url: contact.url }
		},
		includedInDataCatalog: { '@type': 'DataCatalog', '@id': `${origin}/data#catalog`, url: `${origin}/data` },
		distribution: files.map((file) => ({
			'@type': 'DataDownload',
			contentUrl: origin + file.url,
			encodingFormat: file.mediaType
		}))
	};
	return `<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}
