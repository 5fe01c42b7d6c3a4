import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';

type Locale = 'fr' | 'en';

/** English as it is written in Europe: days before months, kilometres. */
const tags = { fr: 'fr-FR', en: 'en-GB' } as const;
const dayMs = 86_400_000;

/** Making a format costs a hundred times what using it does: there is one of each, for as many as there are kinds, languages and zones. */
const formats = new Map<string, unknown>();
function kept<Format>(name: string, make: () => Format): Format {
	const known = formats.get(name) as Format | undefined;
	if (known) return known;
	const made = make();
	formats.set(name, made);
	return made;
}

/** Of the one town that a process, or a page, speaks of. */
let townZone = 'Europe/Paris';

/** Instants are said as days of this zone (IANA) from now on; whoever knows the town's settings says so first. */
export function useTownZone(zone: string): void {
	townZone = zone;
}

/** The town's day of an instant (`2026-11-21T23:30:00Z` → `2026-11-22`); a day stays, and what is neither too. */
export function townDayOf(value: string): string {
	if (!/^\d{4}-\d{2}-\d{2}T/.test(value)) return value;
	const at = Date.parse(value);
	return Number.isNaN(at) ? value : dayIn(townZone, new Date(at));
}

/**
 * `2026-11-21` (a day, in no zone) or an instant, which is said as the town's day → « 21 novembre 2026 ».
 * What is neither comes back as it is.
 */
export function formatDay(day: string, locale: Locale = getLocale()): string {
	const at = dayOf(day);
	if (Number.isNaN(at)) return day;
	const format = kept(`day ${locale}`, () => new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeZone: 'UTC' }));
	const text = format.format(at);
	return locale === 'fr' ? text.replace(/^1 /, '1er ') : text;
}

/** `2026-11-21` → « 21 novembre »: a day of the year that one is in. */
export function formatDayOfYear(day: string, locale: Locale = getLocale()): string {
	const options = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
	const format = kept(`day of year ${locale}`, () => new Intl.DateTimeFormat(tags[locale], options));
	const text = format.format(dayOf(day));
	return locale === 'fr' ? text.replace(/^1 /, '1er ') : text;
}

/** `2026-11` → « novembre 2026 ». */
export function formatMonth(month: string, locale: Locale = getLocale()): string {
	const at = dayOf(`${month}-01`);
	if (Number.isNaN(at)) return month;
	return new Intl.DateTimeFormat(tags[locale], { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(at);
}

/** « aujourd’hui », « hier », « il y a 3 mois »: how long ago a day was, or an instant; `today` is a day of the territory's zone. */
export function formatAge(day: string, today: string, locale: Locale = getLocale()): string {
	const days = Math.round((dayOf(today) - dayOf(day)) / dayMs);
	if (!Number.isFinite(days)) return day;
	if (days <= 0) return m.age_today({}, { locale });
	if (days === 1) return m.age_yesterday({}, { locale });
	const relative = kept(`age ${locale}`, () => new Intl.RelativeTimeFormat(tags[locale], { numeric: 'always' }));
	if (days < 14) return relative.format(-days, 'day');
	if (days < 60) return relative.format(-Math.floor(days / 7), 'week');
	if (days < 730) return relative.format(-Math.round(days / 30.44), 'month');
	return relative.format(-Math.floor(days / 365.25), 'year');
}

/** Metres → « à 350 m », « à 1,2 km »; rounded as far as a walker cares. */
export function formatDistance(metres: number, locale: Locale = getLocale()): string {
	if (metres < 950) {
		const value = formatNumber(Math.max(10, Math.round(metres / 10) * 10), locale);
		return m.distance_metres({ value }, { locale });
	}
	const kilometres = metres < 9_950 ? Math.round(metres / 100) / 10 : Math.round(metres / 1000);
	return m.distance_kilometres({ value: formatNumber(kilometres, locale) }, { locale });
}

/** Beyond this many metres one takes something else than one's feet. */
const walkable = 2500;

/** « à 350 m, 6 min à pied »: streets are a third longer than the way of a bird, and eighty metres take a minute. */
export function formatWalk(metres: number, locale: Locale = getLocale()): string {
	const distance = formatDistance(metres, locale);
	if (metres > walkable) return distance;
	return m.distance_walk({ distance, minutes: Math.max(1, Math.round((metres * 1.33) / 80)) }, { locale });
}

/** Digits grouped as the language does. */
export function formatNumber(value: number, locale: Locale = getLocale()): string {
	return kept(`number ${locale}`, () => new Intl.NumberFormat(tags[locale])).format(value);
}

/** « a, b et c ». */
export function formatList(items: readonly string[], locale: Locale = getLocale()): string {
	return new Intl.ListFormat(tags[locale], { type: 'conjunction' }).format(items);
}

/** The day (`YYYY-MM-DD`) it is in a zone at an instant. */
export function dayIn(zone: string, now: Date): string {
	return kept(`day in ${zone}`, () => new Intl.DateTimeFormat('en-CA', { timeZone: zone })).format(now);
}

function dayOf(day: string): number {
	return /^\d{4}-\d{2}-\d{2}/.test(day) ? Date.parse(`${townDayOf(day).slice(0, 10)}T00:00:00Z`) : NaN;
}
