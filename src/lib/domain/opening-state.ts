import { dayOf, minutesOfDay } from './local-time.ts';
import type { LocalDay, LocalMinute } from './local-time.ts';
import { namedDays, openingDay, speaksOf } from './opening-day.ts';
import type { NamedDays, OpeningDay, Surroundings } from './opening-day.ts';
import { parseOpeningHours } from './opening-hours-parse.ts';
import type { HoursRule, HoursState, TimePoint, TimeSpan } from './opening-hours-parse.ts';
import { parseSeason } from './opening-hours-season.ts';

/**
 * What opening hours mean at a moment, as https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification says, for the part of the
 * syntax that the database stores. opening_hours.js, against which the tests hold this file, takes 0.4 ms to read one value and as much
 * again to ask it: forty seconds for a map of 100,000 places that asks who is open.
 */

/** The words of a rule hold beside its state: « sur rendez-vous ». */
export interface HoursMoment {
	state: HoursState;
	comment: string | null;
}

export interface HoursPeriod extends HoursMoment {
	/** Ends where the next one begins. */
	from: LocalMinute;
}

/** Rules ready to be asked. */
export interface HoursProgram {
	rules: ProgramRule[];
	/** Whether a word is said of public holidays. */
	saysHolidays: boolean;
	asksSchool: boolean;
}

interface ProgramRule {
	named: NamedDays;
	state: HoursState;
	comment: string | null;
	/** The rule replaces what earlier ones said of its days. */
	replaces: boolean;
	/** Holds only where nothing else opens; what is added to such a rule does so too. */
	fallback: boolean;
	/** Open ends first: what is written of the same hours is surer. */
	spans: ProgramSpan[];
}

interface ProgramSpan {
	from: TimePoint;
	to: TimePoint;
	/** Nobody wrote when it ends: until then it may be open. */
	guessed: boolean;
}

/** Null when the value is not of the grammar that the database stores. */
export function readHours(value: string): HoursProgram | null {
	const rules = parseOpeningHours(value);
	if (!rules) return null;
	const program: ProgramRule[] = [];
	for (const [index, rule] of rules.entries()) {
		const season = rule.season === '' ? null : parseSeason(rule.season);
		if (rule.season !== '' && season === null) return null;
		const before = rules[index - 1];
		program.push({
			named: namedDays(rule, season),
			state: stateOf(rule),
			comment: rule.comment,
			replaces: replaces(rule, before),
			fallback: rule.separator === '||' || (rule.separator === ',' && program.at(-1)?.fallback === true),
			spans: rule.spans.flatMap((span) => programSpans(span, rule.spans)).sort((a, b) => Number(b.guessed) - Number(a.guessed))
		});
	}
	const says = (kind: 'PH' | 'SH') => rules.some(({ holidays }) => holidays.includes(kind));
	return { rules: program, saysHolidays: says('PH'), asksSchool: says('SH') };
}

/** Times with a comment and no state are for the reader to judge. */
const stateOf = ({ state, stated, comment }: HoursRule): HoursState => (comment !== null && !stated ? 'unknown' : state);

const namesDays = ({ season, days, holidays }: HoursRule) => season !== '' || days !== null || holidays.length > 0;

/** Closing never replaces: it is cut out of what was open. */
function replaces(rule: HoursRule, before: HoursRule | undefined): boolean {
	if (rule.separator === ',' || rule.separator === '||' || rule.state === 'closed') return false;
	return namesDays(rule) || (before !== undefined && stateOf(rule) === 'open' && !namesDays(before));
}

function programSpans({ from, to, openEnd }: TimeSpan, all: TimeSpan[]): ProgramSpan[] {
	if (to === null) return [{ from, to: guessedEnd(from, all), guessed: true }];
	const written = { from, to, guessed: false };
	return openEnd ? [written, { from: to, to: guessedEnd(to, all), guessed: true }] : [written];
}

/** Roughly when the sun does it, to guess an end. */
const usual = { dawn: 330, sunrise: 360, sunset: 1080, dusk: 1110 };

/** As opening_hours.js guesses: ten hours from the evening on, eight from the night on, the rest of the day, or until the next span. */
function guessedEnd(point: TimePoint, all: TimeSpan[]): number {
	const from = typeof point === 'number' ? point : usual[point.event] + point.offset;
	const starts = all.map((span) => span.from).filter((start): start is number => typeof start === 'number' && start > from);
	if (starts.length > 0) return Math.min(...starts);
	if (from >= 22 * 60) return from + 8 * 60;
	return from >= 17 * 60 ? from + 10 * 60 : minutesOfDay;
}

/** What holds at a moment. */
export function hoursAt(program: HoursProgram, at: LocalMinute, around: Surroundings): HoursMoment {
	return new HoursReader(around).at(program, at);
}

/**
 * Reads programs around one territory. It keeps what it worked out of the days it was asked about: the hours of a hundred thousand places
 * ask the same two.
 */
