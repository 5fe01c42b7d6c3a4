import type { Dataset } from '../../../domain/taxonomy.ts';
import { archiveFormats, fileName, formatNames } from './archive.ts';
import type { Archive } from './archive.ts';

/** The list of the months of a dataset as machines are told it. Instants are days; `notes` say when something left a file, and of which kind. */
export function describeArchives({ slug, title }: Pick<Dataset, 'slug' | 'title'>, archives: readonly Archive[], origin: string) {
	const folder = `${origin}/data/${slug}/archives`;
	return {
		dataset: slug,
		title,
		url: folder,
		checksums: `${folder}/SHA256SUMS`,
		archives: archives.map((archive) => ({
			month: archive.month,
			as_of: archive.day,
			made_on: archive.madeOn,
			rebuilt: archive.rebuilt,
			seq: archive.seq,
			licence: archive.licence,
			places: archive.places,
			files: formatNames.map((format) => ({
				url: `${folder}/${archive.month}.${format}`,
				name: fileName(archive, format),
				media_type: archiveFormats[format].mediaType,
				bytes: archive.files[format].bytes,
				sha256: archive.files[format].sha256
			})),
			notes: archive.notes
		}))
	};
}
