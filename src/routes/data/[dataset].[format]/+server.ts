import { downloads, isDownload } from '$lib/server/downloads';
import { preflight } from '$lib/server/opendata/answer';
import { datasetOf, formats, isFormat } from '$lib/server/opendata/datasets';
import { nationalFile } from '$lib/server/opendata/national/national';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { wholeFileOf } from '$lib/server/opendata/stored';
import { fileServer } from '../files.server';
import type { RequestHandler } from './$types';

/** After how long what has no Brotli form may have one. */
const lookAgainMs = 120_000;

export const GET: RequestHandler = ({ request, url, locals, params: { dataset: slug, format } }) =>
	fromSnapshot(url.origin, async (edition) => {
		const counted = (response: Response) => {
			if (isDownload(request, response)) downloads.add(edition.today, slug, format);
			return response;
		};
		const isWhole = [...url.searchParams.keys()].length === 0;
		const national = nationalFile(slug, format);
		const dataset = datasetOf(edition.view, slug);
		const query = new URLSearchParams(url.searchParams);
		if (national) return counted(await fileServer().serveNational(request, { edition, ...national, query }));
		if (!dataset) return problem(404, 'unknown_dataset', `There is no dataset named ${slug} to download; see /data.`);
		if (!isFormat(format))
			return problem(404, 'unknown_format', `Datasets are offered as ${Object.keys(formats).join(', ')}, not ${format}.`);
		const response = await fileServer().serve(request, { edition, dataset, format, query });
		const file = wholeFileOf(response);
		// Not an older edition, given while this one is made.
		if (isWhole && file && fileServer().sizes(edition)(dataset, format)) {
			const { view, today } = edition;
			const given = counter(today, slug, format);
			// Packed well once it has lasted.
			const until = file.codings.includes('gzip') && !file.codings.includes('br') ? Date.now() + lookAgainMs : Infinity;
			locals.keep = { view, today, codings: file.codings, file, given, until };
		}
		return counted(response);
	});

/** It remembers these three and no edition. */
const counter = (day: string, dataset: string, format: string) => () => downloads.add(day, dataset, format);

export const OPTIONS: RequestHandler = preflight;
