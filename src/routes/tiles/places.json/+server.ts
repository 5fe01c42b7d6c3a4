import { version } from '$app/environment';
import { answer, etagOf, jsonBody, preflight, stateOf } from '$lib/server/opendata/answer';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { tileJson } from '$lib/server/opendata/tilejson';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, ({ view, origin }) =>
		answer(request, {
			etag: etagOf({ build: version, ...stateOf(view), query: `${origin}/tiles/places.json` }),
			type: 'application/json',
			body: jsonBody(tileJson(view, origin))
		})
	);

export const OPTIONS: RequestHandler = preflight;
