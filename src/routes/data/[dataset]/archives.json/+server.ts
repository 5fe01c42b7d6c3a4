import { answer, etagOf, jsonBody, preflight } from '$lib/server/opendata/answer';
import { describeArchives } from '$lib/server/opendata/archives/describe';
import { datasetOf } from '$lib/server/opendata/datasets';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { archives } from '../../archives.server';
import { listAway, noArchives } from '../archives/list-away';
import type { RequestHandler } from './$types';

/** The list of the months, for machines. */
export const GET: RequestHandler = ({ request, url, params: { dataset: slug } }) =>
	fromSnapshot(url.origin, ({ view, origin }) => {
		const dataset = datasetOf(view, slug);
		if (!dataset) return problem(404, 'unknown_dataset', `There is no dataset named ${slug}; see /data.`);
		const kept = archives();
		if (!kept) return noArchives();
		const list = kept.list(slug);
		if (!list) return listAway();
		const described = describeArchives(dataset, list, origin);
		return answer(request, {
			etag: etagOf({ build: '', seq: 0, changedAt: null, schema: null, query: JSON.stringify(described) }),
			type: 'application/json',
			body: jsonBody(described)
		});
	});

export const OPTIONS: RequestHandler = preflight;
