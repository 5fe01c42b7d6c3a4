import { version } from '$app/environment';
import { answer, etagOf, preflight, stateOf } from '$lib/server/opendata/answer';
import { atomText, atomType } from '$lib/server/opendata/feed/atom';
import { narrowings, parametersOf, scopeOf } from '$lib/server/opendata/feed/changes-query';
import { newsOf } from '$lib/server/opendata/feed/news';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';
import { newsFeed } from './news-feed';

/** The news of the map for a feed reader; `?area=`, `?theme=` and `?organisation=` narrow it, `?lang=en` says it in English. */
export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, ({ view, origin }) => {
		const { lang = 'fr', ...narrowing } = parametersOf(url.searchParams, ['lang', ...narrowings]);
		if (lang !== 'fr' && lang !== 'en') return problem(400, 'invalid_parameter', 'lang must be fr or en.');
		const scope = scopeOf(view, narrowing);
		return answer(request, {
			etag: etagOf({
				build: version,
				...stateOf(view),
				query: JSON.stringify([origin, '/data/changes.atom', lang, scope])
			}),
			type: `${atomType}; charset=utf-8`,
			body: async () => {
				const feed = newsFeed({ view, origin }, scope, lang, await newsOf(view, scope));
				return { bytes: new TextEncoder().encode(atomText(feed)), encoded: false };
			}
		});
	});

export const OPTIONS: RequestHandler = preflight;
