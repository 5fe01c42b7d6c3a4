import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterSyntaxError, parseJson, parseText } from '../../src/lib/server/opendata/cql2/cql2.ts';
import { filters, queryables, toJson, toText } from '../support/cql2.ts';

const name = { property: 'name' };
const geometry = { property: 'geometry' };
const ring = [
	[0, 0],
	[4, 0],
	[4, 4],
	[0, 0]
];

describe('the text and the JSON encoding of CQL2', () => {
	it.each<[string, unknown]>([
		['TRUE', true],
		["name = 'Étang'", { op: '=', args: [name, 'Étang'] }],
		['version<>3', { op: '<>', args: [{ property: 'version' }, 3] }],
		['version < > 3', { op: '<>', args: [{ property: 'version' }, 3] }],
		['open = true', { op: '=', args: [{ property: 'open' }, true] }],
		['"date" <= DATE(\'2026-01-31\')', { op: '<=', args: [{ property: 'date' }, { date: '2026-01-31' }] }],
		['date IS NULL', { op: 'isNull', args: [{ property: 'date' }] }],
		[
			"updated_at > TIMESTAMP('2026-01-31T09:30:00.5Z')",
			{ op: '>', args: [{ property: 'updated_at' }, { timestamp: '2026-01-31T09:30:00.5Z' }] }
		],
		['name IS NOT NULL', { op: 'not', args: [{ op: 'isNull', args: [name] }] }],
		["name like 'Eco%'", { op: 'like', args: [name, 'Eco%'] }],
		["name NOT LIKE '50\\%'", { op: 'not', args: [{ op: 'like', args: [name, '50\\%'] }] }],
		[
			'version BETWEEN 1 AND 3 AND open=false',
			{
				op: 'and',
				args: [
					{ op: 'between', args: [{ property: 'version' }, 1, 3] },
					{ op: '=', args: [{ property: 'open' }, false] }
				]
			}
		],
		['version not between 1 and 3', { op: 'not', args: [{ op: 'between', args: [{ property: 'version' }, 1, 3] }] }],
		["name IN ('a','b')", { op: 'in', args: [name, ['a', 'b']] }],
		["name NOT IN ('a')", { op: 'not', args: [{ op: 'in', args: [name, ['a']] }] }],
		[
			"CASEI(name) = casei('Straße')",
			{
				op: '=',
				args: [
					{ op: 'casei', args: [name] },
					{ op: 'casei', args: ['Straße'] }
				]
			}
		],
		[
			'accenti(CaseI("like")) LIKE accenti(\'é_\')',
			{
				op: 'like',
				args: [
					{ op: 'accenti', args: [{ op: 'casei', args: [{ property: 'like' }] }] },
					{ op: 'accenti', args: ['é_'] }
				]
			}
		],
		[
			"NOT name='a' OR name='b' AND open=true AND version=1",
			{
				op: 'or',
				args: [
					{ op: 'not', args: [{ op: '=', args: [name, 'a'] }] },
					{
						op: 'and',
						args: [
							{ op: '=', args: [name, 'b'] },
							{ op: '=', args: [{ property: 'open' }, true] },
							{ op: '=', args: [{ property: 'version' }, 1] }
						]
					}
				]
			}
		],
		[
			'S_INTERSECTS(geometry, POINT(-1.55 47.2))',
			{ op: 's_intersects', args: [geometry, { type: 'Point', coordinates: [-1.55, 47.2] }] }
		],
		['s_within(geometry,bbox(170,-10,-170,10))', { op: 's_within', args: [geometry, { bbox: [170, -10, -170, 10] }] }],
		['S_WITHIN(geometry,BBOX(1,2,-5,3,4,50))', { op: 's_within', args: [geometry, { bbox: [1, 2, -5, 3, 4, 50] }] }],
		[
			'S_DISJOINT(geometry,POLYGON Z((0 0 9,4 0 9,4 4 9,0 0 9)))',
			{ op: 's_disjoint', args: [geometry, { type: 'Polygon', coordinates: [ring] }] }
		],
		[
			'S_TOUCHES(geometry,MULTIPOINT((1 2),(3 4)))',
			{
				op: 's_touches',
				args: [
					geometry,
					{
						type: 'MultiPoint',
						coordinates: [
							[1, 2],
							[3, 4]
						]
					}
				]
			}
		],
		[
			'S_CROSSES(geometry,GEOMETRYCOLLECTION(LINESTRING(0 0,1e1 1),MULTIPOLYGON(((0 0,4 0,4 4,0 0)))))',
			{
				op: 's_crosses',
				args: [
					geometry,
					{
						type: 'GeometryCollection',
						geometries: [
							{
								type: 'LineString',
								coordinates: [
									[0, 0],
									[10, 1]
								]
							},
							{ type: 'MultiPolygon', coordinates: [[ring]] }
						]
					}
				]
			}
		],
		[
			"T_AFTER(updated_at, INTERVAL('..','2026-01-01T00:00:00Z'))",
			{ op: 't_after', args: [{ property: 'updated_at' }, { interval: ['..', '2026-01-01T00:00:00Z'] }] }
		],
		[
			"T_FINISHEDBY(INTERVAL(starts_on,\"date\"), INTERVAL('2026-01-01','..'))",
			{
				op: 't_finishedBy',
				args: [{ interval: [{ property: 'starts_on' }, { property: 'date' }] }, { interval: ['2026-01-01', '..'] }]
			}
		],
		["A_CONTAINEDBY(languages, ('fr','en'))", { op: 'a_containedBy', args: [{ property: 'languages' }, ['fr', 'en']] }],
		['A_EQUALS(languages, ())', { op: 'a_equals', args: [{ property: 'languages' }, []] }],
		[
			'population = 1 - 2 - -3 * version ^ 2 div 4',
			{
				op: '=',
				args: [
					{ property: 'population' },
					{
						op: '-',
						args: [
							{ op: '-', args: [1, 2] },
							{ op: 'div', args: [{ op: '*', args: [-3, { op: '^', args: [{ property: 'version' }, 2] }] }, 4] }
						]
					}
				]
			}
		],
		[
			'-version < (.5 + 5.) * 2',
			{
				op: '<',
				args: [
					{ op: '*', args: [-1, { property: 'version' }] },
					{ op: '*', args: [{ op: '+', args: [0.5, 5] }, 2] }
				]
			}
		],
		[
			"'a' = \"élan:vital.2\" AND élan:vital.2 = 'a'",
			{
				op: 'and',
				args: [
					{ op: '=', args: ['a', { property: 'élan:vital.2' }] },
					{ op: '=', args: [{ property: 'élan:vital.2' }, 'a'] }
				]
			}
		],
		["(name = 'a') IS NULL", { op: 'isNull', args: [{ op: '=', args: [name, 'a'] }] }]
	])('say the same: %s', (text, json) => {
		expect(parseText(text, queryables)).toEqual(parseJson(json, queryables));
	});

	it('a quote in a text is doubled or escaped, and control characters are escaped', () => {
		for (const [text, value] of [
			["'l''étang'", "l'étang"],
			["'l\\'étang'", "l'étang"],
			["''", ''],
			["''''", "'"],
			["'\\a\\b\\t\\n\\v\\f\\r'", '\x07\b\t\n\v\f\r'],
			["'C:\\\\temp'", 'C:\\temp'],
			["'50\\% \\q'", '50\\% \\q'],
			["'\"'", '"']
		])
			expect(parseText(`name = ${text}`, queryables)).toEqual(parseJson({ op: '=', args: [name, value] }, queryables));
	});

	it('every filter that is written out reads back as the same tree, in both encodings', () => {
		fc.assert(
			fc.property(filters, (filter) => {
				expect(parseText(toText(filter), queryables)).toEqual(filter);
				expect(parseJson(toJson(filter), queryables)).toEqual(filter);
			}),
			{ numRuns: 300, seed: 7 }
		);
	});
});

