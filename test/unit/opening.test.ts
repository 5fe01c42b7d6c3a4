import { describe, expect, it } from 'vitest';
import { holidaysOf } from '../../src/lib/domain/holidays.ts';
import { formatLocalMinute, parseLocalMinute } from '../../src/lib/domain/local-time.ts';
import { openingAt, readSchedule, stateAt } from '../../src/lib/domain/opening.ts';
import type { Schedule } from '../../src/lib/domain/opening.ts';
import type { Place } from '../../src/lib/domain/place.ts';
import { HoursReader } from '../../src/lib/domain/opening-state.ts';
import { dayWords, openingLine } from '../../src/lib/i18n/opening.ts';
import { overwriteGetLocale } from '../../src/lib/paraglide/runtime.js';

const holidays = holidaysOf({ country: 'fr', state: 'Pays de la Loire' });
const reader = new HoursReader({ publicHoliday: holidays.public, schoolHoliday: holidays.school, sun: () => null });
const at = (text: string) => parseLocalMinute(text)!;
const nothing: Schedule = { hours: null, closures: [], offers: [], startsOn: null, endsOn: null };

/** State, and the moments of `until` and `opens`. */
function opening(schedule: Partial<Schedule>, when: string) {
	const program = readSchedule({ ...nothing, ...schedule })!;
	const found = openingAt(program, at(when), reader);
	expect(stateAt(program, at(when), reader)).toBe(found.state);
	const text = (minute: number | null) => (minute === null ? null : formatLocalMinute(minute));
	return { ...found, until: text(found.until), opens: text(found.opens) };
}

// 2026-11-22 is a Sunday.
describe('whether a place is open', () => {
	const week = 'Mo-Fr 09:00-12:00,14:00-18:00; PH off';

	it('says until when, and when again', () => {
		expect(opening({ hours: week }, '2026-11-23T10:00')).toMatchObject({ state: 'open', until: '2026-11-23T12:00', opens: null });
		expect(opening({ hours: week }, '2026-11-23T12:00')).toMatchObject({ state: 'closed', opens: '2026-11-23T14:00' });
		expect(opening({ hours: week }, '2026-11-22T10:00')).toMatchObject({ state: 'closed', opens: '2026-11-23T09:00' });
	});

	it('knows public holidays, and which hours say nothing of them', () => {
		expect(opening({ hours: week }, '2026-12-25T10:00')).toMatchObject({ state: 'closed', opens: '2026-12-28T09:00' });
		const silent = opening({ hours: 'Mo-Fr 09:00-12:00' }, '2026-12-25T10:00');
		expect(silent).toMatchObject({ state: 'open', doubtfulHoliday: 'Noël' });
		expect(opening({ hours: 'Mo-Fr 09:00-12:00' }, '2026-12-24T10:00').doubtfulHoliday).toBeNull();
	});

	it('is shut during a closure, with its reason and its last day', () => {
		const closures = [{ from: '2026-11-23', to: '2026-12-04', reason: 'travaux' }];
		expect(opening({ hours: week, closures }, '2026-11-24T10:00')).toMatchObject({
			...{ state: 'closed', comment: 'travaux', closedThrough: '2026-12-04', opens: '2026-12-07T09:00' }
		});
		expect(opening({ hours: '24/7', closures }, '2026-11-22T23:00').until).toBe('2026-11-23T00:00');
	});

	it('is shut before it starts and after it ends', () => {
		expect(opening({ hours: '24/7', startsOn: '2026-12-01' }, '2026-11-24T10:00').opens).toBe('2026-12-01T00:00');
		expect(opening({ hours: '24/7', endsOn: '2026-11-23' }, '2026-11-24T10:00')).toMatchObject({ state: 'closed', opens: null });
	});

	it('is open while something is done there, when it has no hours of its own', () => {
		const offers = [
			{ hours: 'Mo 09:00-12:00', closures: [{ from: '2026-11-23', to: '2026-11-23', reason: 'formation' }] },
			{ hours: 'Mo 11:00-15:00', closures: [] }
		];
		expect(opening({ offers }, '2026-11-23T10:00')).toMatchObject({ state: 'closed', opens: '2026-11-23T11:00' });
		expect(opening({ offers }, '2026-11-23T12:30')).toMatchObject({ state: 'open', until: '2026-11-23T15:00' });
		expect(opening({ offers }, '2026-11-30T10:00')).toMatchObject({ state: 'open', until: '2026-11-30T15:00' });
	});

	it('is read once for what is done at the same hours, however much that is', () => {
		const many = (hours: (i: number) => string) => Array.from({ length: 500 }, (_, i) => ({ hours: hours(i), closures: [] }));
		const same = readSchedule({ ...nothing, offers: many(() => 'Mo 09:00-12:00') })!;
		expect(same.parts).toHaveLength(1);
		const distinct = readSchedule({ ...nothing, offers: many((i) => `Mo 09:00-12:00 "${i}"`) })!;
		expect(distinct.parts.length).toBeLessThanOrEqual(40);
		expect(opening({ offers: many(() => 'Mo 09:00-12:00') }, '2026-11-23T10:00').until).toBe('2026-11-23T12:00');
	});

	it('is nothing that is known without hours, and uncertain with hours that cannot be read', () => {
		expect(readSchedule(nothing)).toBeNull();
		expect(opening({ hours: 'quand il fait beau' }, '2026-11-23T10:00').state).toBe('unknown');
	});
});

