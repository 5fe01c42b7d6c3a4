import { weekTable } from '../domain/opening-hours.ts';
import type { DayHours, HoursLine, HoursSection } from '../domain/opening-hours.ts';
import type { TimePoint } from '../domain/opening-hours-parse.ts';
import { parseSeason } from '../domain/opening-hours-season.ts';
import type { SeasonDate, SeasonDates, SeasonNumbers } from '../domain/opening-hours-season.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';

export interface HoursRow {
	/** 0 Monday … 6 Sunday; null for a row of all seven. */
	weekday: number | null;
	day: string;
	times: string[];
	/** False for a day that is closed from morning to night. */
	open: boolean;
}

export interface HoursWords {
	/** A sentence that replaces the table. */
	always: string | null;
	/** `title` is null for a place's only, ordinary week. */
	sections: { title: string | null; rows: HoursRow[] }[];
	notes: string[];
}

/** Opening hours in words, a row a day. Null when the value can't be read: show it as it is. */
export function hoursWords(value: string): HoursWords | null {
	const table = weekTable(value);
	if (!table) return null;
	if (table.always) return { always: m.hours_always(), sections: [], notes: table.notes };
	// « Jours fériés : fermé » is one more row of the week, not a week of its own.
	const isRow = (section: HoursSection) => section.holiday !== null && section.season === null && section.uniform !== null;
	const weeks = table.sections.filter((section) => !isRow(section));
	const [first, ...others] = weeks.map((section) => ({ title: titleOf(section, weeks.length === 1), rows: rowsOf(section) }));
	const holidays = table.sections
		.filter(isRow)
		.map((section) => ({ ...rowsOf(section)[0], day: titleOf(section, false) }) as HoursRow);
	const sections = [{ title: first?.title ?? null, rows: [...(first?.rows ?? []), ...holidays] }, ...others];
	return { always: null, sections: sections.filter(({ rows }) => rows.length > 0), notes: table.notes };
}

/** The same where a table has no place: a line for each day that opens. What can't be read is one line, as it was written. */
export function hoursLines(value: string): string[] {
	const words = hoursWords(value);
	if (!words) return [value];
	const weeks = words.sections.flatMap(({ title, rows }) => [
		...(title ? [title] : []),
		...rows.filter(({ open }) => open).map(({ day, times }) => `${day} ${times.join(', ')}`)
	]);
	return [...(words.always ? [words.always] : []), ...weeks, ...words.notes];
}

function titleOf({ season, holiday }: HoursSection, alone: boolean): string | null {
	const parts = [
		holiday === 'PH' ? m.hours_public_holidays() : holiday === 'SH' ? m.hours_school_holidays() : '',
		seasonWords(season)
	];
	const words = parts.filter(Boolean).join(', ');
	if (words) return words.charAt(0).toLocaleUpperCase(getLocale()) + words.slice(1);
	return alone ? null : m.hours_usual();
}

function rowsOf({ days, uniform, season, holiday }: HoursSection): HoursRow[] {
	if (uniform) return [{ weekday: null, day: m.hours_every_day(), times: timesOf(uniform), open: isOpen(uniform) }];
	const ordinary = season === null && holiday === null;
	return days.flatMap((day, weekday) => {
		if (!day && !ordinary) return [];
		return [{ weekday, day: weekdayName(weekday), times: day ? timesOf(day) : [m.hours_closed()], open: isOpen(day) }];
	});
}

function isOpen(day: DayHours | null): boolean {
	return day !== null && (day.comment !== null || day.lines.some(({ state }) => state !== 'closed'));
}

function timesOf(day: DayHours): string[] {
	if (day.lines.length > 0) return day.lines.map(lineWords);
	if (day.comment !== null) return [day.comment];
	return [day.state === 'unknown' ? m.hours_unknown() : m.hours_closed()];
}

function lineWords(line: HoursLine): string {
	const which = line.nth ? ` (${m.hours_nth({ which: line.nth.map(nthWords).join(', ') })})` : '';
	const state = line.state === 'closed' ? `${m.hours_closed()} ` : '';
	const comment = line.comment ?? (line.state === 'unknown' ? m.hours_unknown() : '');
	return `${state}${spanWords(line)}${which}${comment ? ` : ${comment}` : ''}`;
}

