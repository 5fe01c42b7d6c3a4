import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, compile, FilterSyntaxError, parseText } from '../../src/lib/server/opendata/cql2/cql2.ts';
import type { Expression } from '../../src/lib/server/opendata/cql2/cql2.ts';
import { likeMatcher } from '../../src/lib/server/opendata/cql2/like.ts';
import { compareText, foldCase } from '../../src/lib/server/opendata/cql2/strings.ts';
import { temporalRelations } from '../../src/lib/server/opendata/cql2/temporal.ts';
import { features, filters, queryables } from '../support/cql2.ts';

type Feature = Readonly<Record<string, unknown>>;
const judge = (filter: string, feature: Feature = {}) => compile(parseText(filter, queryables))((name) => feature[name]);
const evaluate = (filter: Expression, feature: Feature) => compile(filter)((name) => feature[name]);

describe('a filter that is unknown', () => {
	it.each<[string, boolean | null]>([
		["name = 'a'", null],
		["NOT name = 'a'", null],
		["name <> 'a'", null],
		["name LIKE '%'", null],
		["NOT name LIKE '%'", null],
		["name IN ('a')", null],
		["name IS NULL AND name = 'a'", null],
		["name = 'a' AND FALSE", false],
		["name = 'a' OR TRUE", true],
		["name = 'a' OR FALSE", null],
		['name IS NULL', true],
		["(name = 'a') IS NULL", true],
		['CASEI(name) IS NULL', true],
		['version IS NULL', false],
		['population BETWEEN 1 AND 3', null],
		['version BETWEEN 5 AND population', false],
		['version IN (1, population)', null],
		['version IN (2, population)', true],
		['version / 0 = 1', null],
		['(version / 0) IS NULL', true],
		['S_INTERSECTS(geometry, POINT(1 2))', null],
		['NOT S_DISJOINT(geometry, POINT(1 2))', null],
		["T_AFTER(date, DATE('2026-01-01'))", null],
		["T_INTERSECTS(INTERVAL(starts_on, '..'), DATE('2026-01-01'))", null],
		["A_CONTAINS(languages, ('fr'))", null]
	])('%s', (filter, answer) => {
		expect(judge(filter, { version: 2 })).toBe(answer);
	});

	it('follows the laws of three-valued logic', () => {
		const both = (op: 'and' | 'or', a: Expression, b: Expression): Expression => ({ op, args: [a, b] });
		const not = (a: Expression): Expression => ({ op: 'not', args: [a] });
		const order = (value: boolean | null) => (value === null ? 0.5 : Number(value));
		fc.assert(
			fc.property(filters, filters, features, (a, b, feature) => {
				const [one, other] = [evaluate(a, feature), evaluate(b, feature)];
				expect(order(evaluate(both('and', a, b), feature))).toBe(Math.min(order(one), order(other)));
				expect(order(evaluate(both('or', a, b), feature))).toBe(Math.max(order(one), order(other)));
				expect(evaluate(not(not(a)), feature)).toBe(one);
				expect(evaluate(not(both('and', a, b)), feature)).toBe(evaluate(both('or', not(a), not(b)), feature));
				expect(evaluate({ op: 'isNull', args: [a] }, feature)).toBe(one === null);
			}),
			{ numRuns: 300, seed: 3 }
		);
	});
});

