import type { Offer, Place } from '../../../domain/place.ts';
import type { View } from '../../published/view.ts';
import { placeAsOf } from '../as-of.ts';
import { placeUrl, propertiesOf } from '../geojson.ts';
import type { PlaceFeature, PlaceProperties, Told } from '../geojson.ts';
import type { Reason } from './archive.ts';
import { isFarewell } from './touched.ts';

/** What holds nothing that could be taken back by itself, or follows from the rest. */
const neutral: ReadonlySet<string> = new Set([
	...['id', 'slug', 'url', 'kind', 'theme', 'category', 'area', 'source', 'precision', 'licence', 'version'],
	...['updated_at', 'verified_at', 'freshness', 'assurances', 'photos', 'offers', 'extra']
]);

/** From the most exact on. */
const precisions = ['exact', 'street', 'area'];

interface Judged {
	/** Null when nothing of the place may stay; the same object when everything may. */
	feature: PlaceFeature | null;
	reason: Reason | null;
}

/**
 * What of an archived place the public may still read somewhere today: in what it is, or in what its public history says that it was at the end of
 * the day. Values that were edited since are in that history; those that were redacted, withheld or closed are not, and leave. Nothing ever comes
 * in. A place that ended or merged stays as it was, until its tombstone says that it was withdrawn; one that ended as a mistake leaves.
 */
export function stillTold(feature: PlaceFeature, day: string, { view, origin }: { view: View; origin: string }): Judged {
	const place = view.byId(String(feature.id));
	if (!place) {
		const tombstone = view.tombstones.get(String(feature.id));
		return tombstone && isFarewell(tombstone) ? { feature, reason: null } : { feature: null, reason: 'place' };
	}
	const past = pastOf(feature, place, day, view);
	if (!past) return { feature: null, reason: 'place' };
	const told: Told = { view, origin, today: day, asOf: { as_of: day, as_of_note: '', left_since: [] } };
	const before = JSON.stringify(feature.properties);
	const properties = remaining(feature.properties, propertiesOf(past, told));
	if (JSON.stringify(properties) === before) return { feature, reason: null };
	const photosOnly = JSON.stringify({ ...properties, photos: feature.properties.photos }) === before;
	// A name lives on in the address.
	const named = properties.name === feature.properties.name ? {} : { slug: place.slug, url: placeUrl(origin, place) };
	return { feature: { ...feature, properties: { ...properties, ...named } }, reason: photosOnly ? 'photo' : 'value' };
}

/** The place as its history tells that day; null when it may not be told where it was. */
function pastOf(feature: PlaceFeature, place: Place, day: string, { reference }: View): Place | null {
	const { precision } = feature.properties;
	if (precision === 'exact') {
		const past = placeAsOf(place, day, reference);
		const [lon, lat] = feature.geometry.coordinates;
		return past && past.facts.precision === 'exact' && past.position.lon === lon && past.position.lat === lat ? past : null;
	}
	if (precisions.indexOf(place.facts.precision) > precisions.indexOf(precision)) return null;
	// Where a blurred place had been is in no history, which says the rest nevertheless.
	const withoutPosition = place.history.map((entry) =>
		entry.operations
			? { ...entry, operations: entry.operations.filter(({ fact }) => fact !== 'position' && fact !== 'precision') }
			: entry
	);
	return placeAsOf({ ...place, facts: { ...place.facts, precision: 'exact' }, history: withoutPosition }, day, reference);
}

function remaining(kept: PlaceProperties, told: PlaceProperties): PlaceProperties {
	const gone = new Set<string>();
	const entries = Object.entries(kept).map(([name, value]: [string, unknown]) => {
		const now: unknown = told[name as keyof PlaceProperties];
		if (neutral.has(name) || isEmpty(value) || same(value, now)) return [name, value];
		gone.add(name);
		return [name, name === 'name' ? '—' : Array.isArray(value) ? [] : null];
	});
	const rest = Object.fromEntries(entries) as PlaceProperties;
	// By its path: the site may have moved to another domain since.
	const pathed = (photo: PlaceProperties['photos'][number]) => ({ ...photo, url: new URL(photo.url).pathname });
	const photos = rest.photos.filter((photo) => told.photos.some((one) => same(pathed(one), pathed(photo))));
	const offers = rest.offers.flatMap((offer) => remainingOffer(offer, told.offers, gone));
	const extra = Object.fromEntries(
		Object.entries(rest.extra).filter(([key, value]) => {
			const stays = same(value, told.extra[key]);
			if (!stays) gone.add(`extra.${key}`);
			return stays;
		})
	);
	const assurances = Object.fromEntries(Object.entries(rest.assurances).filter(([fact]) => !gone.has(fact)));
	return { ...rest, photos, offers, extra, assurances };
}

/** An offer with what is still told of it, in a list of its own; what has gone is added to `gone`. */
function remainingOffer(offer: Offer, told: readonly Offer[], gone: Set<string>): Offer[] {
	const now = told.find(({ id }) => id === offer.id);
	const fact = `offer:${offer.id}`;
	if (!now) {
		gone.add(fact);
		return [];
	}
	const entries = Object.entries(offer).map(([name, value]: [string, unknown]) => {
		if (name === 'assurances' || isEmpty(value) || same(value, now[name as keyof Offer])) return [name, value];
		gone.add(`${fact}.${name}`);
		return [name, name === 'name' ? '—' : Array.isArray(value) ? [] : null];
	});
	const rest = Object.fromEntries(entries) as Offer;
	const assurances = Object.fromEntries(
		Object.entries(rest.assurances).filter(([name]) => !gone.has(name) && !gone.has(`${fact}.${name}`))
	);
	return [{ ...rest, assurances }];
}

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

/** Equal as JSON, whatever the order of the keys. */
function same(one: unknown, other: unknown): boolean {
	if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other;
	const [a, b] = [Object.entries(one), other as Record<string, unknown>];
	return a.length === Object.keys(b).length && a.every(([key, value]) => Object.hasOwn(b, key) && same(value, b[key]));
}