export class HoursReader {
	#around: Surroundings;
	#days = new Map<LocalDay, OpeningDay>();

	constructor(around: Surroundings) {
		this.#around = around;
	}

	day(day: LocalDay): OpeningDay {
		let known = this.#days.get(day);
		if (!known) {
			if (this.#days.size > 400) this.#days.clear();
			this.#days.set(day, (known = openingDay(day, this.#around)));
		}
		return known;
	}

	at(program: HoursProgram, at: LocalMinute): HoursMoment {
		const day = dayOf(at);
		return momentOf(program, this.day(day), this.day(day - 1), at - day * minutesOfDay);
	}

	/** From a moment on, at least `days` days of it; the first period begins at the moment itself. */
	periods(program: HoursProgram, from: LocalMinute, days: number): HoursPeriod[] {
		const found: HoursPeriod[] = [];
		const first = dayOf(from);
		for (let day = first; day <= first + days; day++) {
			const [today, yesterday] = [this.day(day), this.day(day - 1)];
			for (const minute of turns(program, today, yesterday)) {
				const at = day * minutesOfDay + minute;
				const start = Math.max(at, from);
				const moment = momentOf(program, today, yesterday, start === from ? from - first * minutesOfDay : minute);
				const last = found.at(-1);
				if (last?.from === start) found.pop();
				const before = found.at(-1);
				if (!before || before.state !== moment.state || before.comment !== moment.comment) found.push({ from: start, ...moment });
			}
		}
		return found;
	}
}

/** The minutes of a day at which its state may turn, ascending, midnight first. */
function turns({ rules }: HoursProgram, today: OpeningDay, yesterday: OpeningDay): number[] {
	const minutes = new Set([0]);
	const add = (minute: number) => {
		if (minute > 0 && minute < minutesOfDay) minutes.add(minute);
	};
	for (const { spans } of rules)
		for (const span of spans) {
			const now = boundsOf(span, today);
			const before = boundsOf(span, yesterday);
			for (const minute of now ? [now.from, now.to] : []) add(minute);
			for (const minute of before ? [before.from, before.to] : []) add(minute - minutesOfDay);
		}
	return [...minutes].sort((a, b) => a - b);
}

const closed: HoursMoment = { state: 'closed', comment: null };
const uncertain: HoursMoment = { state: 'unknown', comment: null };

/** What nobody knows yet, school holidays, only matters where it makes a difference. */
function momentOf(program: HoursProgram, today: OpeningDay, yesterday: OpeningDay, minute: number): HoursMoment {
	if (!program.asksSchool || (today.schoolHoliday !== null && yesterday.schoolHoliday !== null))
		return resolve(program, today, yesterday, minute);
	const given = (day: OpeningDay, schoolHoliday: boolean) => (day.schoolHoliday === null ? { ...day, schoolHoliday } : day);
	const [first, ...others] = [true, false].map((value) =>
		resolve(program, given(today, value), given(yesterday, value), minute)
	) as [HoursMoment, HoursMoment];
	return others.every(({ state, comment }) => state === first.state && comment === first.comment) ? first : uncertain;
}

function resolve({ rules }: HoursProgram, today: OpeningDay, yesterday: OpeningDay, minute: number): HoursMoment {
	let moment = closed;
	// The last rule that replaces the others on this day; hours that run over from yesterday are replaced with them.
	let first = 0;
	for (let index = rules.length - 1; index > 0; index--) {
		const { replaces, named } = rules[index]!;
		if (replaces && speaksOf(named, today)) {
			first = index;
			break;
		}
	}
	for (let index = first; index < rules.length; index++) {
		const { named, state, comment, fallback, spans } = rules[index]!;
		const says = (covers: boolean, guessed: boolean) => {
			if (!covers || (fallback && moment.state !== 'closed')) return;
			moment = { state: guessed && state !== 'closed' ? 'unknown' : state, comment };
		};
		if (speaksOf(named, today)) {
			if (spans.length === 0) says(true, false);
			for (const span of spans) says(covers(span, today, minute), span.guessed);
		}
		if (spans.length > 0 && speaksOf(named, yesterday))
			for (const span of spans) says(covers(span, yesterday, minute + minutesOfDay), span.guessed);
	}
	return moment;
}

function covers(span: ProgramSpan, day: OpeningDay, minute: number): boolean {
	const bounds = boundsOf(span, day);
	return bounds !== null && minute >= bounds.from && minute < bounds.to;
}

/** Minutes since midnight of the day; null when the sun doesn't show. */
function boundsOf({ from, to }: ProgramSpan, day: OpeningDay): { from: number; to: number } | null {
	const start = minuteOf(from, day);
	const end = minuteOf(to, day);
	if (start === null || end === null) return null;
	return { from: start, to: end <= start ? end + minutesOfDay : end };
}

function minuteOf(point: TimePoint, day: OpeningDay): number | null {
	if (typeof point === 'number') return point;
	const event = day.sun(point.event);
	return event === null ? null : event + point.offset;
}