describe('a filter that means nothing', () => {
	it.each([
		['', 'At character 1, expected a name or a value, but found the end of the filter.'],
		['name', 'At character 1, expected a condition, but found a text.'],
		['open', 'At character 1, expected a condition, but found only a name: write that it = true.'],
		['nmae = 1', 'At character 1, expected the name of a queryable, but there is none called "nmae".'],
		['constructor = 1', 'At character 1, expected the name of a queryable, but there is none called "constructor".'],
		["name = 'a", 'At character 8, expected the quote to be closed.'],
		["name = 'a' name", 'At character 12, expected the end of the filter, AND or OR, but found "name".'],
		['name = 1', 'At character 8, expected a text to compare with, but found a number.'],
		[
			"date = '2026-01-31'",
			"At character 8, expected a date to compare with, but found a text: write DATE('…') or TIMESTAMP('…')."
		],
		["date = DATE('2026-02-30')", 'At character 8, expected a date such as 2026-01-31, but found "2026-02-30".'],
		[
			'name like like',
			'At character 11, expected a name or a value (a name that is a keyword goes in double quotes), but found "like".'
		],
		['name LIKE name', 'At character 11, expected a pattern: a text in quotes, or CASEI or ACCENTI of one.'],
		['version IN ()', 'At character 12, expected a list of values.'],
		['version = 1e999', 'At character 11, expected a number that is not so large.'],
		['buffer(geometry, 3)', 'At character 1, expected a function of CQL2: there are no others.'],
		['S_INTERSECTS(geometry)', 'At character 1, expected two arguments.'],
		['S_INTERSECTS(name, POINT(1 2))', 'At character 14, expected a geometry, but found a text.'],
		[
			'S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1)))',
			'At character 49, expected a ring of a polygon to end where it begins.'
		],
		['S_INTERSECTS(geometry, BBOX(1,2,3))', 'At character 24, expected four or six numbers in a box.'],
		["T_DURING(updated_at, INTERVAL('..','2026-01-01'))", 'At character 10, expected an interval, but found a timestamp.'],
		["T_AFTER(date, INTERVAL('2027-01-01','2026-01-01'))", 'At character 15, expected an interval that begins before it ends.'],
		['name = ‘a’', 'At character 8, expected a name, a value or an operator, but found "‘a’".']
	])('%s', (text, message) => {
		expect(() => parseText(text, queryables)).toThrow(new FilterSyntaxError(message));
	});

	it.each<[unknown, string]>([
		[null, 'At $, expected an object.'],
		[{}, 'At $, expected an object with op, property, date, timestamp, interval, bbox or the type of a geometry.'],
		[{ op: 'and', args: [true] }, 'At $, expected two conditions or more.'],
		[{ op: '__proto__', args: [] }, 'At $.op, expected an operator or a function of CQL2, but found "__proto__".'],
		[
			{ op: 'not', args: [{ op: '=', args: [name, 3] }] },
			'At $.args[0].args[1], expected a text to compare with, but found a number.'
		],
		[
			{ op: 'isNull', args: [{ property: 'toString' }] },
			'At $.args[0], expected the name of a queryable, but there is none called "toString".'
		],
		[
			{ op: 's_within', args: [geometry, { type: 'Point', coordinates: [1] }] },
			'At $.args[1].coordinates, expected a position: two numbers or three.'
		],
		[
			{ op: 't_equals', args: [{ property: 'date' }, { interval: ['..', 'now'] }] },
			'At $.args[1].interval, expected a date, a timestamp or \'..\' as a bound of an interval, but found "now".'
		]
	])('%j', (json, message) => {
		expect(() => parseJson(json, queryables)).toThrow(new FilterSyntaxError(message));
	});
});
