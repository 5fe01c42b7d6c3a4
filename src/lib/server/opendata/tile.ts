import { narrowing } from '../../domain/narrowing.ts';
import { isTile } from '../../geo/tile.ts';
import { parseFilters } from '../published/filters.ts';
import { deepestTileZoom } from '../published/tiles.ts';
import type { View } from '../published/view.ts';
import { answer, etagOf, stateOf } from './answer.ts';
import type { Asking } from './answer.ts';
import { problem } from './problem.ts';

export interface AskedTile {
	view: View;
	/** Of the application: it is part of the tag. */
	build: string;
	/** As they are written in the address. */
	z: string;
	x: string;
	y: string;
	query: URLSearchParams;
}

const whole = (text: string) => (/^\d{1,8}$/.test(text) ? Number(text) : NaN);

/**
 * Answers `/tiles/places/{z}/{x}/{y}.mvt`. The filters of lists work here too, so that clusters count what is shown; a tile is the whole of
 * its square, whatever the words. `timeless`: nothing in it turns with the minute.
 *
 * No `stale-while-revalidate`: for its seconds every cache between us and the reader could show what was withheld a moment ago, and we promise
 * that it leaves at once. What it would spare is a 304, which `front/` gives in a twentieth of a millisecond.
 * @throws FilterError
 */
export async function answerTile(request: Asking, asked: AskedTile): Promise<{ response: Response; timeless: boolean }> {
	const { view, build } = asked;
	const wanted = parseFilters(asked.query, { clock: () => view.clock(Date.now()), strict: true });
	const filters = Object.fromEntries(narrowing.flatMap((name) => (wanted[name] === undefined ? [] : [[name, wanted[name]]])));
	const [z, x, y] = [whole(asked.z), whole(asked.x), whole(asked.y)];
	const timeless = wanted.open === undefined;
	if (!isTile(z, x, y, deepestTileZoom)) {
		const response = problem(404, 'unknown_tile', `There is no tile ${asked.z}/${asked.x}/${asked.y}.`);
		return { response, timeless };
	}
	const draw = () => view.tile(z, x, y, filters)!;
	let bytes = request.method === 'HEAD' ? draw() : null;
	const response = await answer(request, {
		etag: etagOf({
			build,
			...stateOf(view),
			query: `${z}/${x}/${y}?${JSON.stringify(filters)}`
		}),
		type: 'application/vnd.mapbox-vector-tile',
		body: () => Promise.resolve({ bytes: (bytes = draw()), encoded: false })
	});
	if (bytes?.length !== 0 || response.status !== 200) return { response, timeless };
	const { headers } = response;
	// It has none (RFC 9110 §8.6).
	headers.delete('content-length');
	return { response: new Response(null, { status: 204, headers }), timeless };
}
