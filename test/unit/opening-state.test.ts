import fc from 'fast-check';
import OpeningHours from 'opening_hours';
import { describe, expect, it } from 'vitest';
import { holidaysOf } from '../../src/lib/domain/holidays.ts';
import { dayOf, formatLocalMinute, localMinuteOf, minutesOfDay, parseLocalMinute } from '../../src/lib/domain/local-time.ts';
import type { LocalMinute } from '../../src/lib/domain/local-time.ts';
import { checkOpeningHours } from '../../src/lib/domain/opening-hours-check.ts';
import { HoursReader, readHours } from '../../src/lib/domain/opening-state.ts';
import { sunAt } from '../../src/lib/domain/sun.ts';
import { openingHours } from '../support/opening-hours-arbitrary.ts';
import cases from '../support/opening-hours-cases.json' with { type: 'json' };

const nantes = { lat: 47.2184, lon: -1.5536 };
const region = { country: 'fr', state: 'Pays de la Loire' };
// The library reckons in the zone of the process.
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const holidays = holidaysOf(region);
const reader = new HoursReader({ publicHoliday: holidays.public, schoolHoliday: holidays.school, sun: sunAt(nantes, zone) });

const at = (text: string) => parseLocalMinute(text)!;
const stateOf = (value: string, text: string) => reader.at(readHours(value)!, at(text)).state;

/** Ordinary days, a summer holiday, Christmas, both changes of the clock, Easter Monday, school holidays, the turn of the year. */
const days = [
	'2026-11-22',
	'2026-07-14',
	'2026-02-27',
	'2026-12-25',
	'2026-03-29',
	'2026-10-25',
	'2026-04-06',
	'2026-12-31',
	'2026-01-01',
	'2026-08-05'
];
const clocks = [
	['00:00', '08:30', '12:00', '17:59', '23:59'],
	['00:01', '05:30', '09:00', '13:45', '20:15'],
	['02:00', '10:00', '12:29', '16:44', '22:00']
];
const moments = days.flatMap((day, index) => clocks[index % clocks.length]!.map((clock) => at(`${day}T${clock}`)));

/** What opening_hours.js says: asked by intervals, because asked for one moment alone it ends an open end at its first minute. */
function oracle(value: string) {
	const place = {
		lat: String(nantes.lat),
		lon: String(nantes.lon),
		address: { country_code: region.country, state: region.state }
	};
	const hours = new OpeningHours(value, place as never, { mode: 0, locale: 'fr' } as never);
	const dateOf = (minute: LocalMinute) => new Date(`${formatLocalMinute(minute)}:00`);
	const intervals = new Map<number, ReturnType<typeof hours.getOpenIntervals>>();
	return (minute: LocalMinute) => {
		const day = dayOf(minute);
		if (!intervals.has(day))
			intervals.set(day, hours.getOpenIntervals(dateOf((day - 1) * minutesOfDay), dateOf((day + 1) * minutesOfDay)));
		const date = dateOf(minute);
		const within = intervals.get(day)!.find(([from, to]) => date >= from && date < to);
		return !within ? 'closed' : within[2] ? 'unknown' : 'open';
	};
}

/**
 * Where the library contradicts itself or the specification: an open end beside other hours of its rule, midnight as an open end, hours
 * of the sun that run past midnight, a fallback that does (the library then closes what was open), a range of years that goes backwards.
 */
function isDoubtful(value: string): boolean {
	const spans = value.replace(/"[^"]*"/g, '').match(/(?:\d{1,2}:\d\d|\([^)]*\)|sunrise|sunset|dawn|dusk)[-+\d:()a-z]*/g) ?? [];
	const openEnd = spans.some((span) => span.endsWith('+')) && (spans.length > 1 || spans[0] === '00:00+');
	const sun = spans.some((span) => /[a-z]/.test(span) && !/^(?:(?:0?\d|1[0-2]):\d\d|sunrise|dawn)-(?:sunset|dusk)$/.test(span));
	const fallback = readHours(value)?.rules.some(
		(rule) => rule.fallback && rule.spans.some(({ to }) => Number(to) > minutesOfDay)
	);
	return openEnd || sun || fallback === true || /\d{4} \w{3} \d+-\d{4}/.test(value);
}

