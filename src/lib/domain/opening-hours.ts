import { parseOpeningHours } from './opening-hours-parse.ts';
import { parseSeason } from './opening-hours-season.ts';
import type { Season } from './opening-hours-season.ts';
import type { Holiday, HoursRule, HoursState, TimeSpan } from './opening-hours-parse.ts';

/** One line of a day: when, and what then. */
export interface HoursLine extends TimeSpan {
	state: HoursState;
	/** Which ones in the month (1 the first, -1 the last); null: every one. */
	nth: number[] | null;
	comment: string | null;
}

export interface DayHours {
	/** In the order of the clock. Empty when nothing but a state or a comment is known. */
	lines: HoursLine[];
	state: HoursState;
	comment: string | null;
}

/** A week: the ordinary one, or that of a season or of holidays. */
export interface HoursSection {
	/** As written (`Jul-Aug`, `Dec 24-Jan 02`, `week 02-52/2`); null: all year. */
	season: string | null;
	/** The same taken apart. */
	when: Season | null;
	holiday: Holiday | null;
	/** Monday first. null: nothing is said of this day (closed in the ordinary week; in another, as in the ordinary one). */
	days: (DayHours | null)[];
	/** All seven days when they are alike: one line says it. */
	uniform: DayHours | null;
}

export interface WeekTable {
	/** Day and night, all year. */
	always: boolean;
	sections: HoursSection[];
	/** What holds when nothing else does, or whatever the day: « sur rendez-vous ». */
	notes: string[];
}

const wholeDay: TimeSpan = { from: 0, to: 1440, openEnd: false };

/**
 * Opening hours as the rows of a table. Null when the value is not of the grammar that the database stores: show it as it is.
 * Rules are read in order, as the specification says: `;` replaces what was said of the same days, `,` adds to it.
 */
export function weekTable(value: string): WeekTable | null {
	const rules = parseOpeningHours(value);
	if (!rules?.every(({ season }) => season === '' || parseSeason(season))) return null;
	const sections = new Map<string, HoursSection>();
	const notes: string[] = [];
	for (const rule of rules) {
		if (isNote(rule)) notes.push(rule.comment ?? '');
		else for (const holiday of holidaysOf(rule)) apply(rule, sectionOf(sections, rule.season || null, holiday));
	}
	const all = [...sections.values()].map((section) => ({ ...section, uniform: uniformDay(section.days) }));
	return { always: isAlways(rules), sections: all, notes };
}

/** Minutes since midnight as a clock shows them: 1500 → `01:00`. Midnight as an end is `24:00`. */
export function clock(minutes: number): string {
	const shown = minutes > 1440 ? minutes - 1440 : minutes;
	return `${String(Math.floor(shown / 60)).padStart(2, '0')}:${String(shown % 60).padStart(2, '0')}`;
}

function isNote(rule: HoursRule): boolean {
	const everywhere = rule.season === '' && rule.days === null && rule.holidays.length === 0;
	return rule.comment !== null && rule.spans.length === 0 && (everywhere || rule.separator === '||') && rule.state === 'unknown';
}

/** The weeks that a rule speaks of: its holidays', and the ordinary one when weekdays stand beside them. */
function holidaysOf(rule: HoursRule): (Holiday | null)[] {
	if (rule.holidays.length === 0) return [null];
	return rule.days !== null && !rule.within ? [null, ...rule.holidays] : rule.holidays;
}

function sectionOf(sections: Map<string, HoursSection>, season: string | null, holiday: Holiday | null): HoursSection {
	const key = `${season ?? ''}|${holiday ?? ''}`;
	let section = sections.get(key);
	if (!section)
		sections.set(
			key,
			(section = {
				season,
				when: season === null ? null : parseSeason(season),
				holiday,
				days: Array<null>(7).fill(null),
				uniform: null
			})
		);
	return section;
}

function apply(rule: HoursRule, section: HoursSection): void {
	const beside = section.holiday !== null && !rule.within;
	const days = beside || rule.days === null ? section.days.map((_, weekday) => ({ weekday, nth: null })) : rule.days;
	for (const { weekday, nth } of days) {
		const before = section.days[weekday] ?? null;
		const adds =
			rule.separator === ',' || rule.separator === '||' || nth !== null || (rule.state === 'closed' && rule.spans.length > 0);
		section.days[weekday] = adds && before !== null ? joined(before, dayOf(rule, nth)) : dayOf(rule, nth);
	}
}

function dayOf(rule: HoursRule, nth: number[] | null): DayHours {
	const spans = rule.spans.length > 0 || nth === null ? rule.spans : [wholeDay];
	const whole = spans.length === 0 && rule.state === 'open' ? [wholeDay] : spans;
	const lines = whole.map((span) => ({ ...span, state: rule.state, nth, comment: rule.comment }));
	return { lines, state: rule.state, comment: lines.length > 0 ? null : rule.comment };
}

function joined(before: DayHours, added: DayHours): DayHours {
	const lines = [...before.lines, ...added.lines].sort((a, b) => startOf(a) - startOf(b));
	return { lines, state: before.state, comment: before.comment ?? added.comment };
}

/** A sunrise sorts before any working hour, a sunset after. */
function startOf({ from }: TimeSpan): number {
	if (typeof from === 'number') return from;
	return (from.event === 'sunrise' || from.event === 'dawn' ? 360 : 1200) + from.offset;
}

function uniformDay(days: (DayHours | null)[]): DayHours | null {
	const [first] = days;
	const text = JSON.stringify(first);
	return first && days.every((day) => JSON.stringify(day) === text) ? first : null;
}

function isAlways(rules: HoursRule[]): boolean {
	const [rule, ...others] = rules;
	if (!rule || others.length > 0 || rule.state !== 'open' || rule.season !== '' || rule.days !== null || rule.holidays.length > 0)
		return false;
	return rule.spans.length === 0 || rule.spans.some(({ from, to }) => from === 0 && to === 1440);
}
