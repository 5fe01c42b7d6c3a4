import type { Openness } from './openness.ts';
import type { Method, Role } from './roles.ts';

/** Degrees, WGS 84. Seven decimals (about a centimetre) are kept. */
export interface LonLat {
	lon: number;
	lat: number;
}

export type PlaceKind = 'service' | 'initiative';
export type Precision = 'exact' | 'street' | 'area';
export type Wheelchair = 'yes' | 'limited' | 'no';
export type Cost = 'free' | 'paid' | 'conditional';
export type Booking = 'none' | 'recommended' | 'required';

/** Both days included, `YYYY-MM-DD`. */
export interface Closure {
	from: string;
	to: string;
	reason: string | null;
}

/** Its copies answer at `photoPath(id, size)`. Without a licence it is shown and not given: it stays out of the open data. */
export interface Photo {
	id: string;
	alt: string;
	licence: string | null;
	/** Of the largest copy, pixels. */
	width: number;
	height: number;
}

/**
 * The facts of a place that are plain values. Keys are the fact names of the contract (snake_case): they travel unchanged from the
 * database to forms, exports and back as `old`, so they are data here, not identifiers of ours.
 */
export interface PlaceFacts {
	name: string;
	summary: string | null;
	description: string | null;
	precision: Precision;
	address: string | null;
	postcode: string | null;
	city: string | null;
	opening_hours: string | null;
	closures: Closure[];
	booking: Booking | null;
	phone: string | null;
	email: string | null;
	website: string | null;
	wheelchair: Wheelchair | null;
	audience: string[];
	cost: Cost | null;
	languages: string[];
	starts_on: string | null;
	ends_on: string | null;
	photos: Photo[];
	licence: string | null;
	contact_name: string | null;
	contact_phone: string | null;
	part_of: string | null;
}

export type ExtraValue = string | number | boolean | string[] | null;

/** Who last vouched for a fact; a role and an organisation, never a person (law 7). `on` is a day. */
export interface Assurance {
	on: string;
	method: Method;
	by_role: Role;
	by_organisation: string | null;
}

/** What is done at a place, with its own hours, audience and cost. */
export interface Offer {
	id: string;
	name: string;
	summary: string | null;
	category: string | null;
	audience: string[];
	cost: Cost | null;
	booking: Booking | null;
	opening_hours: string | null;
	closures: Closure[];
	assurances: Record<string, Assurance>;
}

export type VersionKind = 'created' | 'updated' | 'ended' | 'reopened' | 'merged' | 'redacted';

export interface HistoryOperation {
	fact: string;
	old: unknown;
	new: unknown;
}

/** One version of a place as its reader may know it. A creation lists the names of its facts only. */
export interface HistoryEntry {
	version: number;
	kind: VersionKind;
	on: string;
	by_role: Role | null;
	by_organisation: string | null;
	source: string | null;
	reason: string | null;
	facts?: string[];
	operations?: HistoryOperation[];
}

export interface Place {
	id: string;
	slug: string;
	kind: PlaceKind;
	/** Slugs. `area` is null when the place lies in the ring around the territory. */
	theme: string;
	category: string;
	area: string | null;
	steward: string | null;
	source: string | null;
	/** Already rounded or moved for its precision, in the database. */
	position: LonLat;
	openness: Openness;
	version: number;
	/** ISO 8601 instants, UTC. */
	createdAt: string;
	updatedAt: string;
	facts: PlaceFacts;
	extra: Record<string, ExtraValue>;
	offers: Offer[];
	assurances: Record<string, Assurance>;
	factOpenness: Record<string, Openness>;
	history: HistoryEntry[];
}

/** What is left of a place that is no longer on the map (law 6). */
export interface Tombstone {
	id: string;
	kind: 'ended' | 'merged' | 'withdrawn';
	on: string;
	reason: string | null;
	intoId: string | null;
}
