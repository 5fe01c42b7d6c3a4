import fc from 'fast-check';
import OpeningHours from 'opening_hours';
import { describe, expect, it, vi } from 'vitest';
import { emptyWeek, tidyOpenings, writeHoursWeek } from '../../src/lib/domain/hours-week.ts';
import type { DayPlan, HoursWeek } from '../../src/lib/domain/hours-week.ts';
import { readHoursWeek } from '../../src/lib/domain/hours-week-read.ts';
import { checkOpeningHours } from '../../src/lib/domain/opening-hours-check.ts';
import { openingHours } from '../support/opening-hours-arbitrary.ts';

// The library complains at length about years whose school holidays it does not know yet.
vi.spyOn(console, 'error').mockImplementation(() => {});

const nantes = { lat: 47.2, lon: -1.55, address: { country_code: 'fr', state: 'Pays de la Loire' } };
const open = (value: string) =>
	new OpeningHours(value, nantes, { mode: 0, locale: 'fr', tag_key: undefined, map_value: undefined, warnings_severity: 4 });

/** What someone who stands before the door at that minute finds. */
function at(hours: OpeningHours, moment: Date): string {
	const comment = hours.getComment(moment);
	// The library says the name of a holiday where there is no comment.
	const said = /rendez|rdv|appointment/i.test(comment ?? '') ? ' rdv' : '';
	return hours.getUnknown(moment) ? `unknown${said}` : hours.getState(moment) ? `open${said}` : 'closed';
}

// Dates whose public and school holidays the library knows; Christmas, Easter and the summer are among them.
const moment = fc.integer({ min: 0, max: 365 * 24 * 60 - 1 }).map((minute) => new Date(2026, 0, 1, 0, minute));
const moments = fc.array(moment, { minLength: 25, maxLength: 25 });

const weekOf = (value: string): HoursWeek => {
	const read = readHoursWeek(value);
	if ('reason' in read) throw new Error(`${value}: ${read.reason}`);
	return read.week;
};

describe('a week of opening hours', () => {
	it.each([
		'Mo-Fr 08:30-12:00,13:30-17:30; Sa 08:30-12:00',
		'24/7',
		'Mo-Fr 00:00-24:00',
		'Tu,Th-Fr 14:00-18:00 "sur rendez-vous"; We 09:00-12:00',
		'"sur rendez-vous"',
		'Mo-Fr 09:00-12:00 || "sur rendez-vous"',
		'Mo-Sa 10:00-18:00; SH Mo-Fr 14:00-18:00; SH Sa-Su off; PH off',
		'Mo-Sa 10:00-18:00; PH off; SH Mo-Fr 14:00-18:00',
		'Mo-Fr 09:00-12:00; SH off; PH 10:00-12:00',
		'Fr-Sa 18:00-02:00',
		'Mo-Th 18:00-24:00, Fr-Sa 18:00-02:00',
		'SH Mo-Fr 10:00-17:00'
	])('%s is read and written as it was', (value) => {
		expect(checkOpeningHours(value).ok).toBe(true);
		expect(writeHoursWeek(weekOf(value))).toBe(value);
	});

	it.each([
		['Mo-Sa 09:00-18:00; Su,PH off', 'Mo-Sa 09:00-18:00; PH off'],
		['Mo 09:00-12:00; Tu 09:00-12:00; Sa off', 'Mo-Tu 09:00-12:00'],
		['10:00-18:00; Su off', 'Mo-Sa 10:00-18:00'],
		['Mo-Fr 9:00-12:00, Mo 14:00-16:00', 'Mo 09:00-12:00,14:00-16:00; Tu-Fr 09:00-12:00'],
		['Mo open', 'Mo 00:00-24:00'],
		['Mo-Fr 08:30-12:00; PH,SH off', 'Mo-Fr 08:30-12:00; SH off; PH off'],
		['Mo 09:00-12:00 "sur RDV"', 'Mo 09:00-12:00 "sur rendez-vous"']
	])('%s may be written more plainly', (value, plain) => {
		expect(writeHoursWeek(weekOf(value))).toBe(plain);
	});

	it.each([
		['lundi 9h-12h', 'unread'],
		['Jul-Aug 10:00-12:00', 'season'],
		['We[1] 14:00-16:00', 'nth'],
		['Mo sunrise-sunset', 'sun'],
		['Fr 18:00+', 'open_end'],
		['Fr 18:00-22:00+', 'open_end'],
		['Mo 09:00-12:00 "porte rouge"', 'comment'],
		['Mo 09:00-12:00 || "porte rouge"', 'comment'],
		['Mo 09:00-17:00; Mo 12:00-13:00 off', 'exception'],
		['PH off; Mo-Fr 09:00-17:00', 'order'],
		['Mo 09:00-12:00; 10:00-18:00', 'order'],
		['Mo-Th 18:00-24:00; Fr-Sa 18:00-02:00; Su off', 'past_midnight'],
		['Fr 18:00-02:00; PH off', 'past_midnight'],
		['Mo-We,PH 18:00-02:00', 'past_midnight'],
		['Sa 18:00-02:00; Sa 09:00-12:00', 'past_midnight'],
		['SH Sa 18:00-02:00; SH Sa 09:00-12:00', 'past_midnight'],
		['Mo 09:00-12:00 open "sur rendez-vous"', 'comment'],
		['Mo unknown', 'unknown']
	])('%s stays a text, because of: %s', (value, reason) => {
		expect(readHoursWeek(value)).toEqual({ reason });
	});

	it('says nothing when nothing is filled in, whatever is closed on holidays', () => {
		expect(writeHoursWeek(emptyWeek())).toBe('');
		expect(writeHoursWeek({ ...emptyWeek(), publicHolidays: { openings: [], byAppointment: false } })).toBe('');
		expect(weekOf('')).toEqual(emptyWeek());
	});

	it('ends an evening at midnight and begins the next day with it when holidays are told apart', () => {
		const friday = weekOf('Fr 18:00-02:00').days;
		const publicHolidays = { openings: [], byAppointment: false };
		expect(writeHoursWeek({ ...emptyWeek(), days: friday, publicHolidays })).toBe('Fr 18:00-24:00; Sa 00:00-02:00; PH off');
	});

	it('makes openings that overlap one, and keeps a lunch break', () => {
		const morning = { from: 540, to: 720 };
		expect(tidyOpenings([{ from: 840, to: 1080 }, morning, { from: 700, to: 750 }])).toEqual([
			{ from: 540, to: 750 },
			{ from: 840, to: 1080 }
		]);
	});
});

