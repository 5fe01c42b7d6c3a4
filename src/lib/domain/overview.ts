import { freshnessLevels } from './freshness.ts';
import type { Freshness } from './freshness.ts';

/** The facts a reader of data asks about first, in the order in which they are shown. */
export const watchedFacts = [
	...(['position', 'opening_hours', 'phone', 'address', 'website', 'email', 'summary', 'description'] as const),
	...(['wheelchair', 'audience', 'cost', 'booking', 'languages', 'photos'] as const)
];
export type WatchedFact = (typeof watchedFacts)[number];

export type Levels = Record<Freshness, number>;

/** Of how many places a fact is known, and how fresh it is there. */
export interface FactOverview extends Levels {
	fact: WatchedFact;
	known: number;
}

/** What a dataset looks like from afar. Days are `YYYY-MM-DD`; null where there is no place. */
export interface Overview {
	places: number;
	/** Of its places, each as fresh as the oldest of what matters. */
	freshness: Levels;
	facts: FactOverview[];
	/** The first day on which one of its places came. */
	first: string | null;
	/** The instant at which one of its places last changed. */
	modified: string | null;
	/** The last day on which somebody vouched for a fact of one of its places. */
	checked: string | null;
}

const noLevels = (): Levels => ({ fresh: 0, ageing: 0, stale: 0 });
export const emptyOverview = (): Overview => ({
	places: 0,
	freshness: noLevels(),
	facts: watchedFacts.map((fact) => ({ fact, known: 0, ...noLevels() })),
	first: null,
	modified: null,
	checked: null
});

/** Share of what is known of what could be, 0 to 1. */
export function completeness({ places, facts }: Overview): number {
	const known = facts.reduce((sum, fact) => sum + fact.known, 0);
	return places === 0 ? 0 : known / (places * facts.length);
}

/** Parts of a whole in per cent that add up to a hundred; all zero of nothing. */
export function percentages(levels: Levels): Levels {
	const total = freshnessLevels.reduce((sum, level) => sum + levels[level], 0);
	if (total === 0) return noLevels();
	const fresh = Math.round((levels.fresh / total) * 100);
	const stale = Math.round((levels.stale / total) * 100);
	const ageing = 100 - fresh - stale;
	return ageing >= 0 ? { fresh, ageing, stale } : { fresh: fresh + ageing, ageing: 0, stale };
}
