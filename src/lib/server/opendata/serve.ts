import { FilterError } from '../published/filters.ts';
import { published } from '../published/instance.ts';
import { NotReady } from '../published/published.ts';
import type { Edition } from './geojson.ts';
import { problem } from './problem.ts';

/**
 * Answers a machine from the view of this moment. Before the first view: 503 and when to come back; a wrong parameter: 400 and which.
 * `origin` is the public one.
 */
export async function fromSnapshot(origin: string, serve: (edition: Edition) => Promise<Response> | Response): Promise<Response> {
	try {
		const view = published().current();
		return await serve({ view, origin, today: view.today(Date.now()) });
	} catch (failure) {
		if (failure instanceof NotReady) return problem(503, 'not_ready', failure.message, { 'retry-after': '2' });
		if (failure instanceof FilterError) return problem(400, 'invalid_parameter', failure.message);
		throw failure;
	}
}

/**
 * When what depends on the day too was last changed, in milliseconds; never in the future. Once a backup was brought back the last change is
 * an older one: what is read since has the date at which it was read.
 */
export function modifiedOf({ view, today }: Edition, now = Date.now()): number {
	const midnight = Date.parse(`${today}T00:00:00Z`);
	return Math.min(now, Math.max(midnight, Date.parse(view.changedAt ?? '') || 0, view.loadedAt));
}
