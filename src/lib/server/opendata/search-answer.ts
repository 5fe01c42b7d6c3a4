import type { Filters } from '../published/filters.ts';
import { featureOf, provenance } from './geojson.ts';
import type { Edition } from './geojson.ts';

/**
 * The answer of `/api/search`: best or nearest first. `distance` (metres, with `near`) is a foreign member of its feature; `partly` one of the
 * collection, when no place has all the words of `q` and these have the most.
 */
export function searchAnswer(edition: Edition, filters: Filters) {
	const { total, hits, partly } = edition.view.list(filters);
	return {
		type: 'FeatureCollection' as const,
		...provenance(edition),
		numberMatched: total,
		numberReturned: hits.length,
		...(partly ? { partly } : {}),
		features: hits.map(({ place, distance }) => ({
			...featureOf(place, edition),
			...(distance === null ? {} : { distance: Math.round(distance) })
		}))
	};
}
