import { version } from '$app/environment';
import { answer, etagOf, jsonBody, preflight, stateOf } from '$lib/server/opendata/answer';
import { areasCollection } from '$lib/server/opendata/areas';
import { fromSnapshot } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, ({ view }) =>
		answer(request, {
			etag: etagOf({ build: version, ...stateOf(view), query: 'areas' }),
			type: 'application/geo+json',
			body: (encoding) => jsonBody(areasCollection(view))(encoding)
		})
	);

export const OPTIONS: RequestHandler = preflight;
