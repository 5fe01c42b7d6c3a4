import { version } from '$app/environment';
import { answer, etagOf, preflight, stateOf } from '$lib/server/opendata/answer';
import { changesText, dependsOn, pageOf, remembers } from '$lib/server/opendata/feed/changes';
import { parseChangesQuery } from '$lib/server/opendata/feed/changes-query';
import type { Edition } from '$lib/server/opendata/geojson';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, (edition) => {
		const { view, origin, today } = edition;
		const query = parseChangesQuery(view, url.searchParams);
		if (!remembers(view, query.since)) return forgotten(edition, query.dataset);
		const page = pageOf(view, query);
		const { since, limit, asked } = query;
		const seq = dependsOn(view, page);
		return answer(request, {
			etag: etagOf({
				build: version,
				...stateOf(view),
				seq,
				changedAt: view.recent.at(seq)?.at ?? null,
				query: JSON.stringify([origin, '/data/changes', since, limit, asked]),
				day: today
			}),
			type: 'application/json',
			body: async () => ({ bytes: new TextEncoder().encode(await changesText(edition, query, page)), encoded: false })
		});
	});

/** Where to begin anew: the whole file says up to which number it goes. */
function forgotten({ view, origin }: Edition, dataset: string): Response {
	const snapshot = { url: `${origin}/data/${dataset}.geojson`, type: 'application/geo+json', seq: view.seq };
	return problem(
		410,
		'changes_forgotten',
		`Changes that old are not kept. Take ${snapshot.url}, then follow from the number in its member seq.`,
		{ link: `<${snapshot.url}>; rel="start"; type="${snapshot.type}"` },
		{ snapshot, oldest: view.recent.oldest ?? view.seq }
	);
}

export const OPTIONS: RequestHandler = preflight;
