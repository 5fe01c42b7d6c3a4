import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOpeningHours } from '../../src/lib/domain/opening-hours-check.ts';
import type { TestSupabase } from '../support/database.ts';
import { borrowTestSupabase } from '../support/lent-database.ts';
import { mutatedOpeningHours, openingHours } from '../support/opening-hours-arbitrary.ts';

const cases = JSON.parse(readFileSync(new URL('../support/opening-hours-cases.json', import.meta.url), 'utf8')) as {
	value: string;
	sql: boolean;
	why: string;
}[];

let database: TestSupabase;

beforeAll(async () => {
	database = await borrowTestSupabase();
});

afterAll(() => database.stop());

/** What the database says to each value, in order; null is no complaint. */
async function complaints(values: string[]): Promise<(string | null)[]> {
	const rows = await database.sql<{ complaint: string | null }>(
		`select private.opening_hours_error(value #>> '{}') as complaint from jsonb_array_elements($1::jsonb) with ordinality as each (value, i) order by i`,
		[JSON.stringify(values)]
	);
	return rows.map(({ complaint }) => complaint);
}

describe('the grammar of opening hours in the database', () => {
	it('says to every case what the file of cases says', async () => {
		const said = await complaints(cases.map(({ value }) => value));
		const wrong = cases.map(({ value, sql, why }, i) => ({ value, why, sql, said: said[i] ?? null }));
		expect(wrong.filter(({ sql, said }) => sql !== (said === null))).toEqual([]);
	});

	it('answers by true and false too, and nothing about nothing', async () => {
		const rows = await database.sql(
			`select private.is_opening_hours('24/7') as yes, private.is_opening_hours('jamais') as no, private.is_opening_hours(null) as nothing`
		);
		expect(rows).toEqual([{ yes: true, no: false, nothing: null }]);
	});

	it('names the rule that it does not understand', async () => {
		expect(await complaints(['Mo 09:00-12:00; Tu 9h-12h'])).toEqual([expect.stringContaining('rule 2, "Tu 9h-12h"')]);
	});

	it('holds for each example that it documents', async () => {
		const wrong = await database.sql(`
			select name, example from private.opening_hours_grammar
			where name in ('times', 'span') and not private.is_opening_hours(example)
				or name in ('days', 'inside', 'in_long', 'dated', 'easter', 'period', 'whole_months', 'one_year', 'weekdays')
					and not private.is_opening_hours(example || ' 10:00-12:00')
		`);
		expect(wrong).toEqual([]);
	});

	it('refuses the longest nonsense at once', async () => {
		const started = performance.now();
		const values = [
			'Mo,'.repeat(166),
			'1-'.repeat(250),
			'"a" '.repeat(125),
			'09:00-12:00,'.repeat(41),
			'(sunset-'.repeat(62),
			`"${'a'.repeat(499)}"`
		];
		expect(await complaints(values)).not.toContain(null);
		expect(performance.now() - started).toBeLessThan(2000);
	});

	it('takes nothing that opening_hours.js doubts, whatever is made along the grammar or mutated', async () => {
		const values = fc.array(fc.oneof(openingHours, mutatedOpeningHours), { minLength: 100, maxLength: 100, size: 'max' });
		let taken = 0;
		await fc.assert(
			fc.asyncProperty(values, async (some) => {
				const said = await complaints(some);
				const accepted = some.filter((_, i) => said[i] === null);
				taken += accepted.length;
				expect(accepted.filter((value) => !checkOpeningHours(value).ok)).toEqual([]);
			}),
			{ numRuns: 15, seed: 20_261_121 }
		);
		expect(taken).toBeGreaterThan(30);
	});
});