describe('the sentence on opening', () => {
	const today = '2026-11-23';
	const vouched = (on: string | null, phone: string | null = null) => ({
		place: {
			facts: { opening_hours: 'x', phone } as never,
			assurances: (on === null
				? {}
				: { opening_hours: { on, method: 'phone', by_role: 'agent', by_organisation: null } }) as Place['assurances']
		},
		category: { halfLives: {} },
		today
	});
	function line(
		schedule: Partial<Schedule>,
		when: string,
		on: string | null = '2026-11-01',
		phone: string | null = null,
		isNow = true
	) {
		const program = readSchedule({ ...nothing, ...schedule })!;
		return openingLine(openingAt(program, at(when), reader), { at: at(when), isNow }, vouched(on, phone));
	}
	const week = { hours: 'Mo-Fr 09:00-12:00,14:00-18:00; Sa 22:00-02:00; PH off' };

	it.each([
		['2026-11-23T10:00', 'Ouvert, ferme à 12 h', 'open'],
		['2026-11-23T11:40', 'Ferme dans 20 min', 'soon'],
		['2026-11-23T13:40', 'Fermé, ouvre dans 20 min', 'closed'],
		['2026-11-23T12:00', 'Fermé, ouvre à 14 h', 'closed'],
		['2026-11-23T20:00', 'Fermé, ouvre demain à 9 h', 'closed'],
		['2026-11-27T20:00', 'Fermé, ouvre demain à 22 h', 'closed'],
		['2026-11-29T20:00', 'Fermé, ouvre demain à 9 h', 'closed'],
		['2026-11-28T23:00', 'Ouvert, ferme à 2 h', 'open'],
		['2026-12-24T19:00', 'Fermé, ouvre samedi à 22 h', 'closed']
	])('at %s says « %s »', (when, text, tone) => {
		const said = line(week, when);
		expect(said.text.replaceAll('\u00a0', ' ')).toBe(text);
		expect(said.tone).toBe(tone);
	});

	it('of another moment than now counts no minutes', () => {
		expect(line(week, '2026-11-23T11:40', '2026-11-01', null, false).text.replaceAll('\u00a0', ' ')).toBe('Ouvert, ferme à 12 h');
	});

	it('says when nobody has vouched for long, and to call where there is a number', () => {
		const said = line({ hours: '24/7' }, '2026-11-23T10:00', '2023-05-02', '+33240000000');
		expect(said).toEqual({
			text: 'Normalement ouvert jour et nuit, non vérifié depuis 2023\u00a0: appelez',
			tone: 'unsure',
			saysTrust: true
		});
		expect(line({ hours: '24/7' }, '2026-11-23T10:00', null).text).toBe('Normalement ouvert jour et nuit, jamais vérifié');
		expect(line(week, '2026-11-23T20:00', null).text.replaceAll('\u00a0', ' ')).toBe('Normalement fermé, ouvre demain à 9 h');
	});

	it('gives the words of whoever wrote the hours', () => {
		expect(line({ hours: '"sur rendez-vous"' }, '2026-11-23T10:00').text).toBe('Sur rendez-vous');
		expect(line({ hours: 'Mo 09:00-12:00 open "sonner à l’entrée"' }, '2026-11-23T10:00').text).toMatch(
			/^Ouvert, .*\u00a0: sonner à l’entrée$/
		);
		const closures = [{ from: '2026-11-20', to: '2026-12-01', reason: 'travaux' }];
		expect(line({ ...week, closures }, '2026-11-23T10:00').text).toBe('Fermé jusqu’au 1er décembre 2026\u00a0: travaux');
		expect(line({ hours: 'Mo-Fr 09:00-12:00' }, '2026-12-25T10:00').text).toBe(
			'Normalement ouvert, mais c’est un jour férié (Noël)'
		);
	});

	it('names the year of another year only', () => {
		expect(dayWords(20_010, 20_000)).toBe('le 14 octobre');
		expect(dayWords(20_100, 20_000)).toBe('le 12 janvier 2025');
	});

	it('speaks English too', () => {
		overwriteGetLocale(() => 'en');
		try {
			expect(line(week, '2026-11-23T20:00').text).toBe('Closed, opens tomorrow at 9:00');
			expect(line(week, '2026-12-24T19:00').text).toBe('Closed, opens on Saturday at 22:00');
			expect(dayWords(20_000, 19_000)).toMatch(/^on \d+ \w+ 2024$/);
		} finally {
			overwriteGetLocale(() => 'fr');
		}
	});
});
