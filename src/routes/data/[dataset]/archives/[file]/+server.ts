import { downloads, isDownload } from '$lib/server/downloads';
import { answer, etagOf, preflight } from '$lib/server/opendata/answer';
import { checksums, parseFileName } from '$lib/server/opendata/archives/archive';
import type { Archive } from '$lib/server/opendata/archives/archive';
import { serveArchive } from '$lib/server/opendata/archives/serve-archive';
import { datasetOf } from '$lib/server/opendata/datasets';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { archives } from '../../../archives.server';
import { listAway, noArchives } from '../list-away';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url, params: { dataset: slug, file } }) =>
	fromSnapshot(url.origin, async ({ view, today }) => {
		if (!datasetOf(view, slug)) return problem(404, 'unknown_dataset', `There is no dataset named ${slug}; see /data.`);
		const kept = archives();
		if (!kept) return noArchives();
		if (file === 'SHA256SUMS') return sums(request, kept.list(slug));
		const response = await serveArchive(request, kept, slug, file);
		const format = parseFileName(slug, file)?.format.split('.')[0];
		if (format && isDownload(request, response)) downloads.add(today, slug, `archive.${format}`);
		return response;
	});

/** What `sha256sum -c` compares the files of a folder with. */
function sums(request: Request, list: Archive[] | null): Promise<Response> | Response {
	if (!list) return listAway();
	const text = checksums(list);
	return answer(request, {
		etag: etagOf({ build: '', seq: 0, changedAt: null, schema: null, query: text }),
		type: 'text/plain; charset=utf-8',
		body: () => Promise.resolve({ bytes: new TextEncoder().encode(text), encoded: false })
	});
}

export const OPTIONS: RequestHandler = preflight;