const strings = [
	...cases.filter(({ sql, js }) => sql && js).map(({ value }) => value),
	...fc.sample(openingHours, { numRuns: 3400, seed: 11 }).filter((value) => !isDoubtful(value) && checkOpeningHours(value).ok)
].filter((value) => readHours(value) !== null);

/** The library does not know the school holidays of 2027, and looks ahead. */
function askable(value: string): ReturnType<typeof oracle> | null {
	try {
		const ask = oracle(value);
		for (const moment of moments) ask(moment);
		return ask;
	} catch {
		return null;
	}
}

describe('opening hours at a moment', () => {
	it('are what opening_hours.js says, on 300 values and 50 moments', () => {
		const different: string[] = [];
		let values = 0;
		for (const value of new Set(strings)) {
			const ask = askable(value);
			if (!ask) continue;
			values++;
			const program = readHours(value)!;
			for (const moment of moments) {
				const ours = reader.at(program, moment).state;
				const theirs = ask(moment);
				if (ours !== theirs) different.push(`${value} at ${formatLocalMinute(moment)}: ${ours}, not ${theirs}`);
			}
		}
		expect(different).toEqual([]);
		expect(moments).toHaveLength(50);
		expect(values).toBeGreaterThanOrEqual(300);
	});

	it('are read the same a moment at a time and as periods', () => {
		fc.assert(
			fc.property(fc.constantFrom(...strings), fc.constantFrom(...moments), fc.nat(3 * minutesOfDay), (value, from, later) => {
				const program = readHours(value)!;
				const period = reader.periods(program, from, 4).findLast((one) => one.from <= from + later)!;
				expect({ state: period.state, comment: period.comment }).toEqual(reader.at(program, from + later));
			}),
			{ numRuns: 1500, seed: 3 }
		);
	});

	it('run past midnight into the next day, and no further', () => {
		expect(stateOf('Sa 22:00-02:00', '2026-11-22T01:59')).toBe('open');
		expect(stateOf('Sa 22:00-02:00', '2026-11-22T02:00')).toBe('closed');
		expect(stateOf('Sa 22:00-02:00', '2026-11-21T01:00')).toBe('closed');
	});

	it('keep a comment beside the state, and leave it open when only a comment is written', () => {
		const sure = readHours('Su 10:00-12:00 open "marché couvert"')!;
		expect(reader.at(sure, at('2026-11-22T10:00'))).toEqual({ state: 'open', comment: 'marché couvert' });
		const unsure = readHours('"sur rendez-vous"')!;
		expect(reader.at(unsure, at('2026-11-22T10:00'))).toEqual({ state: 'unknown', comment: 'sur rendez-vous' });
	});

	it('are unknown where they hang on school holidays that nobody has published, and only there', () => {
		expect(holidays.school(dayOf(at('2031-02-10T00:00')))).toBeNull();
		expect(stateOf('Mo-Fr 09:00-12:00; SH off', '2031-02-10T10:00')).toBe('unknown');
		expect(stateOf('Mo-Fr 09:00-12:00; SH off', '2031-02-10T15:00')).toBe('closed');
		expect(stateOf('Mo-Fr 09:00-12:00', '2031-02-10T10:00')).toBe('open');
	});

	it('take written hours before guessed ones in one rule', () => {
		expect(stateOf('14:00-20:00,09:00-13:00+', '2026-11-22T15:00')).toBe('open');
		expect(stateOf('14:00-20:00,09:00-13:00+', '2026-11-22T13:30')).toBe('unknown');
	});
});

describe('the clock on the wall', () => {
	it('shows the time of the zone, summer and winter', () => {
		const shown = (instant: string) => formatLocalMinute(localMinuteOf(Date.parse(instant), 'Europe/Paris'));
		expect(shown('2026-11-22T10:30:59Z')).toBe('2026-11-22T11:30');
		expect(shown('2026-07-14T22:00:00Z')).toBe('2026-07-15T00:00');
	});

	it('refuses a moment that no calendar has', () => {
		for (const text of ['2026-02-30T10:00', '2026-11-22T24:00', '2026-11-22 10:00', '2026-11-22', 'now'])
			expect(parseLocalMinute(text), text).toBeNull();
	});
});
