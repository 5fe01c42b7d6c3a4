import { civilDay, localDay } from './local-time.ts';
import type { CivilDay, LocalDay } from './local-time.ts';
import type { DaySelector, HoursRule, SunEvent } from './opening-hours-parse.ts';
import type { Season, SeasonDate, SeasonDates } from './opening-hours-season.ts';

/** What opening hours depend on besides the calendar of everyone. */
export interface Surroundings {
	/** The name of the public holiday (in French); null on any other day. */
	publicHoliday(day: LocalDay): string | null;
	/** null: not published yet. */
	schoolHoliday(day: LocalDay): boolean | null;
	/** Minutes since midnight; null where the sun doesn't rise or set. */
	sun(day: LocalDay, event: SunEvent): number | null;
}

/** A day and all that rules ask of it. */
export interface OpeningDay extends CivilDay {
	/** ISO 8601 week. */
	week: number;
	daysInMonth: number;
	publicHoliday: string | null;
	schoolHoliday: boolean | null;
	sun(event: SunEvent): number | null;
}

export function openingDay(day: LocalDay, around: Surroundings): OpeningDay {
	const civil = civilDay(day);
	return {
		...civil,
		week: isoWeek(civil),
		daysInMonth: localDay(civil.year, civil.month + 1, 1) - localDay(civil.year, civil.month, 1),
		publicHoliday: around.publicHoliday(day),
		schoolHoliday: around.schoolHoliday(day),
		sun: (event) => around.sun(day, event)
	};
}

/** The Thursday of a week says which year it belongs to. */
function isoWeek({ day, weekday }: CivilDay): number {
	const thursday = day - weekday + 3;
	return Math.floor((thursday - localDay(civilDay(thursday).year, 0, 1)) / 7) + 1;
}

/** Which days a rule names: small, for a map keeps ten thousands of them. */
export interface NamedDays {
	season: Season | null;
	/** Bit 0 Monday … bit 6 Sunday; 0 when none is named without its place in the month. */
	weekdays: number;
	/** `We[1]`: with their places in the month. */
	nth: readonly DaySelector[] | null;
	publicHolidays: boolean;
	schoolHolidays: boolean;
	/** The weekdays hold only inside the holidays. */
	within: boolean;
}

export function namedDays({ days, holidays, within }: HoursRule, season: Season | null): NamedDays {
	const nth = days?.filter((selector) => selector.nth !== null) ?? [];
	const weekdays = days?.reduce((set, selector) => (selector.nth === null ? set | (1 << selector.weekday) : set), 0) ?? 0;
	return {
		...{ season, weekdays, nth: nth.length > 0 ? nth : null, within },
		...{ publicHolidays: holidays.includes('PH'), schoolHolidays: holidays.includes('SH') }
	};
}

/** Whether a rule speaks of a day. */
export function speaksOf(named: NamedDays, day: OpeningDay): boolean {
	const { season, weekdays, nth, publicHolidays, schoolHolidays, within } = named;
	if (season !== null && !inSeason(season, day)) return false;
	const holiday = (publicHolidays && day.publicHoliday !== null) || (schoolHolidays && day.schoolHoliday === true);
	if (weekdays === 0 && nth === null) return holiday || !(publicHolidays || schoolHolidays);
	const weekday = (weekdays & (1 << day.weekday)) !== 0 || (nth?.some((selector) => isNth(selector, day)) ?? false);
	return within ? holiday && weekday : holiday || weekday;
}

function isNth({ weekday, nth }: DaySelector, day: OpeningDay): boolean {
	if (weekday !== day.weekday || nth === null) return false;
	const fromStart = Math.ceil(day.date / 7);
	const fromEnd = -Math.ceil((day.daysInMonth - day.date + 1) / 7);
	return nth.includes(fromStart) || nth.includes(fromEnd);
}

function inSeason({ years, dates, weeks }: Season, day: OpeningDay): boolean {
	const inNumbers = (numbers: Season['years'], value: number) =>
		numbers.length === 0 ||
		numbers.some(({ from, to, every }) => value >= from && value <= (to ?? Infinity) && (value - from) % every === 0);
	return (
		inNumbers(years, day.year) && inNumbers(weeks, day.week) && (dates.length === 0 || dates.some((one) => inDates(one, day)))
	);
}

function inDates(dates: SeasonDates, { day, year, month, date }: OpeningDay): boolean {
	if ('easter' in dates) return day === easterOf(year) + dates.easter;
	const { from, to } = dates;
	if (from.year !== null) return day >= firstDay(from, from.year) && day <= lastDay(to, to.year ?? from.year);
	const position = month * 32 + date;
	const start = from.month * 32 + (from.day ?? 1);
	const end = to.month * 32 + (to.day ?? 31);
	return start <= end ? position >= start && position <= end : position >= start || position <= end;
}

const firstDay = ({ month, day }: SeasonDate, year: number) => localDay(year, month, day ?? 1);
const lastDay = ({ month, day }: SeasonDate, year: number) =>
	day === null ? localDay(year, month + 1, 0) : localDay(year, month, day);

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
export function easterOf(year: number): LocalDay {
	const golden = year % 19;
	const century = Math.floor(year / 100);
	const inCentury = year % 100;
	const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
	const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
	const weekdayShift = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
	const late = Math.floor((golden + 11 * epact + 22 * weekdayShift) / 451);
	const march = epact + weekdayShift - 7 * late + 114;
	return localDay(year, Math.floor(march / 31) - 1, (march % 31) + 1);
}
