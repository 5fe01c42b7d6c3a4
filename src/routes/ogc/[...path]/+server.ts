import { version } from '$app/environment';
import { preflight } from '$lib/server/opendata/answer';
import { understand } from '$lib/server/opendata/ogc/ask';
import { respond } from '$lib/server/opendata/ogc/respond';
import { fromSnapshot } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';

/** Clients ask for /ogc and for /ogc/. */
export const trailingSlash = 'ignore';

/** Data is described in French, whoever asks; pages speak the reader's language. */
export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, (edition) =>
		respond(request, version, () => understand({ edition, url, format: 'json', locale: 'fr', now: Date.now() }))
	);

export const OPTIONS: RequestHandler = preflight;
