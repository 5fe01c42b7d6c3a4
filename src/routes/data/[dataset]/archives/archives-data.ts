import { licenceOf } from '$lib/domain/licences';
import type { Dataset, Locale } from '$lib/domain/taxonomy';
import { archiveFormats, fileName, formatNames } from '$lib/server/opendata/archives/archive';
import type { Archive } from '$lib/server/opendata/archives/archive';

interface Described {
	dataset: Pick<Dataset, 'slug' | 'title' | 'licence'>;
	archives: readonly Archive[];
	locale: Locale;
	origin: string;
}

/** The months as a script element of JSON-LD: files of the dataset, https://schema.org/DataDownload. No `<` of the data can close the element. */
export function archivesData({ dataset, archives, locale, origin }: Described): string {
	const url = `${origin}/data/${dataset.slug}`;
	const data = {
		'@context': 'https://schema.org',
		'@type': 'Dataset',
		'@id': `${url}#dataset`,
		url,
		name: dataset.title[locale],
		license: licenceOf(dataset.licence)?.url,
		distribution: archives.flatMap((archive) =>
			formatNames.map((format) => ({
				'@type': 'DataDownload',
				name: fileName(archive, format),
				contentUrl: `${url}/archives/${archive.month}.${format}`,
				encodingFormat: archiveFormats[format].mediaType.replace(/;.*/, ''),
				contentSize: String(archive.files[format].bytes),
				sha256: archive.files[format].sha256,
				license: licenceOf(archive.licence)?.url,
				dateCreated: archive.madeOn,
				dateModified: archive.notes.at(-1)?.on,
				temporal: archive.day
			}))
		)
	};
	return `<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}
