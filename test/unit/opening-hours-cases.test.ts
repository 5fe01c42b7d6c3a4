import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkOpeningHours } from '../../src/lib/domain/opening-hours-check.ts';
import { weekTable } from '../../src/lib/domain/opening-hours.ts';

interface Case {
	value: string;
	sql: boolean;
	js: boolean;
	why: string;
}

const cases = JSON.parse(readFileSync(new URL('../support/opening-hours-cases.json', import.meta.url), 'utf8')) as Case[];

describe('the cases that the database is tested with', () => {
	it('are many, and none is taken by the database alone', () => {
		expect(cases.length).toBeGreaterThanOrEqual(120);
		expect(cases.filter(({ sql, js }) => sql && !js)).toEqual([]);
		expect(new Set(cases.map(({ value }) => value)).size).toBe(cases.length);
	});

	it.each(cases)('opening_hours.js says $js to $value ($why)', ({ value, js }) => {
		expect(checkOpeningHours(value).ok).toBe(js);
	});

	it.each(cases.filter(({ sql }) => sql))('$value has a table', ({ value }) => {
		expect(weekTable(value)).not.toBeNull();
	});
});
