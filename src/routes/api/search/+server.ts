import { version } from '$app/environment';
import { answer, etagOf, jsonBody, preflight } from '$lib/server/opendata/answer';
import { problem } from '$lib/server/opendata/problem';
import { searchAnswer } from '$lib/server/opendata/search-answer';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { parseFilters } from '$lib/server/published/filters';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, (edition) => {
		// Better no answer than one that silently ignores what was asked.
		if (url.searchParams.get('open')) return problem(400, 'not_supported', 'open is not supported yet; leave it out.');
		const filters = parseFilters(url.searchParams, { strict: true });
		const { view, origin, today } = edition;
		const query = `${origin}/api/search?${JSON.stringify(filters)}`;
		return answer(request, {
			etag: etagOf({ build: version, seq: view.seq, query, day: today }),
			type: 'application/geo+json',
			body: (encoding) => jsonBody(searchAnswer(edition, filters))(encoding)
		});
	});

export const OPTIONS: RequestHandler = preflight;
