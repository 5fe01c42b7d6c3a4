import { version } from '$app/environment';
import { answer, etagOf, jsonBody, preflight, stateOf } from '$lib/server/opendata/answer';
import { featureOf, provenance } from '$lib/server/opendata/geojson';
import { problem } from '$lib/server/opendata/problem';
import { fromSnapshot, modifiedOf } from '$lib/server/opendata/serve';
import type { RequestHandler } from './$types';

/** One Feature. A merged place points to the one it became; another that left says so (410), an unknown id never was (404). */
export const GET: RequestHandler = ({ request, url, params }) =>
	fromSnapshot(url.origin, (edition) => {
		const { view, origin, today } = edition;
		const id = params.id.toLowerCase();
		const place = view.byId(id);
		if (place) {
			const query = `${origin}/places/${id}.geojson`;
			return answer(request, {
				etag: etagOf({ build: version, ...stateOf(view), query, day: today }),
				modified: modifiedOf(edition),
				type: 'application/geo+json',
				body: jsonBody({ ...featureOf(place, edition), ...provenance(edition) })
			});
		}
		const gone = view.tombstone(id);
		if (!gone) return problem(404, 'unknown_place', 'There is no place with this id.');
		if (gone.kind === 'merged' && gone.intoId !== null)
			return new Response(null, {
				status: 308,
				headers: { location: `/places/${gone.intoId}.geojson`, 'access-control-allow-origin': '*', 'cache-control': 'no-cache' }
			});
		const why = gone.reason === null ? '' : ` (${gone.reason})`;
		return problem(410, `place_${gone.kind}`, `This place left the map on ${gone.on}${why}.`);
	});

export const OPTIONS: RequestHandler = preflight;
