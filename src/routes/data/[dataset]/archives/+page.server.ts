import { error } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { archiveFormats, fileName, formatNames } from '$lib/server/opendata/archives/archive';
import type { Archive } from '$lib/server/opendata/archives/archive';
import { datasetOf } from '$lib/server/opendata/datasets';
import { titled } from '$lib/server/opendata/dcat/dataset';
import { archives } from '../../archives.server';
import { currentEdition } from '../../portal.server';
import { archivesData } from './archives-data';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url, params, locals }) => {
	const edition = currentEdition(url.origin);
	const { view, origin } = edition;
	const dataset = datasetOf(view, params.dataset);
	const kept = archives();
	if (!dataset || !kept) error(404, m.error_not_found());
	const list = kept.list(dataset.slug);
	const { slug, title, licence } = dataset;
	return {
		dataset: { slug, title },
		publisher: view.settings.contact.name || view.settings.territory.name,
		months: list?.map(shown) ?? null,
		ld: list?.length
			? archivesData({ dataset: { slug, title: titled(title, edition), licence }, archives: list, locale: locals.locale, origin })
			: ''
	};
};

const shown = (archive: Archive) => ({
	...{ month: archive.month, day: archive.day, madeOn: archive.madeOn, rebuilt: archive.rebuilt, seq: archive.seq },
	...{ places: archive.places, licence: archive.licence, notes: archive.notes },
	files: formatNames.map((format) => ({
		...{ format, label: archiveFormats[format].label, name: fileName(archive, format) },
		...{ url: `/data/${archive.dataset}/archives/${archive.month}.${format}` },
		...{ bytes: archive.files[format].bytes, sha256: archive.files[format].sha256 }
	}))
});
export type Month = ReturnType<typeof shown>;