const day = fc.constantFrom(
	'Mo',
	'Mo-Fr',
	'Sa',
	'Sa-Su',
	'Tu,Th',
	'Fr-Mo',
	'PH',
	'SH',
	'Su,PH',
	'Mo-Fr,SH',
	'SH Mo-Fr',
	'SH Sa',
	''
);
const times = fc.constantFrom(
	'09:00-12:00',
	'09:00-12:00,14:00-18:00',
	'18:00-02:00',
	'00:00-24:00',
	'off',
	'open',
	'10:00-11:00 "sur rendez-vous"',
	'24/7'
);
const everydayHours = fc
	.array(fc.tuple(fc.constantFrom('; ', '; ', '; ', ', ', ' || '), day, times), { minLength: 1, maxLength: 4 })
	.map((rules) =>
		rules.map(([separator, days, said], i) => `${i === 0 ? '' : separator}${days ? `${days} ` : ''}${said}`).join('')
	);

describe('what the editor reads of a value', () => {
	it('means at any minute what the value meant', () => {
		let read = 0;
		fc.assert(
			fc.property(fc.oneof(openingHours, { weight: 3, arbitrary: everydayHours }), moments, (value, all) => {
				if (!checkOpeningHours(value).ok) return;
				const week = readHoursWeek(value);
				if ('reason' in week) return;
				const written = writeHoursWeek(week.week);
				// Closed all the time is nothing to tell.
				if (written === '') return;
				read++;
				const [before, after] = [open(value), open(written)];
				for (const one of all)
					expect(`${one.toISOString()} ${at(after, one)}`, `${value} → ${written}`).toBe(
						`${one.toISOString()} ${at(before, one)}`
					);
			}),
			{ numRuns: 700 }
		);
		expect(read).toBeGreaterThan(40);
	});

	const time = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);
	const opening = fc.tuple(time, fc.integer({ min: 1, max: 96 })).map(([from, length]) => ({ from, to: from + length * 15 }));
	const sameDay = opening.map(({ from, to }) => ({ from, to: Math.min(to, 1440) }));
	const plan = (one: typeof opening): fc.Arbitrary<DayPlan> =>
		fc.record({ openings: fc.array(one, { maxLength: 3 }), byAppointment: fc.boolean() });
	const weeks = fc.record({
		days: fc.oneof(
			fc.array(plan(sameDay), { minLength: 7, maxLength: 7 }),
			fc.array(plan(opening), { minLength: 7, maxLength: 7 })
		),
		publicHolidays: fc.option(plan(opening)),
		schoolHolidays: fc.option(fc.array(fc.option(plan(opening)), { minLength: 7, maxLength: 7 })),
		schoolHolidaysWin: fc.boolean(),
		otherwiseByAppointment: fc.boolean()
	});

	it('is what it wrote, and the database’s syntax', () => {
		fc.assert(
			fc.property(weeks, (week) => {
				const written = writeHoursWeek(week);
				if (written === '') return;
				if (written.length <= 500) expect(checkOpeningHours(written), written).toMatchObject({ ok: true });
				const again = readHoursWeek(written);
				expect('week' in again && writeHoursWeek(again.week), written).toBe(written);
			}),
			{ numRuns: 400 }
		);
	});
});
