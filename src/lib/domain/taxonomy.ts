import type { PublicReport } from './dataset-report.ts';
import type { ModerationFigures } from './figures.ts';
import type { Openness } from './openness.ts';
import type { PlaceKind, LonLat } from './place.ts';

export type Locale = 'fr' | 'en';
/** A label that is data: one text per language. */
export type Label = Record<Locale, string>;

/** A name of the palette in `palette.ts`; the colour itself depends on the scheme. */
export const themeColours = [
	'coral',
	'amber',
	'olive',
	'green',
	'teal',
	'cyan',
	'blue',
	'indigo',
	'violet',
	'plum',
	'pink',
	'brown'
] as const;
export type ThemeColour = (typeof themeColours)[number];

export interface Theme {
	slug: string;
	label: Label;
	colour: ThemeColour;
	pictogram: string;
	sort: number;
}

export type HalfLife = 'months' | 'year' | 'years';

/** An extra fact of a category: the subset of JSON Schema that Postgres checks. */
export interface ExtraFact {
	label: Label;
	type: 'string' | 'number' | 'integer' | 'boolean' | 'array';
	enum?: (string | number)[];
	maxLength?: number;
	minimum?: number;
	maximum?: number;
	items?: { type: 'string'; enum?: string[]; maxLength?: number };
	required?: boolean;
}

export interface Category {
	slug: string;
	theme: string;
	label: Label;
	/** `maki:<name>` or `temaki:<name>`. */
	pictogram: string;
	defaultKind: PlaceKind;
	extraFacts: Record<string, ExtraFact>;
	halfLives: Record<string, HalfLife>;
	keyFacts: string[];
	factOpenness: Record<string, Openness>;
	osmTag: string | null;
	schemaType: string | null;
	synonyms: Partial<Record<Locale, string[]>>;
	sort: number;
}

export type AreaLevel = 'commune' | 'quartier' | 'micro_quartier';

export interface Area {
	slug: string;
	name: string;
	level: AreaLevel;
	parent: string | null;
	code: string | null;
	geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
	/** west, south, east, north */
	bbox: [number, number, number, number];
	point: LonLat;
}

export type OrganisationKind = 'public_service' | 'association' | 'collective' | 'company';

export interface Organisation {
	slug: string;
	name: string;
	kind: OrganisationKind;
	summary: string | null;
	website: string | null;
	/** Numbers of public registers, as `identifiers.ts` keeps them; a snapshot written before they existed has none. */
	siret?: string | null;
	rna?: string | null;
	amalia?: string | null;
}

export const datasetStates = ['open', 'planned', 'closed'] as const;
export type DatasetState = (typeof datasetStates)[number];

/** Codes of http://publications.europa.eu/resource/authority/frequency */
export const frequencies = ['UPDATE_CONT', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'ANNUAL', 'IRREG', 'UNKNOWN'] as const;
export type Frequency = (typeof frequencies)[number];

/** A mailbox or a page of a service, never a person's own. */
export interface Contact {
	name: string;
	email?: string;
	url?: string;
}

/**
 * What of the map a portal lists as one thing: the open places under one licence, narrowed to a theme, an area (its descendants
 * included) or the organisation that takes care of them. Those three are null or missing where nothing is narrowed.
 */
export interface Dataset {
	slug: string;
	title: Label;
	description: Label;
	licence: string;
	sort: number;
	theme?: string | null;
	area?: string | null;
	organisation?: string | null;
	/** `open` where nothing is said; else nobody can have it, and `reason` says why not or when. */
	state?: DatasetState;
	reason?: Label | null;
	/** Shown by portal and catalogue. */
	listed?: boolean;
	frequency?: Frequency;
	keywords?: string[];
	/** The territory's own where there is none. */
	contact?: Contact | null;
	/** The page of a portal that has it already, https. */
	publishedAt?: string | null;
	/** By which harvesters know it for ever, whatever the site is called. */
	identifier?: string;
	/** What was found wrong with it and read since, newest first. */
	reports?: PublicReport[];
}

export interface Settings {
	territory: { name: string; bbox: [number, number, number, number]; center: LonLat; zoom: number };
	licence: { id: string };
	demo: { on: boolean };
	time: { zone: string; country: string; state: string };
	ring: { metres: number };
	contact: Contact;
	/** Working days within which somebody should have her answer. */
	moderation?: { target_days: number };
	moderation_figures?: ModerationFigures;
	/** Who mends what is broken in the street; read by `damageToolOf`. */
	damage_tool?: unknown;
	/** Which sites may show the map in a frame of theirs; read by `embedSitesOf`. */
	embed?: unknown;
	/** The last migration that the database has. */
	schema?: { version: string | null };
}