function spanWords({ from, to, openEnd }: HoursLine): string {
	if (from === 0 && to === 1440) return m.hours_all_day();
	if (to === null) return m.hours_from({ from: pointWords(from) });
	const range = `${pointWords(from)}\u00a0– ${pointWords(to)}`;
	return openEnd ? `${range} ${m.hours_later()}` : range;
}

function pointWords(point: TimePoint): string {
	if (typeof point !== 'number') return sunWords(point.event, point.offset);
	const clock = clockWords(point % 1440);
	if (point > 1440) return m.hours_next_day({ time: clock });
	return point === 1440 ? clockWords(1440) : clock;
}

/** Minutes since midnight: 540 → « 9 h », 570 → « 9 h 30 »; in English 9:00, 9:30. */
export function clockWords(minutes: number): string {
	const hour = Math.floor(minutes / 60);
	const rest = String(minutes % 60).padStart(2, '0');
	if (getLocale() === 'en') return `${hour}:${rest}`;
	return rest === '00' ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${rest}`;
}

function sunWords(event: 'sunrise' | 'sunset' | 'dawn' | 'dusk', offset: number): string {
	const names = { sunrise: m.hours_sunrise, sunset: m.hours_sunset, dawn: m.hours_dawn, dusk: m.hours_dusk };
	const name = names[event]();
	if (offset === 0) return name;
	const said = { offset: clockWords(Math.abs(offset)), event: name };
	return offset > 0 ? m.hours_after(said) : m.hours_before(said);
}

function nthWords(nth: number): string {
	if (nth === -1) return m.hours_last();
	if (nth === -2) return m.hours_second_last();
	if (getLocale() === 'en') return ['1st', '2nd', '3rd', '4th', '5th'][nth - 1] ?? String(nth);
	return nth === 1 ? '1er' : `${nth}e`;
}

/** The name of a weekday, Monday 0; capitalised for the head of a row. */
export function weekdayName(weekday: number): string {
	const locale = getLocale();
	let names = weekdayNames.get(locale);
	if (!names) {
		const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
		names = [0, 1, 2, 3, 4, 5, 6].map((day) => format.format(Date.UTC(2024, 0, 1 + day)));
		names = names.map((name) => name.charAt(0).toLocaleUpperCase(locale) + name.slice(1));
		weekdayNames.set(locale, names);
	}
	return names[weekday] ?? '';
}

/** By language: asked for with every card of a list. */
const weekdayNames = new Map<string, string[]>();

function seasonWords(season: string | null): string {
	if (season === null) return '';
	const parsed = parseSeason(season);
	if (!parsed) return season;
	const parts = [...parsed.dates.map(datesWords), ...parsed.weeks.map(weeksWords), ...parsed.years.map(yearsWords)];
	return parts.join(', ');
}

function datesWords(dates: SeasonDates): string {
	if ('easter' in dates) return `${m.hours_easter()}${dates.easter ? ` ${dates.easter > 0 ? '+' : ''}${dates.easter}` : ''}`;
	const [from, to] = [dateWords(dates.from), dateWords(dates.to)];
	if (from === to) return from;
	return dates.from.day === null ? m.hours_season_range({ from, to }) : m.hours_season_days({ from, to });
}

function dateWords({ year, month, day }: SeasonDate): string {
	const parts: Intl.DateTimeFormatOptions = { month: 'long', timeZone: 'UTC' };
	if (day !== null) parts.day = 'numeric';
	if (year !== null) parts.year = 'numeric';
	const tag = getLocale() === 'en' ? 'en-GB' : 'fr-FR';
	return new Intl.DateTimeFormat(tag, parts).format(Date.UTC(year ?? 2024, month, day ?? 1));
}

function weeksWords({ from, to, every }: SeasonNumbers): string {
	if (to === from) return m.hours_week({ from });
	const last = to ?? 53;
	return every > 1 ? m.hours_weeks_every({ from, to: last, every }) : m.hours_weeks({ from, to: last });
}

function yearsWords({ from, to }: SeasonNumbers): string {
	if (to === from) return String(from);
	return to === null ? `${from} →` : `${from}–${to}`;
}
