import { dayOf, formatLocalDay, minutesOfDay } from './local-time.ts';
import type { LocalMinute } from './local-time.ts';
import type { HoursState } from './opening-hours-parse.ts';
import { readHours } from './opening-state.ts';
import type { HoursPeriod, HoursProgram, HoursReader } from './opening-state.ts';
import type { Closure, Place } from './place.ts';

/** What of a place says when it is open. Days are `YYYY-MM-DD`, both ends included. */
export interface Schedule {
	hours: string | null;
	closures: Closure[];
	/** Of what is done there; they speak when the place itself has no hours. */
	offers: { hours: string; closures: Closure[] }[];
	startsOn: string | null;
	endsOn: string | null;
}

export interface Opening {
	state: HoursState;
	/** What is written beside the hours, or why it is closed: « sur rendez-vous », « travaux ». */
	comment: string | null;
	/** When the state next turns; null when it doesn't within two months. */
	until: LocalMinute | null;
	/** When it next opens for sure; null while it is open, and when it doesn't within two months. */
	opens: LocalMinute | null;
	/** The last day of a closure that holds now. */
	closedThrough: string | null;
	/** A public holiday of which the hours say nothing: what is written may not hold. */
	doubtfulHoliday: string | null;
}

export function scheduleOf({ facts, offers }: Pick<Place, 'facts' | 'offers'>): Schedule {
	const spoken = facts.opening_hours === null ? offers.filter(({ opening_hours }) => opening_hours !== null) : [];
	return {
		hours: facts.opening_hours,
		closures: facts.closures,
		offers: spoken.map(({ opening_hours, closures }) => ({ hours: opening_hours!, closures })),
		startsOn: facts.starts_on,
		endsOn: facts.ends_on
	};
}

/** Whether anything is known of when it is open. */
export function hasHours({ hours, offers }: Schedule): boolean {
	return hours !== null || offers.length > 0;
}

interface Part {
	program: HoursProgram | null;
	closures: Closure[];
}

/** Ready to be asked. */
export interface OpeningProgram {
	parts: Part[];
	closures: Closure[];
	startsOn: string | null;
	endsOn: string | null;
}

/** Null when nothing is known. Hours that can't be read count as unknown. */
export function readSchedule(schedule: Schedule): OpeningProgram | null {
	if (!hasHours(schedule)) return null;
	const { hours, offers, closures, startsOn, endsOn } = schedule;
	const parts = hours === null ? distinct(offers) : [{ hours, closures: [] }];
	return {
		parts: parts.map((part) => ({ program: readHours(part.hours), closures: part.closures })),
		closures,
		startsOn,
		endsOn
	};
}

/** What is done there at the same hours opens it once; beyond so many the others open it no further. */
const mostOffers = 40;

function distinct(offers: Schedule['offers']): Schedule['offers'] {
	return [...new Map(offers.map((offer) => [JSON.stringify(offer), offer])).values()].slice(0, mostOffers);
}

/** The state alone: what a filter asks of a hundred thousand places. */
export function stateAt(program: OpeningProgram, at: LocalMinute, reader: HoursReader): HoursState {
	const day = formatLocalDay(dayOf(at));
	if (shutOn(program, day)) return 'closed';
	let best: HoursState = 'closed';
	for (const part of program.parts) {
		const state = closureOn(part.closures, day) ? 'closed' : part.program ? reader.at(part.program, at).state : 'unknown';
		if (state === 'open') return 'open';
		if (state === 'unknown') best = 'unknown';
	}
	return best;
}

const horizons = [1, 8, 60];

/** The state and what a person asks next: until when, and when again. Looks as far ahead as it must. */
export function openingAt(program: OpeningProgram, at: LocalMinute, reader: HoursReader): Opening {
	let periods: HoursPeriod[] = [];
	for (const days of horizons) {
		periods = periodsOf(program, at, days, reader);
		const answered = periods[0]!.state === 'open' ? periods.length > 1 : periods.some(({ state }) => state === 'open');
		if (answered) break;
	}
	const [now, ...later] = periods as [HoursPeriod, ...HoursPeriod[]];
	const today = formatLocalDay(dayOf(at));
	const { publicHoliday } = reader.day(dayOf(at));
	const says = program.parts.some(({ program: hours }) => hours?.saysHolidays);
	return {
		state: now.state,
		comment: now.comment,
		until: later.find(({ state }) => state !== now.state)?.from ?? null,
		opens: now.state === 'open' ? null : (later.find(({ state }) => state === 'open')?.from ?? null),
		closedThrough: closureOn(program.closures, today)?.to ?? null,
		doubtfulHoliday: now.state === 'open' && publicHoliday !== null && !says ? publicHoliday : null
	};
}

/** From a moment on; neighbours differ in their state or their comment. */
function periodsOf(program: OpeningProgram, from: LocalMinute, days: number, reader: HoursReader): HoursPeriod[] {
	const lists: Walk[] = program.parts.map((part) => ({
		part,
		next: 0,
		periods: part.program ? reader.periods(part.program, from, days) : [{ from, state: 'unknown' as const, comment: null }]
	}));
	const midnights = Array.from({ length: days }, (_, index) => (dayOf(from) + index + 1) * minutesOfDay);
	const turns = new Set([from, ...midnights, ...lists.flatMap(({ periods }) => periods.map((period) => period.from))]);
	const found: HoursPeriod[] = [];
	for (const turn of [...turns].sort((a, b) => a - b)) {
		const period = { from: turn, ...momentOf(program, lists, turn) };
		const last = found.at(-1);
		if (!last || last.state !== period.state || last.comment !== period.comment) found.push(period);
	}
	return found;
}

/** The periods of a part, and which of them comes next: turns are walked through in order. */
interface Walk {
	part: Part;
	periods: HoursPeriod[];
	next: number;
}

const rank: Record<HoursState, number> = { open: 2, unknown: 1, closed: 0 };

function momentOf(program: OpeningProgram, lists: Walk[], at: LocalMinute) {
	const day = formatLocalDay(dayOf(at));
	for (const walk of lists) while ((walk.periods[walk.next]?.from ?? Infinity) <= at) walk.next++;
	const shut = shutOn(program, day);
	if (shut) return shut;
	const moments = lists.map(({ part, periods, next }) => {
		const closure = closureOn(part.closures, day);
		if (closure) return { state: 'closed' as const, comment: closure.reason };
		const { state, comment } = periods[Math.max(0, next - 1)]!;
		return { state, comment };
	});
	return moments.reduce((best, moment) => (rank[moment.state] > rank[best.state] ? moment : best));
}

function shutOn({ closures, startsOn, endsOn }: OpeningProgram, day: string): { state: 'closed'; comment: string | null } | null {
	const closure = closureOn(closures, day);
	if (closure) return { state: 'closed', comment: closure.reason };
	const outside = (startsOn !== null && day < startsOn) || (endsOn !== null && day > endsOn);
	return outside ? { state: 'closed', comment: null } : null;
}

function closureOn(closures: Closure[], day: string): Closure | null {
	return closures.find(({ from, to }) => day >= from && day <= to) ?? null;
}
