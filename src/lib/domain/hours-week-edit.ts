import { closedDay, tidyOpenings, wholeDay } from './hours-week.ts';
import type { DayPlan, Opening } from './hours-week.ts';

/** What a person chooses for a day; `usual` only for holidays. */
export type DayState = 'usual' | 'closed' | 'open' | 'appointment' | 'always';

/** The choice that a plan shows; null is a day as usual. */
export function dayState(plan: DayPlan | null): DayState {
	if (plan === null) return 'usual';
	const [first, ...others] = plan.openings;
	if (!first) return 'closed';
	if (others.length === 0 && first.from === wholeDay.from && first.to === wholeDay.to && !plan.byAppointment) return 'always';
	return plan.byAppointment ? 'appointment' : 'open';
}

/** The plan after a choice: hours that were there are kept, else a morning is offered to be corrected. */
export function chooseState(plan: DayPlan | null, state: DayState): DayPlan | null {
	if (state === 'usual') return null;
	if (state === 'closed') return closedDay();
	if (state === 'always') return { openings: [{ ...wholeDay }], byAppointment: false };
	const kept = plan && dayState(plan) !== 'always' ? plan.openings : [];
	return { openings: kept.length > 0 ? kept : [nextOpening([])], byAppointment: state === 'appointment' };
}

/** What is most often meant by one more: the afternoon after the lunch break, the evening after the afternoon. */
export function nextOpening(openings: readonly Opening[]): Opening {
	const last = tidyOpenings(openings).at(-1);
	if (!last) return { from: 9 * 60, to: 12 * 60 };
	if (last.to <= 13 * 60 + 30) return { from: Math.max(14 * 60, last.to + 30), to: 18 * 60 };
	const from = Math.min(last.to + 60, 23 * 60);
	return { from, to: Math.min(from + 120, 1440) };
}

/** `HH:MM` of a clock, as an input of type `time` gives it; null for anything else. */
export function minutesOf(text: string): number | null {
	const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)/.exec(text) ?? [];
	return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/** An end at or before its beginning is the next day's; midnight is the end of the day. */
export function opening(from: number, end: number): Opening {
	const to = end % 1440;
	return { from, to: to > from ? to : to + 1440 };
}
