import { join } from 'node:path';
import { version } from '$app/environment';
import { config } from '$lib/server/environment';
import type { Size } from '$lib/server/opendata/dcat/dataset';
import { FileServer } from '$lib/server/opendata/files/serve-file';
import type { Edition } from '$lib/server/opendata/geojson';
import { filledSchemas } from '$lib/server/opendata/national/filled';
import { nationalFile, nationalSchemas } from '$lib/server/opendata/national/national';
import type { NationalSlug } from '$lib/server/opendata/national/schema';
import { published } from '$lib/server/published/instance';

let files: FileServer | undefined;
const current = () => (published().status().snapshot ? published().current() : null);
/** The whole files of this node; one per process. */
export const fileServer = (): FileServer =>
	(files ??= new FileServer({ dir: join(config().dataDir, 'exports'), build: version, current }));

/** The national files that hold something, with size and checksum of those that are made already. */
export async function nationalSizes(edition: Edition): Promise<ReadonlyMap<NationalSlug, Size | null>> {
	const filled = await filledSchemas(edition);
	const sizes = nationalSchemas
		.filter(({ slug }) => filled.has(slug))
		.map(({ slug, extension }): [NationalSlug, Size | null] => {
			return [slug, fileServer().nationalSize(edition, nationalFile(slug, extension)!.format)];
		});
	return new Map(sizes);
}
