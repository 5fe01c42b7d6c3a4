import { shownFacts } from './fact-form.ts';
import type { Place } from './place.ts';
import { sameValue } from './proposal.ts';

export interface Row {
	fact: string;
	/** Of the place that goes. */
	gone: unknown;
	/** Of the place that stays. */
	kept: unknown;
	/** Which one to keep unless somebody chooses: what stays, where it says anything. */
	take: boolean;
}

const apart = new Set(['kind', 'category', 'openness', 'fact_openness', 'licence', 'steward', 'precision', 'part_of', 'photos']);
const empty = (value: unknown): boolean => sameValue(value, null);

/**
 * The facts in which two places differ, for somebody who makes them one. Who answers for the place, its category and how open it is stay as they
 * are; of what is done at the place that goes, each offer can come along.
 */
export function differences(gone: Place, kept: Place): Row[] {
	const [theirs, ours] = [shownFacts(gone), shownFacts(kept)];
	const sameCategory = gone.category === kept.category;
	return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((fact): Row[] => {
		if (apart.has(fact) || fact.includes('offer:') || (fact.startsWith('extra.') && !sameCategory)) return [];
		const row = { fact, gone: theirs[fact] ?? null, kept: ours[fact] ?? null };
		if (sameValue(row.gone, row.kept) || empty(row.gone)) return [];
		return [{ ...row, take: empty(row.kept) }];
	});
}
