import { version } from '$app/environment';
import { answer, etagOf, jsonBody, preflight } from '$lib/server/opendata/answer';
import { changesAfter, maxChanges, remembers } from '$lib/server/opendata/changes';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';

const whole = (text: string | null, otherwise: number) =>
	text === null ? otherwise : /^\d{1,15}$/.test(text) ? Number(text) : null;

export const GET: RequestHandler = ({ request, url }) =>
	fromSnapshot(url.origin, ({ view, origin }) => {
		const since = whole(url.searchParams.get('since'), 0);
		const limit = whole(url.searchParams.get('limit'), maxChanges);
		if (since === null || limit === null || limit < 1)
			return problem(400, 'invalid_parameter', 'since and limit must be whole numbers, limit at least 1.');
		if (!remembers(view, since))
			return problem(
				410,
				'changes_forgotten',
				'Changes that old are not kept here: take the dataset anew, then follow from its seq.'
			);
		const query = `${origin}/data/changes?${since}&${limit}`;
		return answer(request, {
			etag: etagOf({ build: version, seq: view.seq, query }),
			type: 'application/json',
			body: jsonBody(changesAfter(view, since, Math.min(limit, maxChanges), origin))
		});
	});

export const OPTIONS: RequestHandler = preflight;
