import { describe, expect, it } from 'vitest';
import { checkOpeningHours } from '../../src/lib/domain/opening-hours-check.ts';
import { parseSeason } from '../../src/lib/domain/opening-hours-season.ts';
import { clock, weekTable } from '../../src/lib/domain/opening-hours.ts';
import type { DayHours, HoursLine } from '../../src/lib/domain/opening-hours.ts';

/** A table as someone would read it aloud: one text per line of each section. */
function read(value: string): string[] {
	const table = weekTable(value);
	if (!table) return ['not of the grammar'];
	const sections = table.sections.map(({ season, holiday, days, uniform }) => {
		const title = [season, holiday].filter(Boolean).join(' ') || 'week';
		return `${title}: ${uniform ? `all ${readDay(uniform)}` : days.map(readDay).join(' | ')}`;
	});
	return [...(table.always ? ['always'] : []), ...sections, ...table.notes.map((note) => `note: ${note}`)];
}

function readDay(day: DayHours | null): string {
	if (!day) return '';
	return day.lines.length > 0
		? day.lines.map(readLine).join(' ')
		: day.comment === null
			? day.state
			: `${day.state} (${day.comment})`;
}

function readLine({ from, to, openEnd, nth, state, comment }: HoursLine): string {
	const points = [from, to].map((point) => {
		if (point === null) return '';
		return typeof point === 'number' ? clock(point) : `${point.event}${point.offset === 0 ? '' : point.offset}`;
	});
	const words = [
		nth && `[${nth.join(',')}]`,
		`${points.join('-')}${openEnd ? '+' : ''}`,
		state !== 'open' && state,
		comment && `(${comment})`
	];
	return words.filter(Boolean).join(' ');
}

describe('the table of a week', () => {
	it.each([
		['Mo-Fr 08:30-12:00,13:30-17:30; Sa 08:30-12:00', ['week: ' + '08:30-12:00 13:30-17:30 | '.repeat(5) + '08:30-12:00 | ']],
		['24/7', ['always', 'week: all 00:00-24:00']],
		['open', ['always', 'week: all 00:00-24:00']],
		['off', ['week: all closed']],
		['10:00-18:00', ['week: all 10:00-18:00']],
		['sunrise-(sunset+00:30)', ['week: all sunrise-sunset30']],
		['Fr 18:00+', ['week:  |  |  |  | 18:00-+ |  | ']],
		['Fr-Mo 10:00-12:00', ['week: 10:00-12:00 |  |  |  | 10:00-12:00 | 10:00-12:00 | 10:00-12:00']],
		['Mo "porte rouge"', ['week: unknown (porte rouge) |  |  |  |  |  | ']]
	])('of %s', (value, expected) => {
		expect(read(value)).toEqual(expected);
	});

	it('shows an end after midnight on the evening it belongs to', () => {
		expect(weekTable('Mo 22:00-02:00')?.sections[0]?.days[0]?.lines[0]).toMatchObject({ from: 1320, to: 1560 });
		expect(read('Mo 22:00-02:00')).toEqual(['week: 22:00-02:00 |  |  |  |  |  | ']);
	});

	it('keeps public and school holidays apart from the ordinary week', () => {
		expect(read('Mo-Su 09:00-12:00; PH off; SH Mo-Tu 10:00-12:00')).toEqual([
			'week: all 09:00-12:00',
			'PH: all closed',
			'SH: 10:00-12:00 | 10:00-12:00 |  |  |  |  | '
		]);
	});

	it('says what holds on holidays named beside weekdays twice', () => {
		expect(read('Su,PH off')).toEqual(['week:  |  |  |  |  |  | closed', 'PH: all closed']);
	});

	it('gives each season its section', () => {
		expect(read('Mo 09:00-12:00; Jul-Aug off; Dec 24-Jan 02 off; week 2-52/2 Tu 14:00-16:00')).toEqual([
			'week: 09:00-12:00 |  |  |  |  |  | ',
			'Jul-Aug: all closed',
			'Dec 24-Jan 02: all closed',
			'week 2-52/2:  | 14:00-16:00 |  |  |  |  | '
		]);
	});

	it('replaces a day after a semicolon and adds to it after a comma', () => {
		expect(read('Mo-Tu 09:00-12:00; Mo 14:00-16:00')).toEqual(['week: 14:00-16:00 | 09:00-12:00 |  |  |  |  | ']);
		expect(read('Mo-Tu 09:00-12:00, Mo 08:00-08:30 "dépôt"')).toEqual([
			'week: 08:00-08:30 (dépôt) 09:00-12:00 | 09:00-12:00 |  |  |  |  | '
		]);
	});

	it('shows a closing within opening hours beside them', () => {
		expect(read('Mo 09:00-17:00; Mo 12:00-13:00 off')).toEqual(['week: 09:00-17:00 12:00-13:00 closed |  |  |  |  |  | ']);
	});

	it('tells the first Wednesday of the month from the others', () => {
		expect(read('We[1,-1] 14:00-16:00')).toEqual(['week:  |  | [1,-1] 14:00-16:00 |  |  |  | ']);
	});

	it('sets comments that hold whatever the day apart', () => {
		expect(read('"sur rendez-vous"')).toEqual(['note: sur rendez-vous']);
		expect(read('Mo 09:00-12:00 || "a; b, c"')).toEqual(['week: 09:00-12:00 |  |  |  |  |  | ', 'note: a; b, c']);
	});

	it.each(['lundi 9h-12h', '', 'Mo # 09:00-12:00', 'Mo 09:00-12:00;', 'demain'])('refuses %j rather than guess', (value) => {
		expect(weekTable(value)).toBeNull();
	});
});

describe('a season', () => {
	it.each([
		['Jul-Aug', { dates: [{ from: { year: null, month: 6, day: null }, to: { year: null, month: 7, day: null } }] }],
		['2026 Dec 24', { dates: [{ from: { year: 2026, month: 11, day: 24 }, to: { year: 2026, month: 11, day: 24 } }] }],
		['Dec 24-Jan 02', { dates: [{ from: { year: null, month: 11, day: 24 }, to: { year: null, month: 0, day: 2 } }] }],
		['easter -2 days', { dates: [{ easter: -2 }] }],
		['2026-2030/2 week 1-53/2', { years: [{ from: 2026, to: 2030, every: 2 }], weeks: [{ from: 1, to: 53, every: 2 }] }],
		['2026+', { years: [{ from: 2026, to: null, every: 1 }] }]
	])('%s is taken apart', (text, expected) => {
		expect(parseSeason(text)).toEqual({ years: [], dates: [], weeks: [], ...expected });
	});
});

describe('opening_hours.js', () => {
	it('rewrites what it understands with doubts, which is not ok', () => {
		const checked = checkOpeningHours('lundi 9h-12h');
		expect(checked).toMatchObject({ ok: false, normalised: 'Mo 09:00-12:00', error: null });
		expect(checked.warnings.join(' ')).toContain('Mo');
	});

	it('says why what makes no sense makes none', () => {
		expect(checkOpeningHours('Feb 30 off', 'en')).toMatchObject({
			ok: false,
			normalised: null,
			error: expect.stringContaining('Feb')
		});
	});

	it('does not turn against a value whose dates are over', () => {
		expect(checkOpeningHours('Mo-Fr 09:00-12:00; 2020 Dec 24 off').ok).toBe(true);
	});

	it('is not asked about more than 500 characters', () => {
		expect(checkOpeningHours(`"${'a'.repeat(500)}"`).ok).toBe(false);
	});
});
