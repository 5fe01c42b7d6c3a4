import { expect, it } from 'vitest';
import { brokenPromise } from '../../src/lib/domain/promise.ts';
import type { Frequency } from '../../src/lib/domain/taxonomy.ts';

const today = '2026-11-22';
const seen = (modified: string | null, checked: string | null = null) => ({
	modified: modified && `${modified}T10:00:00Z`,
	checked
});

it.each<[Frequency, string, string]>([
	['DAILY', '2026-11-20', '2026-11-19'],
	['WEEKLY', '2026-11-14', '2026-11-13'],
	['MONTHLY', '2026-10-21', '2026-10-20'],
	['QUARTERLY', '2026-08-21', '2026-08-20'],
	['ANNUAL', '2025-11-20', '2025-11-19']
])('%s is kept by a change on %s and broken by one on %s', (frequency, kept, broken) => {
	expect(brokenPromise({ frequency }, seen(kept), today)).toBeNull();
	expect(brokenPromise({ frequency }, seen(broken), today)).toEqual({ frequency, since: broken });
});

it('a check keeps it as a change does, for what is right has nothing to change', () => {
	expect(brokenPromise({ frequency: 'WEEKLY' }, seen('2026-01-01', '2026-11-20'), today)).toBeNull();
	expect(brokenPromise({ frequency: 'WEEKLY' }, seen('2026-01-01', '2026-02-01'), today)?.since).toBe('2026-02-01');
	expect(brokenPromise({ frequency: 'WEEKLY' }, seen('2026-11-20', '2026-01-01'), today)).toBeNull();
});

it('nothing is promised where no rhythm is, of what cannot be had, and of what is empty', () => {
	for (const frequency of ['UPDATE_CONT', 'IRREG', 'UNKNOWN', undefined] as const)
		expect(brokenPromise(frequency ? { frequency } : {}, seen('2020-01-01'), today)).toBeNull();
	expect(brokenPromise({ frequency: 'DAILY', state: 'planned' }, seen('2020-01-01'), today)).toBeNull();
	expect(brokenPromise({ frequency: 'DAILY' }, seen(null), today)).toBeNull();
});
