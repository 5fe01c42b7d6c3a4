import { describe, expect, test } from 'vitest';
import { dayIn, formatAge, formatDay, formatDistance, formatList, formatWalk, useTownZone } from '../../src/lib/i18n/format.ts';
import { hoursLines } from '../../src/lib/i18n/hours.ts';

describe('a day is written as people say it', () => {
	test.each([
		['2026-11-21', 'fr', '21 novembre 2026'],
		['2026-05-01', 'fr', '1er mai 2026'],
		['2026-05-01', 'en', '1 May 2026'],
		['no day', 'fr', 'no day']
	] as const)('%s in %s', (day, locale, text) => {
		expect(formatDay(day, locale)).toBe(text);
	});
});

describe('an age is told in the unit that matters', () => {
	test.each([
		['2026-11-21', 'aujourd’hui', 'today'],
		['2026-11-22', 'aujourd’hui', 'today'],
		['2026-11-20', 'hier', 'yesterday'],
		['2026-11-16', 'il y a 5 jours', '5 days ago'],
		['2026-11-01', 'il y a 2 semaines', '2 weeks ago'],
		['2026-08-21', 'il y a 3 mois', '3 months ago'],
		['2025-11-21', 'il y a 12 mois', '12 months ago'],
		['2023-10-01', 'il y a 3 ans', '3 years ago']
	])('%s seen from 2026-11-21', (day, fr, en) => {
		expect(formatAge(day, '2026-11-21', 'fr')).toBe(fr);
		expect(formatAge(day, '2026-11-21', 'en')).toBe(en);
	});
});

test.each([
	[3, 'à 10 m'],
	[347, 'à 350 m'],
	[949, 'à 950 m'],
	[951, 'à 1 km'],
	[1240, 'à 1,2 km'],
	[12_600, 'à 13 km']
])('%d metres are rounded as far as a walker cares', (metres, text) => {
	expect(formatDistance(metres, 'fr')).toBe(text);
});

test('a list ends with « et »', () => {
	expect(formatList(['a', 'b', 'c'], 'fr')).toBe('a, b et c');
});

test('the day is the territory’s, not the server’s', () => {
	expect(dayIn('Europe/Paris', new Date('2026-11-21T23:30:00Z'))).toBe('2026-11-22');
	expect(dayIn('America/Guadeloupe', new Date('2026-11-22T02:00:00Z'))).toBe('2026-11-21');
});

test('an instant is said as the day of the town, in its evening as in its night', () => {
	expect(formatDay('2026-11-21T23:30:00.123456+00:00', 'fr')).toBe('22 novembre 2026');
	expect(formatAge('2026-11-21T23:30:00Z', '2026-11-22', 'fr')).toBe('aujourd’hui');
	useTownZone('America/Guadeloupe');
	expect(formatDay('2026-11-22T02:00:00Z', 'fr')).toBe('21 novembre 2026');
	expect(formatDay('2026-11-22', 'fr')).toBe('22 novembre 2026');
	useTownZone('Europe/Paris');
});

test('opening hours have a line for each day that opens, or stay as written', () => {
	expect(hoursLines('Sa 10:30-11:30').map((line) => line.replace(/\s/g, ' '))).toEqual(['Samedi 10 h 30 – 11 h 30']);
	expect(hoursLines('Mo-Fr 09:00-12:00,14:00-18:00; PH off')).toHaveLength(5);
	expect(hoursLines('24/7')).toHaveLength(1);
	expect(hoursLines('quand il fait beau')).toEqual(['quand il fait beau']);
});

test.each([
	[20, 'à 20 m, 1 min à pied'],
	[350, 'à 350 m, 6 min à pied'],
	[2400, 'à 2,4 km, 40 min à pied'],
	[3100, 'à 3,1 km']
])('%d metres on foot', (metres, text) => {
	expect(formatWalk(metres, 'fr').replaceAll('\u00a0', ' ')).toBe(text);
});
