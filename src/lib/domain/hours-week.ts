import { clock } from './opening-hours.ts';
import { weekdays } from './opening-hours-parse.ts';

/** Minutes since midnight; `to` above 1440 is the day after (1560: 02:00), at most a day after `from`. */
export interface Opening {
	from: number;
	to: number;
}

/** One day of a week as a person fills it in; without openings it is closed. */
export interface DayPlan {
	openings: Opening[];
	/** For those who have an appointment: neither open nor closed to somebody who just comes. */
	byAppointment: boolean;
}

/** Opening hours as far as the editor shows them. What it cannot say stays a text (`readHoursWeek`). */
export interface HoursWeek {
	/** Monday first. */
	days: DayPlan[];
	/** null: public holidays are days like others. */
	publicHolidays: DayPlan | null;
	/** Monday first, null for a day as usual; null as a whole: as usual. */
	schoolHolidays: (DayPlan | null)[] | null;
	/** Which of the two holds on a public holiday that falls into school holidays. */
	schoolHolidaysWin: boolean;
	/** At any other time one may ask for an appointment. */
	otherwiseByAppointment: boolean;
}

export const appointmentComment = 'sur rendez-vous';
export const wholeDay: Readonly<Opening> = { from: 0, to: 1440 };

export const closedDay = (): DayPlan => ({ openings: [], byAppointment: false });

/** A week of which nothing is said yet. */
export function emptyWeek(): HoursWeek {
	return {
		days: Array.from({ length: 7 }, closedDay),
		publicHolidays: null,
		schoolHolidays: null,
		schoolHolidaysWin: false,
		otherwiseByAppointment: false
	};
}

/** In the order of the clock, those that meet or overlap made one. */
export function tidyOpenings(openings: readonly Opening[]): Opening[] {
	const tidy: Opening[] = [];
	for (const opening of [...openings].sort((a, b) => a.from - b.from || a.to - b.to)) {
		const last = tidy.at(-1);
		if (last && opening.from <= last.to && Math.max(opening.to, last.to) - last.from <= 1440)
			last.to = Math.max(last.to, opening.to);
		else tidy.push({ ...opening });
	}
	return tidy;
}

const isWholeDay = ({ openings: [opening, ...others] }: DayPlan): boolean =>
	others.length === 0 && opening?.from === 0 && opening.to === 1440;

function timesText(plan: DayPlan): string {
	const openings = tidyOpenings(plan.openings);
	if (openings.length === 0) return 'off';
	const times = openings.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(',');
	return plan.byAppointment ? `${times} "${appointmentComment}"` : times;
}

/** `Mo-We,Fr`: runs of days, in the order of the week. */
function daysText(chosen: readonly number[]): string {
	const runs: number[][] = [];
	for (const day of chosen) {
		const run = runs.at(-1);
		if (run && run.at(-1) === day - 1) run.push(day);
		else runs.push([day]);
	}
	return runs.map((run) => [...new Set([run[0]!, run.at(-1)!])].map((day) => weekdays[day]!).join('-')).join(',');
}

/** Days that are alike share a rule. */
function rulesOf(days: readonly (DayPlan | null)[], keep: (plan: DayPlan) => boolean): { days: number[]; times: string }[] {
	const rules = new Map<string, number[]>();
	for (const [day, plan] of days.entries()) {
		if (!plan || !keep(plan)) continue;
		const times = timesText(plan);
		rules.set(times, [...(rules.get(times) ?? []), day]);
	}
	return [...rules].map(([times, chosen]) => ({ days: chosen, times }));
}

const opens = ({ openings }: DayPlan): boolean => openings.length > 0;

/** In the syntax of OpenStreetMap, as the database stores it; empty when nothing is said. */
export function writeHoursWeek(week: HoursWeek): string {
	const holidays = [...(week.publicHolidays ? [week.publicHolidays] : []), ...(week.schoolHolidays ?? [])];
	const days = holidays.length > 0 ? splitNights(week.days) : week.days;
	if (holidays.length === 0 && days.every((day) => isWholeDay(day) && !day.byAppointment)) return '24/7';
	const ordinary = rulesOf(days, opens).map(({ days: chosen, times }) => `${daysText(chosen)} ${times}`);
	// After « ; » a day's own rule would take away what the evening before still holds of it.
	const parts = ordinary.length > 0 ? [ordinary.join(spills(days) ? ', ' : '; ')] : [];
	const school = week.schoolHolidays ? schoolRules(week.schoolHolidays) : [];
	const publicOnes = week.publicHolidays ? [`PH ${timesText(endAtMidnight(week.publicHolidays))}`] : [];
	parts.push(...(week.schoolHolidaysWin ? [...publicOnes, ...school] : [...school, ...publicOnes]));
	const said = parts.join('; ');
	if (!week.otherwiseByAppointment) return [...days, ...holidays].some((day) => day && opens(day)) ? said : '';
	return said ? `${said} || "${appointmentComment}"` : `"${appointmentComment}"`;
}

function schoolRules(days: readonly (DayPlan | null)[]): string[] {
	return rulesOf(
		days.map((plan) => plan && endAtMidnight(plan)),
		() => true
	).map(({ days: chosen, times }) => (chosen.length === 7 ? `SH ${times}` : `SH ${daysText(chosen)} ${times}`));
}

/** Whether an evening lasts into the day after. */
export const spills = (days: readonly DayPlan[]): boolean => days.some(({ openings }) => openings.some(({ to }) => to > 1440));

const endAtMidnight = (plan: DayPlan): DayPlan => {
	return { ...plan, openings: plan.openings.map(({ from, to }) => ({ from, to: Math.min(to, 1440) })) };
};

/** Beside holidays the database takes no evening past midnight, whose end may be one: the night becomes the next day's morning. */
function splitNights(days: readonly DayPlan[]): DayPlan[] {
	return days.map((plan, day) => {
		const eve = days[(day + 6) % 7]!;
		const nights = eve.openings.filter(({ to }) => to > 1440).map(({ to }) => ({ from: 0, to: to - 1440 }));
		return {
			...endAtMidnight(plan),
			openings: [...nights, ...endAtMidnight(plan).openings],
			...(opens(plan) ? {} : { byAppointment: eve.byAppointment })
		};
	});
}
