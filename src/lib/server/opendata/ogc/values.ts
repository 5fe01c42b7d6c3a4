import type { PlaceFreshness } from '../../../domain/freshness.ts';
import type { Place } from '../../../domain/place.ts';
import { placeUrl } from '../geojson.ts';
import type { Edition } from '../geojson.ts';
import { geometryName } from './queryables.ts';

export type Read = (name: string) => unknown;

/**
 * The queryables of one place, each with the value that its feature has. One by one: a filter over 100,000 places asks for one or two of
 * them, and making all thirty costs as much as parsing the place.
 */
export function readerOf(place: Place, { view, origin, today }: Edition): Read {
	const facts = place.facts as unknown as Record<string, unknown>;
	let freshness: PlaceFreshness | undefined;
	let position: object | undefined;
	return (name) => {
		switch (name) {
			case 'id':
			case 'slug':
			case 'kind':
			case 'theme':
			case 'category':
			case 'area':
			case 'steward':
			case 'source':
			case 'version':
				return place[name];
			case 'url':
				return placeUrl(origin, place);
			case 'updated_at':
				return place.updatedAt;
			case 'freshness':
				return (freshness ??= view.freshness(place, today)).freshness;
			case 'verified_at':
				return (freshness ??= view.freshness(place, today)).verifiedAt;
			case geometryName:
				return (position ??= { type: 'Point', coordinates: [place.position.lon, place.position.lat] });
			default:
				return facts[name];
		}
	};
}
