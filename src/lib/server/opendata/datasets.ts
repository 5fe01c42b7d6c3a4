import type { Place } from '../../domain/place.ts';
import { csvText } from './csv.ts';
import { geojsonLines, geojsonText } from './geojson.ts';
import type { Edition } from './geojson.ts';

interface Format {
	mediaType: string;
	write: (places: Iterable<Place>, edition: Edition) => Generator<string>;
}

export const formats = {
	geojson: { mediaType: 'application/geo+json', write: geojsonText },
	geojsonl: { mediaType: 'application/x-ndjson', write: geojsonLines },
	csv: { mediaType: 'text/csv; charset=utf-8; header=present', write: csvText }
} satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export function isFormat(name: string): name is FormatName {
	return Object.hasOwn(formats, name);
}

/** The dataset of everything open under the territory's licence; always there. */
export const allPlaces = 'places';

/** Whether a dataset can be downloaded. The others of the portal get their content with their own definitions. */
export function hasContent(dataset: string): boolean {
	return dataset === allPlaces;
}

/** The places of a dataset, ascending by id. A place without a licence of its own is under the territory's. */
export function* placesOf({ view }: Edition): Generator<Place> {
	const licence = view.settings.licence.id;
	for (const place of view.all()) if ((place.facts.licence ?? licence) === licence) yield place;
}
