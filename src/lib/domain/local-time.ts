/**
 * Time as a clock on a wall of the territory shows it, which is how opening hours are written: no zone and no summer time in it, so that
 * nine o'clock is nine o'clock on every day of the year.
 */

/** Minutes since 1970-01-01 00:00 on that wall. */
export type LocalMinute = number;
/** Days since 1970-01-01. */
export type LocalDay = number;

export const minutesOfDay = 1440;
const dayMs = 86_400_000;

/** A day taken apart. */
export interface CivilDay {
	day: LocalDay;
	year: number;
	/** 0 January … 11 December. */
	month: number;
	date: number;
	/** 0 Monday … 6 Sunday. */
	weekday: number;
}

/** What the wall shows at an instant (milliseconds) in a zone of the IANA database. */
export function localMinuteOf(instant: number, zone: string): LocalMinute {
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
		formats.set(zone, format);
	}
	return parseLocalMinute(format.format(instant).replace(' ', 'T')) ?? Math.floor(instant / 60_000);
}

/** Making one costs as much as a search: there is one per zone that a town was ever in. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-21T09:30` → minutes; null when it is no moment of the calendar. */
export function parseLocalMinute(text: string): LocalMinute | null {
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
	const at = Date.parse(`${text}:00Z`);
	return Number.isNaN(at) || formatLocalMinute(at / 60_000) !== text ? null : at / 60_000;
}

/** @see parseLocalMinute */
export function formatLocalMinute(at: LocalMinute): string {
	return new Date(at * 60_000).toISOString().slice(0, 16);
}

/** `2026-11-21` of a local day. */
export function formatLocalDay(day: LocalDay): string {
	return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** A day written `2026-11-21`; NaN when it is none. */
export function parseLocalDay(text: string): LocalDay {
	return Math.round(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / dayMs);
}

export function dayOf(at: LocalMinute): LocalDay {
	return Math.floor(at / minutesOfDay);
}

export function civilDay(day: LocalDay): CivilDay {
	const at = new Date(day * dayMs);
	return {
		day,
		year: at.getUTCFullYear(),
		month: at.getUTCMonth(),
		date: at.getUTCDate(),
		weekday: (at.getUTCDay() + 6) % 7
	};
}

export function localDay(year: number, month: number, date: number): LocalDay {
	return Date.UTC(year, month, date) / dayMs;
}
