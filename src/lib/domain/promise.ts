import { dayNumber } from './freshness.ts';
import type { Overview } from './overview.ts';
import type { Dataset, Frequency } from './taxonomy.ts';

/**
 * Days that may pass under a promise, with one to spare. What is published as it happens is late when nobody says so: without a rhythm
 * there is no promise to break.
 */
const allowed: Readonly<Record<Frequency, number | null>> = {
	DAILY: 2,
	WEEKLY: 8,
	MONTHLY: 32,
	QUARTERLY: 93,
	ANNUAL: 367,
	...{ UPDATE_CONT: null, IRREG: null, UNKNOWN: null }
};

/** A promise that was not kept. */
export interface BrokenPromise {
	frequency: Frequency;
	/** The last day on which something changed or was found to be right still, `YYYY-MM-DD`. */
	since: string;
}

/**
 * What was promised of a dataset, where that has not been kept: neither a change nor a check for longer than its frequency says. A check
 * counts, for data that is right has nothing to change. Null for what cannot be had and what holds nothing.
 * @param today `YYYY-MM-DD`
 */
export function brokenPromise(
	{ frequency = 'UNKNOWN', state = 'open' }: Pick<Dataset, 'frequency' | 'state'>,
	{ modified, checked }: Pick<Overview, 'modified' | 'checked'>,
	today: string
): BrokenPromise | null {
	const days = allowed[frequency];
	const changed = modified?.slice(0, 10) ?? '';
	const since = checked !== null && checked > changed ? checked : changed;
	if (days === null || state !== 'open' || since === '') return null;
	return dayNumber(today) - dayNumber(since) > days ? { frequency, since } : null;
}
