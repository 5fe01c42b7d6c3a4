import { version } from '$app/environment';
import { answer, etagOf, preflight, stateOf } from '$lib/server/opendata/answer';
import { searchAnswer } from '$lib/server/opendata/search-answer';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { parseFilters } from '$lib/server/published/filters';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, (edition) => {
		const { view, origin, today } = edition;
		const filters = parseFilters(url.searchParams, { clock: () => view.clock(Date.now()), strict: true });
		const query = `${origin}/api/search?${JSON.stringify(filters)}`;
		return answer(request, {
			etag: etagOf({ build: version, ...stateOf(view), query, day: today }),
			type: 'application/geo+json',
			body: () => Promise.resolve({ bytes: searchAnswer(edition, filters), encoded: false })
		});
	});

export const OPTIONS: RequestHandler = preflight;
