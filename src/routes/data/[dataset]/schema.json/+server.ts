import { version } from '$app/environment';
import { answer, etagOf, jsonBody, preflight, stateOf } from '$lib/server/opendata/answer';
import { datasetOf } from '$lib/server/opendata/datasets';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { tableSchema } from '$lib/server/opendata/files/table-schema';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url, params: { dataset: slug } }) =>
	fromSnapshot(url.origin, ({ view, origin }) => {
		const dataset = datasetOf(view, slug);
		if (!dataset) return problem(404, 'unknown_dataset', `There is no dataset named ${slug}; see /data.`);
		return answer(request, {
			etag: etagOf({ build: version, ...stateOf(view), query: `${origin}/data/${slug}/schema.json` }),
			type: 'application/schema+json',
			body: jsonBody(tableSchema(dataset, origin))
		});
	});

export const OPTIONS: RequestHandler = preflight;
