import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systems } from '../../src/lib/geo/crs.ts';
import { findOperation } from '../../src/lib/server/opendata/ogc/ask.ts';
import { operations } from '../../src/lib/server/opendata/ogc/operations.ts';
import type { Parameter } from '../../src/lib/server/opendata/ogc/operation.ts';
import { openOgc } from '../support/ogc.ts';
import type { OgcApi } from '../support/ogc.ts';

let api: OgcApi;
beforeAll(async () => {
	api = await openOgc(40, { mixed: true });
});
afterAll(() => api.stop());

const allowed = [200, 204, 304, 400, 404, 406, 410, 413];
const strange = fc.oneof(
	fc.string({ unit: 'grapheme' }),
	fc.string({ unit: 'binary' }),
	fc.constantFrom('', ' ', '%', '..', '../..', 'null', '-0')
);
const number = fc.oneof(
	fc.double().map(String),
	fc.integer().map(String),
	fc.constantFrom('1e400', '-1e-400', 'NaN', 'Infinity')
);

/** Values that a parameter might be given: right ones, and wrong ones that look alike. */
function valuesOf({ name, schema }: Parameter): fc.Arbitrary<string> {
	if (name.endsWith('crs')) return fc.oneof(fc.constantFrom(...systems.map(({ uri }) => uri)), strange);
	if (name === 'sortby')
		return fc.oneof(fc.array(fc.constantFrom('name', '-updated_at', '+id', ' kind', 'x')).map(String), strange);
	if (schema.type === 'array') return fc.oneof(fc.array(number, { minLength: 3, maxLength: 7 }).map(String), strange);
	if (name === 'datetime')
		return fc.oneof(
			fc.tuple(moment, moment).map((two) => two.join('/')),
			moment,
			strange
		);
	if (name === 'filter') return fc.oneof(filter, strange);
	if (schema.enum) return fc.oneof(fc.constantFrom(...schema.enum), strange);
	return fc.oneof(number, strange, fc.uuid());
}

const moment = fc.oneof(
	fc.constantFrom('..', '', '2026-02-30T00:00:00Z', '2026-01-01', '2026-13-01T25:00:00Z'),
	fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
);
const word = fc.constantFrom(
	...['name', 'kind', 'geometry', "'x'", '1', '(', ')', 'AND', 'OR', 'NOT', '=', '<', 'LIKE', 'IN', 'BETWEEN', 'IS NULL', ','],
	...['BBOX(1,2,3,4)', 'S_INTERSECTS', 'POINT(1 2)', "DATE('2026-01-01')", 'CASEI', '"kind"', "'", '*', 'T_AFTER', 'updated_at']
);
const filter = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));

/** A path of the table, its parts filled. */
const path = fc.constantFrom(...operations.map((operation) => operation.path)).chain((template) => {
	const parts: Record<string, fc.Arbitrary<string>> = {
		collectionId: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('places', 'places-odbl') }, strange),
		featureId: fc.oneof(fc.uuid(), strange),
		tileMatrixSetId: fc.oneof({ weight: 4, arbitrary: fc.constant('WebMercatorQuad') }, strange),
		tileMatrix: fc.oneof(fc.integer({ min: -1, max: 16 }).map(String), strange),
		tileRow: fc.oneof(fc.nat(2000).map(String), strange),
		tileCol: fc.oneof(fc.nat(2000).map(String), strange)
	};
	return fc.record(parts).map((values) => template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!)));
});

const asked = path.chain((where) => {
	const known = findOperation(where)?.operation.parameters ?? [];
	const one = fc.oneof(
		{ weight: 8, arbitrary: fc.constantFrom(...(known.length > 0 ? known : operations[0]!.parameters)) },
		{ weight: 1, arbitrary: fc.string().map((name): Parameter => ({ name, description: { fr: '', en: '' }, schema: {} })) }
	);
	const pair = one.chain((parameter) => valuesOf(parameter).map((value): [string, string] => [parameter.name, value]));
	return fc.array(pair, { maxLength: 4 }).map((pairs) => `${where}?${new URLSearchParams(pairs).toString()}`);
});

describe('whatever is asked', () => {
	it('the answer is one of the statuses of the document, and an error says what is wrong', async () => {
		const seen = new Set<number>();
		await fc.assert(
			fc.asyncProperty(asked, async (address) => {
				const response = await api.get(address);
				seen.add(response.status);
				expect(allowed).toContain(response.status);
				if (response.status < 400) return;
				const body = (await response.json()) as Record<string, unknown>;
				expect(body['description']).toBeTruthy();
				expect(body['code']).toBeTruthy();
			}),
			{ numRuns: 800 }
		);
		expect([...seen]).toEqual(expect.arrayContaining([200, 400, 404]));
	});
});