describe('texts', () => {
	it('are ordered by code point', () => {
		const sorted = ['', 'A', 'B', 'a', 'aa', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '😁'];
		expect(sorted.toReversed().sort(compareText)).toEqual(sorted);
	});

	it.each<[string, string, boolean]>([
		["CASEI(name) = CASEI('STRASSE')", 'Straße', true],
		["CASEI(name) = CASEI('STRAẞE')", 'strasse', true],
		["CASEI(name) = CASEI('οδος')", 'ΟΔΟΣ', true],
		["CASEI(name) LIKE CASEI('ΟΔΟΣ%')", 'ΟΔΟΣΑ', true],
		["CASEI(name) = CASEI('Ilot')", 'ılot', false],
		["CASEI(name) = CASEI('E')", 'é', false],
		["ACCENTI(name) = ACCENTI('Île')", 'Ile', true],
		["ACCENTI(name) = ACCENTI('Île')", 'ile', false],
		["ACCENTI(CASEI(name)) = CASEI(ACCENTI('ÎLE'))", 'ile', true],
		["ACCENTI(CASEI(name)) = ACCENTI(CASEI('İzmir'))", 'izmir', true],
		["ACCENTI(name) = ACCENTI('か')", 'が', false],
		["name = 'É'", 'E\u0301', true],
		["CASEI(name) LIKE CASEI('ÉCO%')", 'écoquartier', true],
		["CASEI(name) IN (CASEI('a'), CASEI('Éco'))", 'ÉCO', true]
	])('%s, of %s', (filter, name, answer) => {
		expect(judge(filter, { name })).toBe(answer);
	});

	it('fold to something else exactly where Unicode says that case folding changes them', () => {
		const wrong: string[] = [];
		for (let code = 0; code < 0x1ffff; code++) {
			const point = String.fromCodePoint(code);
			// Cherokee folds to its capitals: here to its small letters, all of them alike.
			if (/[\p{Script=Cherokee}\ud800-\udfff]/u.test(point)) continue;
			if (/\p{CWCF}/u.test(point) !== (foldCase(point.normalize('NFD')) !== point.normalize('NFD'))) wrong.push(point);
		}
		expect(wrong).toEqual([]);
	});

	it.each<[string, string, boolean]>([
		['a%', 'a', true],
		['%a', 'ba', true],
		['a%a', 'a', false],
		['%', '', true],
		['', '', true],
		['', 'a', false],
		['_', '', false],
		['_', '😀', true],
		['__', '😀', false],
		['%_😀_', 'a😀b😀c', true],
		['%a_c%_e', 'abXaYcZZe', true],
		['%ab%ab', 'ab', false],
		['50\\%', '50%', true],
		['50\\%', '500', false],
		['\\__', '_a', true],
		['\\_', 'a', false],
		['a\\\\%', 'a\\b', true],
		['a\\b', 'a\\b', true],
		['%\n%', 'a\nb', true],
		['.*', 'abc', false]
	])('LIKE %j, of %j', (pattern, text, answer) => {
		expect(likeMatcher(pattern)(text)).toBe(answer);
	});

	it('match a pattern as a regular expression of the same meaning does', () => {
		const letters = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 8 });
		const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '%', '_'), maxLength: 8 });
		fc.assert(
			fc.property(patterns, letters, (pattern, text) => {
				const expression = new RegExp(`^${pattern.replaceAll('%', '[^]*').replaceAll('_', '[^]')}$`, 'u');
				expect(likeMatcher(pattern)(text)).toBe(expression.test(text));
			}),
			{ numRuns: 2000, seed: 5 }
		);
	});
});

describe('moments', () => {
	const feature = { date: '2026-03-01', starts_on: '2026-02-01', updated_at: '2026-03-01T23:30:00.250Z' };
	it.each<[string, boolean]>([
		["date = DATE('2026-03-01')", true],
		["date BETWEEN DATE('2026-02-28') AND DATE('2026-03-01')", true],
		["date IN (DATE('2026-02-28'), DATE('2026-03-01'))", true],
		["updated_at = TIMESTAMP('2026-03-01T23:30:00.25Z')", true],
		["updated_at > TIMESTAMP('2026-03-01T23:30:00Z')", true],
		// Beside a day, a timestamp is the day that it lies in.
		["updated_at = DATE('2026-03-01')", true],
		["updated_at <= DATE('2026-03-01')", true],
		["updated_at > DATE('2026-03-01')", false],
		['updated_at = date', true],
		["T_INTERSECTS(updated_at, INTERVAL('2026-02-01','2026-03-01'))", true],
		["T_DURING(INTERVAL(starts_on, date), INTERVAL('2026-01-31','2026-03-02'))", true],
		["T_MEETS(INTERVAL(starts_on, date), INTERVAL(date, '..'))", true],
		["T_EQUALS(INTERVAL('..','..'), INTERVAL('..','..'))", true]
	])('%s', (filter, answer) => {
		expect(judge(filter, feature)).toBe(answer);
	});

	it('exactly one of the thirteen relations of intervals holds between two of them', () => {
		const instants = fc.integer({ min: 0, max: 5 });
		const span = fc.tuple(instants, instants).filter(([start, end]) => start < end);
		fc.assert(
			fc.property(span, span, (a, b) => {
				const { t_disjoint, t_intersects, ...relations } = temporalRelations;
				expect(Object.values(relations).filter((holds) => holds(a, b))).toHaveLength(1);
				expect(t_disjoint(a, b)).toBe(!t_intersects(a, b));
				expect(t_disjoint(a, b)).toBe(relations.t_before(a, b) || relations.t_after(a, b));
			}),
			{ numRuns: 500, seed: 4 }
		);
	});

	it('a timestamp with an offset, or without a zone, is an instant too', () => {
		const filter = "updated_at = TIMESTAMP('2026-03-01T23:30:00Z')";
		expect(judge(filter, { updated_at: '2026-03-02T00:30:00+01:00' })).toBe(true);
		expect(judge(filter, { updated_at: '2026-03-01 23:30:00+00' })).toBe(true);
		expect(judge(filter, { updated_at: '2026-03-01T23:30:00' })).toBe(true);
	});
});

