import type { Feature, Point } from 'geojson';
import { photoPath } from '../../domain/photo.ts';
import type { Photo, Place } from '../../domain/place.ts';
import type { View } from '../published/view.ts';

/** What the formats need besides the view: the public origin of links, and the day freshness is told for (`YYYY-MM-DD`). */
export interface Edition {
	view: View;
	origin: string;
	today: string;
}

/** The address people and machines are given for a place. */
export function placeUrl(origin: string, { id, slug }: Pick<Place, 'id' | 'slug'>): string {
	return `${origin}/places/${id}/${slug}`;
}

/**
 * The promised properties, always all present, null when unknown. One named like a fact is its value byte for byte: it can be sent
 * back as `old`. Their order is the order of the columns of the CSV file.
 */
export function propertiesOf(place: Place, { view, origin, today }: Edition) {
	const { facts } = place;
	const { freshness, verifiedAt } = view.freshness(place, today);
	return {
		id: place.id,
		slug: place.slug,
		url: placeUrl(origin, place),
		kind: place.kind,
		theme: place.theme,
		category: place.category,
		area: place.area,
		steward: place.steward,
		source: place.source,
		name: facts.name,
		summary: facts.summary,
		description: facts.description,
		address: facts.address,
		postcode: facts.postcode,
		city: facts.city,
		precision: facts.precision,
		opening_hours: facts.opening_hours,
		closures: facts.closures,
		booking: facts.booking,
		phone: facts.phone,
		email: facts.email,
		website: facts.website,
		wheelchair: facts.wheelchair,
		audience: facts.audience,
		cost: facts.cost,
		languages: facts.languages,
		starts_on: facts.starts_on,
		ends_on: facts.ends_on,
		photos: givenPhotos(facts.photos, origin),
		offers: place.offers,
		licence: facts.licence,
		version: place.version,
		updated_at: place.updatedAt,
		verified_at: verifiedAt,
		freshness,
		assurances: place.assurances,
		extra: place.extra
	};
}

/** Only those that their authors gave: the others are shown on the page and are nobody's to take from a file. */
function givenPhotos(photos: readonly Photo[], origin: string) {
	return photos.flatMap(({ id, alt, licence }) => (licence ? [{ url: origin + photoPath(id, 1600), alt, licence }] : []));
}

export type PlaceProperties = ReturnType<typeof propertiesOf>;
export type PlaceFeature = Feature<Point, PlaceProperties>;

/** One place as a Feature (RFC 7946): longitude first, seven decimals at most. */
export function featureOf(place: Place, edition: Edition): PlaceFeature {
	const { lon, lat } = place.position;
	return {
		type: 'Feature',
		id: place.id,
		geometry: { type: 'Point', coordinates: [lon, lat] },
		properties: propertiesOf(place, edition)
	};
}

/** Foreign members of a whole file: under which licence, whose, as of when. */
export function provenance({ view, origin }: Edition) {
	const { territory, licence } = view.settings;
	return {
		licence: licence.id,
		source: { name: territory.name, url: `${origin}/data` },
		date: view.changedAt,
		seq: view.seq
	};
}

/** Pieces of a FeatureCollection, one feature to a line so that it can be cut and compared; together valid GeoJSON. */
export function* geojsonText(places: Iterable<Place>, edition: Edition): Generator<string> {
	const members = Object.entries(provenance(edition)).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
	yield `{"type":"FeatureCollection",${members.join(',')},"features":[`;
	let separator = '\n';
	for (const place of places) {
		yield separator + JSON.stringify(featureOf(place, edition));
		separator = ',\n';
	}
	yield '\n]}\n';
}

/** One Feature to a line. */
export function* geojsonLines(places: Iterable<Place>, edition: Edition): Generator<string> {
	for (const place of places) yield `${JSON.stringify(featureOf(place, edition))}\n`;
}
