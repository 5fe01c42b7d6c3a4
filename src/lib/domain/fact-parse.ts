import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { parseCoordinates } from './coordinates.ts';
import type { FactDefinition } from './facts.ts';
import type { Closure, LonLat } from './place.ts';
import { cleanText } from './proposal.ts';
import type { ExtraFact } from './taxonomy.ts';

/** What is wrong with a typed value: message `form_error_<code>`. */
export type FieldErrorCode =
	| 'required'
	| 'too_long'
	| 'not_a_choice'
	| 'bad_position'
	| 'bad_hours'
	| 'bad_date'
	| 'dates_reversed'
	| 'bad_phone'
	| 'bad_postcode'
	| 'bad_email'
	| 'bad_link'
	| 'bad_number'
	| 'too_small'
	| 'too_big'
	| 'bad_place';

/** `ok` with the value the database stores (null = nothing), or the code of what is wrong. */
export type Parsed<T = unknown> = { ok: true; value: T | null } | { ok: false; error: FieldErrorCode };

const nothing = { ok: true, value: null } as const;
const value = <T>(value: T): Parsed<T> => ({ ok: true, value });
const wrong = (error: FieldErrorCode): Parsed<never> => ({ ok: false, error });

// The database's own patterns (supabase/migrations, create_facts): a form may be stricter than them, never laxer.
const email = /^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$/;
const phone = /^\+?[0-9][0-9 .()-]{1,28}$/;
const website = /^https?:\/\/[^\s/?#@"<>\\^`{|}]+\.[^\s/?#@"<>\\^`{|}]+([/?#][^\s"<>\\^`{|}]*)?$/i;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Reads one typed text by the type of its fact. Types with several fields have a reader of their own below. */
export function parseText(typed: string, definition: FactDefinition, checkHours: (hours: string) => boolean): Parsed {
	const text = cleanText(typed);
	if (text === '') return nothing;
	if (definition.maxLength !== undefined && [...text].length > definition.maxLength) return wrong('too_long');
	switch (definition.type) {
		case 'choice':
			return definition.options && !definition.options.includes(text) ? wrong('not_a_choice') : value(text);
		case 'hours':
			return checkHours(text) ? value(text) : wrong('bad_hours');
		case 'date':
			return isDay(text) ? value(text) : wrong('bad_date');
		case 'phone':
			return parsePhone(text);
		case 'email':
			return email.test(text) ? value(text) : wrong('bad_email');
		case 'postcode':
			return /^[0-9A-Z][0-9A-Z -]{2,9}$/.test(text.toUpperCase()) ? value(text.toUpperCase()) : wrong('bad_postcode');
		case 'link':
			return parseLink(text);
		case 'place': {
			const id = uuid.exec(text)?.[0];
			return id ? value(id.toLowerCase()) : wrong('bad_place');
		}
		case 'text':
			return value(text.replaceAll(/\s*\n\s*/g, ' '));
		default:
			return value(text);
	}
}

/** A day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
	const date = new Date(`${text}T00:00:00Z`);
	return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const days = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** French numbers may be typed the French way; short numbers (15, 3919) are kept as they are. The typed spacing is kept. */
function parsePhone(text: string): Parsed<string> {
	// A space that a web page made unbreakable is a space.
	const typed = text.replaceAll(/\s/g, ' ');
	if (!phone.test(typed)) return wrong('bad_phone');
	const short = /^[1-9]\d{1,3}$/.test(typed.replaceAll(/[ .]/g, ''));
	return short || parsePhoneNumberFromString(typed, 'FR')?.isPossible() ? value(typed) : wrong('bad_phone');
}

/** `example.org` becomes `https://example.org`; anything but http(s) is refused, `javascript:` first of all. */
function parseLink(text: string): Parsed<string> {
	const link = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/:]+\.[^/:]+:\d+/.test(text) ? text : `https://${text}`;
	const url = URL.canParse(link) ? new URL(link) : null;
	const plain = url && (url.protocol === 'https:' || url.protocol === 'http:') && website.test(link);
	return plain ? value(link) : wrong('bad_link');
}

const decimal = (text: string): number => (/^[+-]?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN);
const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;

/** Latitude and longitude in degrees, decimal point or comma. What `parseCoordinates` knows counts as both, pasted into either field. */
export function parsePosition(lat: string, lon: string): Parsed<LonLat> {
	const [south, east] = [lat.trim(), lon.trim()];
	if (!south && !east) return nothing;
	const pasted = parseCoordinates(south) ?? parseCoordinates(east);
	if (pasted) return value(pasted);
	const [latitude, longitude] = [decimal(south), decimal(east)];
	if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) return wrong('bad_position');
	return value({ lon: round(longitude), lat: round(latitude) });
}

/** One closure; a missing end is a single day. Null when the row is empty. */
export function parseClosure(from: string, to: string, reason: string): Parsed<Closure> {
	const [start, end, why] = [from.trim(), to.trim() || from.trim(), cleanText(reason).replaceAll('\n', ' ')];
	if (!start && !end && !why) return nothing;
	if (!isDay(start) || !isDay(end)) return wrong('bad_date');
	if (end < start || days(start, end) > 1100) return wrong('dates_reversed');
	return [...why].length > 120 ? wrong('too_long') : value({ from: start, to: end, reason: why || null });
}

/** An extra fact by its small schema. `typed` holds one text, or one per ticked box of a list. */
export function parseExtra(typed: string[], extra: ExtraFact): Parsed {
	if (extra.type === 'array') return parseExtraList(typed, extra);
	const text = cleanText(typed[0] ?? '');
	if (text === '') return nothing;
	if (extra.type === 'boolean') return text === 'true' || text === 'false' ? value(text === 'true') : wrong('not_a_choice');
	if (extra.type === 'string') {
		if (extra.enum && !extra.enum.includes(text)) return wrong('not_a_choice');
		return [...text].length > (extra.maxLength ?? 500) ? wrong('too_long') : value(text.replaceAll(/\s*\n\s*/g, ' '));
	}
	const number = decimal(text.replaceAll(/\s/g, ''));
	if (Number.isNaN(number) || (extra.type === 'integer' && !Number.isInteger(number))) return wrong('bad_number');
	if (extra.enum && !extra.enum.includes(number)) return wrong('not_a_choice');
	if (extra.minimum !== undefined && number < extra.minimum) return wrong('too_small');
	return extra.maximum !== undefined && number > extra.maximum ? wrong('too_big') : value(number);
}

function parseExtraList(typed: string[], extra: ExtraFact): Parsed<string[]> {
	const items = typed
		.flatMap((text) => text.split(/[\n;]/))
		.map(cleanText)
		.filter(Boolean);
	const allowed = extra.items?.enum;
	if (allowed && items.some((item) => !allowed.includes(item))) return wrong('not_a_choice');
	if (items.some((item) => [...item].length > (extra.items?.maxLength ?? 100))) return wrong('too_long');
	return items.length === 0 ? nothing : value([...new Set(items)]);
}
