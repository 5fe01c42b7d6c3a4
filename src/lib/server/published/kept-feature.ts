import type { Place, PlaceFacts } from '../../domain/place.ts';

/** Where pieces of a kept feature begin, in bytes from where it does itself. */
export type Cuts = [
	/** The path of its page, before which the public origin belongs. */
	path: number,
	/** Its theme, which is its category's of now. */
	theme: number,
	/** From what stands behind the theme to before the photos. */
	facts: number,
	/** The photos, which have addresses and are not all given, with a comma. */
	photos: number,
	offers: number,
	/** Its assurances, before which it belongs how fresh it is. */
	assurances: number,
	/** Where its properties are over. */
	end: number
];

const inner = (members: object) => JSON.stringify(members).slice(1, -1);

/**
 * A place as JSON: its feature, in the order of the contract, as far as it does not depend on the day or on the public origin, and then what
 * the feature does not say. Cut at `Cuts` it gives back the feature without being parsed (`opendata/feature-text.ts`).
 */
export function keptFeature(place: Place, verifiedAt: string | null): { json: string; cuts: Cuts } {
	const { facts, position } = place;
	const id = inner([place.id]);
	const slug = inner([place.slug]);
	const pieces = [
		`{"type":"Feature","id":${id},"geometry":{"type":"Point","coordinates":[${inner([position.lon, position.lat])}]},"properties":{"id":${id},"slug":${slug},"url":"`,
		`/places/${place.id}/${slug.slice(1, -1)}","kind":"${place.kind}","theme":"`,
		inner([place.theme]).slice(1, -1),
		`",${inner(factsOf(place))},"photos":`,
		`${JSON.stringify(facts.photos ?? [])},`,
		`${inner({
			offers: place.offers ?? [],
			licence: facts.licence ?? null,
			version: place.version,
			updated_at: place.updatedAt || null,
			verified_at: verifiedAt
		})},`,
		`${inner({ assurances: place.assurances ?? {}, extra: place.extra ?? {} })}}`
	];
	let end = 0;
	const cuts = pieces.map((piece) => (end += Buffer.byteLength(piece))) as Cuts;
	return { json: `${pieces.join('')},"kept":${JSON.stringify(unsaid(place))}}`, cuts };
}

function factsOf({ category, area, steward, source, facts }: Place) {
	return {
		category,
		area: area ?? null,
		steward: steward ?? null,
		source: source ?? null,
		name: facts.name ?? '',
		summary: facts.summary ?? null,
		description: facts.description ?? null,
		address: facts.address ?? null,
		postcode: facts.postcode ?? null,
		city: facts.city ?? null,
		precision: facts.precision ?? 'exact',
		opening_hours: facts.opening_hours ?? null,
		closures: facts.closures ?? [],
		booking: facts.booking ?? null,
		phone: facts.phone ?? null,
		email: facts.email ?? null,
		website: facts.website ?? null,
		wheelchair: facts.wheelchair ?? null,
		audience: facts.audience ?? [],
		cost: facts.cost ?? null,
		languages: facts.languages ?? [],
		starts_on: facts.starts_on ?? null,
		ends_on: facts.ends_on ?? null
	};
}

/** Without what is unknown or empty: of 100,000 places that is a tenth of their bytes. */
function unsaid({ openness, createdAt, factOpenness, history, facts }: Place): Kept {
	const { contact_name, contact_phone, part_of } = facts;
	const all = { createdAt, factOpenness, history, contact_name, contact_phone, part_of };
	return { openness, ...Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value))) };
}

function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined || value === '') return true;
	return typeof value === 'object' && Object.keys(value).length === 0;
}

type Unsaid = 'contact_name' | 'contact_phone' | 'part_of';
type Kept = Pick<Place, 'openness'> &
	Partial<Pick<Place, 'createdAt' | 'factOpenness' | 'history'>> &
	Partial<Pick<PlaceFacts, Unsaid>>;
interface KeptFeature {
	geometry: { coordinates: [lon: number, lat: number] };
	properties: Pick<Place, 'id' | 'slug' | 'kind' | 'theme' | 'category' | 'area' | 'steward' | 'source' | 'version'> &
		Pick<Place, 'offers' | 'assurances' | 'extra'> &
		Omit<PlaceFacts, Unsaid> & { updated_at: string | null };
	kept: Kept;
}

/** The place again, nobody else's. @see keptFeature */
export function placeOfFeature(json: string): Place {
	const { geometry, properties, kept } = JSON.parse(json) as KeptFeature;
	const [lon, lat] = geometry.coordinates;
	return {
		id: properties.id,
		slug: properties.slug,
		kind: properties.kind,
		theme: properties.theme,
		category: properties.category,
		area: properties.area,
		steward: properties.steward,
		source: properties.source,
		position: { lon, lat },
		openness: kept.openness,
		version: properties.version,
		createdAt: kept.createdAt ?? '',
		updatedAt: properties.updated_at ?? '',
		facts: {
			name: properties.name,
			summary: properties.summary,
			description: properties.description,
			precision: properties.precision,
			address: properties.address,
			postcode: properties.postcode,
			city: properties.city,
			opening_hours: properties.opening_hours,
			closures: properties.closures,
			booking: properties.booking,
			phone: properties.phone,
			email: properties.email,
			website: properties.website,
			wheelchair: properties.wheelchair,
			audience: properties.audience,
			cost: properties.cost,
			languages: properties.languages,
			starts_on: properties.starts_on,
			ends_on: properties.ends_on,
			photos: properties.photos,
			licence: properties.licence,
			contact_name: kept.contact_name ?? null,
			contact_phone: kept.contact_phone ?? null,
			part_of: kept.part_of ?? null
		},
		extra: properties.extra,
		offers: properties.offers,
		assurances: properties.assurances,
		factOpenness: kept.factOpenness ?? {},
		history: kept.history ?? []
	};
}