describe('lists', () => {
	it.each<[string, boolean]>([
		["A_CONTAINS(languages, ('fr'))", true],
		["A_CONTAINS(languages, ('fr', 'de'))", false],
		['A_CONTAINS(languages, ())', true],
		["A_CONTAINEDBY(languages, ('en','fr','de'))", true],
		["A_EQUALS(languages, ('en','fr','en'))", true],
		["A_EQUALS(languages, ('fr'))", false],
		["A_OVERLAPS(('de', name), languages)", true],
		["A_OVERLAPS(languages, (1, TRUE, DATE('2026-01-01')))", false]
	])('%s', (filter, answer) => {
		expect(judge(filter, { languages: ['fr', 'en'], name: 'en' })).toBe(answer);
	});
});

describe('boxes', () => {
	const at = (lon: number, lat = 0): Feature => ({ geometry: { type: 'Point', coordinates: [lon, lat] } });
	const within = (box: string, feature: Feature) => judge(`S_INTERSECTS(geometry, BBOX(${box}))`, feature);

	it('go across the antimeridian where west is greater than east', () => {
		const found = [-180, -175, -170, -169, 0, 169, 170, 175, 180].filter((lon) => within('170,-10,-170,10', at(lon)));
		expect(found).toEqual([-180, -175, -170, 170, 175, 180]);
		expect(within('170,-10,-170,10', at(175, 11))).toBe(false);
	});

	it('whose south is north of their north are refused', () => {
		expect(() => within('0,10,1,5', at(0))).toThrow(FilterSyntaxError);
	});

	it('and geometries are read in the reference system of the filter', () => {
		const crs = ([lat, lon]: [number, number]): [number, number] => [lon, lat];
		const filter = parseText('S_INTERSECTS(geometry, BBOX(47,-2,48,-1)) AND S_DISJOINT(geometry, POINT(47.5 -1.5))', queryables);
		const matches = compile(filter, { crs });
		expect([at(-1.2, 47.1), at(-1.5, 47.5), at(47.1, -1.2)].map((feature) => matches((name) => feature[name]))).toEqual([
			true,
			false,
			false
		]);
		expect(boundsOf(filter, { crs })).toEqual([-2, 47, -1, 48]);
	});

	it('of a projected system bend', () => {
		// A system whose parallels are arcs: its box reaches beyond its corners.
		const crs = ([x, y]: [number, number]): [number, number] => [x, y - (x * x) / 10];
		const filter = parseText('S_INTERSECTS(geometry, BBOX(-10,0,10,1))', queryables);
		const matches = compile(filter, { crs });
		expect([at(0, 0.5), at(9, -8.1 + 0.5), at(0, -5)].map((feature) => matches((name) => feature[name]))).toEqual([
			true,
			true,
			false
		]);
		expect(boundsOf(filter, { crs })).toEqual([-10, -10, 10, 1]);
	});

	it.each<[string, [number, number, number, number] | null]>([
		['S_INTERSECTS(geometry, BBOX(0,1,2,3))', [0, 1, 2, 3]],
		['S_WITHIN(POINT(1 2), geometry) AND TRUE', [1, 2, 1, 2]],
		["name = 'a' AND S_WITHIN(geometry, POLYGON((0 0,4 0,4 4,0 0))) AND S_CROSSES(geometry, BBOX(-1,1,3,9))", [0, 1, 3, 4]],
		['S_INTERSECTS(geometry, BBOX(170,-10,-170,10))', [170, -10, -170, 10]],
		['S_INTERSECTS(geometry, BBOX(170,-10,-170,10)) AND S_INTERSECTS(geometry, BBOX(160,0,175,20))', [160, 0, 175, 10]],
		['S_INTERSECTS(geometry, BBOX(0,0,1,1)) AND S_INTERSECTS(geometry, BBOX(2,2,3,3))', [0, 0, 1, 1]],
		['S_INTERSECTS(geometry, BBOX(0,0,1,1)) OR TRUE', null],
		['NOT S_INTERSECTS(geometry, BBOX(0,0,1,1))', null],
		['S_DISJOINT(geometry, BBOX(0,0,1,1))', null],
		['S_INTERSECTS(POINT(0 0), BBOX(0,0,1,1))', null]
	])('bound a search: %s', (filter, bounds) => {
		expect(boundsOf(parseText(filter, queryables))).toEqual(bounds);
	});

	it('bound a search so that nothing outside them ever matches', () => {
		const points = fc.record({ geometry: fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })) });
		fc.assert(
			fc.property(filters, points, (filter, { geometry: [lon, lat] }) => {
				const bounds = boundsOf(filter);
				if (!bounds || evaluate(filter, at(lon, lat)) !== true) return;
				const [west, south, east, north] = bounds;
				expect(lat >= south && lat <= north && (west <= east ? lon >= west && lon <= east : lon >= west || lon <= east)).toBe(
					true
				);
			}),
			{ numRuns: 500, seed: 11 }
		);
	});
});
