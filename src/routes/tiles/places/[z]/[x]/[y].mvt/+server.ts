import { version } from '$app/environment';
import { preflight } from '$lib/server/opendata/answer';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { answerTile } from '$lib/server/opendata/tile';
import type { RequestHandler } from './$types';

/** Most are given by `front/` before they come here. */
export const GET: RequestHandler = ({ request, url, params }) =>
	fromSnapshot(url.origin, async ({ view }) => {
		const { response } = await answerTile(request, { view, build: version, query: url.searchParams, ...params });
		return response;
	});

export const OPTIONS: RequestHandler = preflight;
