import { expect, it } from 'vitest';
import { chooseState, dayState, minutesOf, nextOpening, opening } from '../../src/lib/domain/hours-week-edit.ts';
import type { DayState } from '../../src/lib/domain/hours-week-edit.ts';

const morning = { from: 540, to: 720 };

it('a day that is opened is offered a morning, and keeps the hours it had', () => {
	expect(chooseState(null, 'open')).toEqual({ openings: [morning], byAppointment: false });
	const own = { openings: [{ from: 600, to: 660 }], byAppointment: false };
	expect(chooseState(own, 'appointment')).toEqual({ ...own, byAppointment: true });
	expect(chooseState(chooseState(own, 'always'), 'open')?.openings).toEqual([morning]);
});

it('the choice that was made is the one that is shown', () => {
	for (const state of ['usual', 'closed', 'open', 'appointment', 'always'] satisfies DayState[])
		expect(dayState(chooseState(null, state))).toBe(state);
});

it('one more opening comes after the lunch break, then in the evening, and never after midnight', () => {
	expect(nextOpening([morning])).toEqual({ from: 840, to: 1080 });
	expect(nextOpening([morning, { from: 840, to: 1080 }])).toEqual({ from: 1140, to: 1260 });
	expect(nextOpening([{ from: 600, to: 1439 }])).toEqual({ from: 1380, to: 1440 });
});

it('a closing time at or before the opening one is the next day’s', () => {
	expect(opening(1080, 120)).toEqual({ from: 1080, to: 1560 });
	expect(opening(540, 0)).toEqual({ from: 540, to: 1440 });
	expect(opening(0, 0)).toEqual({ from: 0, to: 1440 });
	expect(opening(540, 720)).toEqual(morning);
});

it('only times of a clock are read', () => {
	expect(['08:30', '23:59', '08:30:00'].map(minutesOf)).toEqual([510, 1439, 510]);
	expect(['', '24:00', '8h30', '12:60'].map(minutesOf)).toEqual([null, null, null, null]);
});
