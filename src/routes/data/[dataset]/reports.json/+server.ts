import { version } from '$app/environment';
import { answer, etagOf, jsonBody, preflight, stateOf } from '$lib/server/opendata/answer';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { reportedDataset } from '../reported.server';
import type { RequestHandler } from './$types';

/** What was reported of a dataset, read, and said in public since; the newest fifty. */
export const GET: RequestHandler = ({ request, url, params: { dataset: slug } }) =>
	fromSnapshot(url.origin, ({ view, origin }) => {
		const dataset = reportedDataset(view, slug);
		if (!dataset) return problem(404, 'unknown_dataset', `There is no dataset named ${slug}; see /data.`);
		const reports = (dataset.reports ?? []).map(({ receivedOn, statedOn, reasonCode, ...report }) => {
			return { ...report, received_on: receivedOn, stated_on: statedOn, reason_code: reasonCode };
		});
		return answer(request, {
			etag: etagOf({ build: version, ...stateOf(view), query: `${origin}${url.pathname}` }),
			type: 'application/json',
			body: jsonBody({
				dataset: dataset.slug,
				url: `${origin}/data/${dataset.slug}`,
				report: `${origin}/data/${dataset.slug}/report`,
				reports
			})
		});
	});

export const OPTIONS: RequestHandler = preflight;
