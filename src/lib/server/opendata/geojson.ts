import type { Feature, Point } from 'geojson';
import { photoPath } from '../../domain/photo.ts';
import type { Photo, Place } from '../../domain/place.ts';
import type { Dataset } from '../../domain/taxonomy.ts';
import type { View } from '../published/view.ts';
import type { AsOf } from './as-of.ts';
import { colophonOf } from './colophon.ts';
import { featureParts } from './files/pieces.ts';
import type { Parts } from './files/pieces.ts';
import type { Register } from './national/register.ts';

/**
 * What the formats need besides the view: the public origin of links, and the day freshness is told for (`YYYY-MM-DD`). `asOf`: the
 * places are those of a day of the past, and nothing is known of how fresh they were.
 */
export interface Edition {
	view: View;
	origin: string;
	today: string;
	asOf?: AsOf;
}

/** What a file tells of the view it was made of: a thread that has no view can write it too. */
export interface Told extends Omit<Edition, 'view'> {
	view: Pick<View, 'settings' | 'seq' | 'changedAt' | 'freshness'>;
	/** The query string of a part of the dataset; none for all of it. */
	filters?: string;
	/** Only for files of national schemas. */
	register?: Register;
}

/** The address people and machines are given for a place. */
export function placeUrl(origin: string, { id, slug }: Pick<Place, 'id' | 'slug'>): string {
	return `${origin}/places/${id}/${slug}`;
}

/**
 * The promised properties, always all present, null when unknown. One named like a fact is its value byte for byte: it can be sent
 * back as `old`. Their order is the order of the columns of the CSV file.
 */
export function propertiesOf(place: Place, { view, origin, today, asOf }: Told) {
	const { facts } = place;
	const { freshness, verifiedAt } = asOf === undefined ? view.freshness(place, today) : { freshness: null, verifiedAt: null };
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
		updated_at: place.updatedAt || null,
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
export function featureOf(place: Place, edition: Told): PlaceFeature {
	const { lon, lat } = place.position;
	return {
		type: 'Feature',
		id: place.id,
		geometry: { type: 'Point', coordinates: [lon, lat] },
		properties: propertiesOf(place, edition)
	};
}

/** Foreign members of a whole file: under which licence, whose, as of when. */
export function provenance(
	{ view, origin, asOf }: Pick<Told, 'view' | 'origin' | 'asOf'>,
	licence: string = view.settings.licence.id
) {
	const { territory } = view.settings;
	return {
		licence,
		source: { name: territory.name, url: `${origin}/data` },
		date: view.changedAt,
		seq: view.seq,
		...asOf
	};
}

/** A FeatureCollection, one feature to a line so that it can be cut and compared. */
export function geojsonParts(told: Told, dataset: Dataset): Parts {
	// GDAL takes `name` for the layer's name.
	const members = Object.entries({ name: dataset.slug, ...colophonOf(told, dataset) }).map(
		([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`
	);
	const head = `{"type":"FeatureCollection",${members.join(',')},"features":[\n`;
	return featureParts((place) => featureOf(place, told), { head, between: ',\n', after: '', tail: '\n]}\n' });
}

/** One Feature to a line. */
export function geojsonLinesParts(told: Told): Parts {
	return featureParts((place) => featureOf(place, told), { head: '', between: '', after: '\n', tail: '' });
}
