import type { Place } from '../../../domain/place.ts';
import type { Label } from '../../../domain/taxonomy.ts';
import type { Told } from '../geojson.ts';
import type { Reason } from './reasons.ts';
import type { Register } from './register.ts';

export type Value = string | number | string[] | null;

/** What becomes of a place, or of one of its offers, in a file: its row, or why there is none. */
export type Outcome = { id: string; row: Record<string, Value> } | { id: string; reasons: Reason[] };

export interface Reading {
	told: Told;
	register: Register;
}

/** Promised addresses. */
export type NationalSlug = 'scdl-equipements' | 'mediation-numerique' | 'data-inclusion-structures' | 'data-inclusion-services';

/** A shape that somebody else has decided, and how places get into it. */
export interface NationalSchema {
	/** `/data/{slug}.{extension}`. */
	slug: NationalSlug;
	extension: 'csv' | 'json';
	title: Label;
	version: string;
	/** The schema itself, for `dct:conformsTo`. */
	conformsTo: string;
	/** Columns of the file, in the order of the schema. */
	fields: readonly string[];
	/** The outcomes of a place, one by one, ascending by id; none where the schema is not about it. */
	reader: (reading: Reading) => (place: Place) => Outcome[];
}

/** Left out as soon as there is one reason; all of them are told, so that all can be mended at once. */
export function outcomeOf(id: string, missing: Iterable<Reason | false>, row: () => Record<string, Value>): Outcome {
	const reasons = [...missing].filter((reason) => reason !== false);
	return reasons.length > 0 ? { id, reasons } : { id, row: row() };
}

/** The day of an instant where the map is, `YYYY-MM-DD`. */
export function dayOf(instant: string, { view }: Told): string {
	return new Date(instant).toLocaleDateString('sv-SE', { timeZone: view.settings.time.zone });
}

/** `02 40 12 34 56` → `+33240123456`; null for what is no number of ten digits or international one. */
export function e164(phone: string | null): string | null {
	const digits = (phone ?? '').replaceAll(/[\s.()-]/g, '').replace(/^\+330/, '+33');
	if (/^0[1-9]\d{8}$/.test(digits)) return `+33${digits.slice(1)}`;
	return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

/** Words of a closed list for all of ours, in their order; null when one of them has none, for that would say something narrower. */
export function translated(words: readonly string[], list: Readonly<Record<string, string>>): string[] | null {
	const found = words.map((word) => (Object.hasOwn(list, word) ? list[word]! : null));
	return found.length === 0 || found.includes(null) ? null : [...new Set(found as string[])];
}

/** The position, where it says where the place is; elsewhere it says only a street or a neighbourhood. */
export function exactPosition({ facts, position }: Place): { lon: number; lat: number } | null {
	return facts.precision === 'exact' ? position : null;
}

/** What a place asks of who wants to come: the ways in that are known. */
export function waysIn({ facts }: Place, booking = facts.booking): { come: boolean; call: boolean; write: boolean } {
	return { come: booking === 'none', call: e164(facts.phone) !== null, write: facts.email !== null };
}
