import { parseOpeningHours } from './opening-hours-parse.ts';
import type { HoursRule, TimeSpan } from './opening-hours-parse.ts';
import { parseSeason } from './opening-hours-season.ts';
import { emptyWeek, spills, wholeDay } from './hours-week.ts';
import type { DayPlan, HoursWeek, Opening } from './hours-week.ts';

/** Why the editor does not show a value: message `hours_editor_why_<reason>`. */
export type HoursReason =
	'unread' | 'season' | 'nth' | 'sun' | 'open_end' | 'comment' | 'exception' | 'order' | 'past_midnight' | 'unknown';

class Unsayable extends Error {
	readonly reason: HoursReason;
	constructor(reason: HoursReason) {
		super(reason);
		this.reason = reason;
	}
}
const unsayable = (reason: HoursReason): never => {
	throw new Unsayable(reason);
};

const appointment = /^(sur (rendez-vous|rendez vous|rdv)|by appointment)$/i;
const everyDay = [0, 1, 2, 3, 4, 5, 6];

/**
 * The week that a value describes, when the editor can say exactly that: what it writes opens and closes at the same minutes. Else the reason
 * why not. The order of rules follows opening_hours.js: after « ; » a later rule replaces what was said of its days.
 */
export function readHoursWeek(value: string): { week: HoursWeek } | { reason: HoursReason } {
	if (value.trim() === '') return { week: emptyWeek() };
	const rules = parseOpeningHours(value.trim());
	if (!rules) return { reason: 'unread' };
	// Times with a comment are times one has to ask about; « open » before it would promise more.
	if (/\bopen *"/.test(value)) return { reason: 'comment' };
	try {
		return { week: weekOf(rules) };
	} catch (thrown) {
		if (thrown instanceof Unsayable) return { reason: thrown.reason };
		throw thrown;
	}
}

function weekOf(rules: HoursRule[]): HoursWeek {
	const week = emptyWeek();
	for (const [index, rule] of rules.entries()) {
		if (rule.season !== '') unsayable(parseSeason(rule.season) ? 'season' : 'unread');
		if (isAppointmentNote(rule)) {
			if (index !== rules.length - 1 || (index > 0 && rule.separator !== '||')) unsayable('order');
			week.otherwiseByAppointment = true;
			continue;
		}
		if (rule.separator === '||') unsayable(rule.comment === null ? 'order' : 'comment');
		applyRule(week, rule, index);
	}
	// Which the database does not take either (old data): what the evening before still holds of a holiday is for the text to say.
	const holidays = [week.publicHolidays, ...(week.schoolHolidays ?? [])].filter((plan) => plan !== null);
	if (holidays.length > 0 && spills([...week.days, ...holidays])) unsayable('past_midnight');
	return week;
}

function isAppointmentNote({ comment, spans, days, holidays, state }: HoursRule): boolean {
	const note = comment !== null && spans.length === 0 && days === null && holidays.length === 0 && state === 'unknown';
	if (note && !appointment.test(comment)) unsayable('comment');
	return note;
}

function applyRule(week: HoursWeek, rule: HoursRule, index: number): void {
	const plan = planOf(rule);
	if (rule.separator === ',' && (plan.openings.length === 0 || rule.holidays.length > 0)) unsayable('exception');
	if (rule.days?.some(({ nth }) => nth !== null)) unsayable('nth');
	const weekdays = rule.days === null ? everyDay : rule.days.map(({ weekday }) => weekday);
	const ordinary = rule.holidays.length === 0 || (rule.days !== null && !rule.within);
	// A rule without a day replaces nothing, and one about ordinary days takes back what was said of holidays.
	if (ordinary && ((rule.days === null && index > 0) || week.publicHolidays || week.schoolHolidays)) unsayable('order');
	if (ordinary) for (const day of new Set(weekdays)) setDay(week, day, plan, rule, new Set(weekdays));
	if (rule.holidays.includes('SH')) setSchoolHolidays(week, rule.within ? weekdays : everyDay, plan);
	if (rule.holidays.includes('PH')) {
		if (rule.within || week.publicHolidays) unsayable('exception');
		week.publicHolidays = copy(plan);
	}
}

function setDay(week: HoursWeek, day: number, plan: DayPlan, { separator }: HoursRule, together: ReadonlySet<number>): void {
	const before = week.days[day]!;
	if (separator === ',') {
		if (before.openings.length > 0 && before.byAppointment !== plan.byAppointment) unsayable('comment');
		week.days[day] = { ...plan, openings: [...before.openings, ...copy(plan).openings] };
		return;
	}
	const eve = (day + 6) % 7;
	if (!together.has(eve) && spills([week.days[eve]!])) unsayable('past_midnight');
	week.days[day] = replaced(before, plan);
}

function setSchoolHolidays(week: HoursWeek, days: number[], plan: DayPlan): void {
	week.schoolHolidays ??= Array<DayPlan | null>(7).fill(null);
	for (const day of days) week.schoolHolidays[day] = replaced(week.schoolHolidays[day] ?? null, plan);
	week.schoolHolidaysWin = week.publicHolidays !== null;
}

function planOf({ spans, state, comment }: HoursRule): DayPlan {
	if (state === 'unknown') unsayable(comment === null ? 'unknown' : 'comment');
	if (state === 'closed' && spans.length > 0) unsayable('exception');
	if (comment !== null && (state === 'closed' || !appointment.test(comment))) unsayable('comment');
	const openings = state === 'open' && spans.length === 0 ? [{ ...wholeDay }] : spans.map(openingOf);
	return { openings, byAppointment: comment !== null };
}

function openingOf({ from, to, openEnd }: TimeSpan): Opening {
	if (to === null || openEnd) return unsayable('open_end');
	if (typeof from !== 'number' || typeof to !== 'number') return unsayable('sun');
	if (from >= 1440 || to - from > 1440) return unsayable('past_midnight');
	return { from, to };
}

/** A later rule takes an evening away, but not what it holds of the day after. */
function replaced(before: DayPlan | null, plan: DayPlan): DayPlan {
	if (before && spills([before])) unsayable('past_midnight');
	return copy(plan);
}

const copy = (plan: DayPlan): DayPlan => ({ ...plan, openings: plan.openings.map((opening) => ({ ...opening })) });
