import { version } from '$app/environment';
import { narrowing } from '$lib/domain/narrowing';
import { answer, etagOf, preflight } from '$lib/server/opendata/answer';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot } from '$lib/server/opendata/serve';
import { parseFilters } from '$lib/server/published/filters';
import type { RequestHandler } from './$types';

const whole = (text: string) => (/^\d{1,8}$/.test(text) ? Number(text) : NaN);

/** The filters of lists work here too, so that clusters count what is shown; a tile is the whole of its square, whatever the words. */

export const GET: RequestHandler = ({ request, url, params }) =>
	fromSnapshot(url.origin, async ({ view }) => {
		const asked = parseFilters(url.searchParams, { clock: () => view.clock(Date.now()), strict: true });
		const filters = Object.fromEntries(narrowing.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]])));
		const [z, x, y] = [whole(params.z), whole(params.x), whole(params.y)];
		const query = `${z}/${x}/${y}?${JSON.stringify(filters)}`;
		const bytes = view.tile(z, x, y, filters);
		if (bytes === null) return problem(404, 'unknown_tile', `There is no tile ${params.z}/${params.x}/${params.y}.`);
		const response = await answer(request, {
			etag: etagOf({ build: version, seq: view.seq, query }),
			type: 'application/vnd.mapbox-vector-tile',
			body: () => Promise.resolve({ bytes, encoded: false })
		});
		if (bytes.length > 0 || response.status !== 200) return response;
		return new Response(null, { status: 204, headers: response.headers });
	});

export const OPTIONS: RequestHandler = preflight;
