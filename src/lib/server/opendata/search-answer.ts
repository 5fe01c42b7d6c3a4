import { systems } from '../../geo/crs.ts';
import type { Filters } from '../published/filters.ts';
import { FeatureWriter } from './feature-text.ts';
import { provenance } from './geojson.ts';
import type { Edition } from './geojson.ts';

/** Bytes that the answer seldom has more of: before its features, and for each. */
const [usualHead, usualFeature] = [1000, 3000];
const between = Buffer.from(',');

/**
 * The answer of `/api/search`, as JSON: best or nearest first. `distance` (metres, with `near`) is a foreign member of its feature; `partly` one
 * of the collection, when no place has all the words of `q` and these have the most.
 */
export function searchAnswer(edition: Edition, filters: Filters): Uint8Array {
	const { total, hits, partly } = edition.view.listRefs(filters);
	const head = {
		type: 'FeatureCollection',
		...provenance(edition),
		numberMatched: total,
		numberReturned: hits.length,
		...(partly ? { partly } : {})
	};
	const writer = new FeatureWriter(edition, systems[0]!, usualHead + hits.length * usualFeature);
	writer.text(`${JSON.stringify(head).slice(0, -1)},"features":[`);
	for (const [i, { ref, distance }] of hits.entries()) {
		writer.feature(ref, i === 0 ? undefined : between);
		if (distance !== null) writer.foreignMember('distance', Math.round(distance));
	}
	writer.text(']}');
	return writer.take();
}
