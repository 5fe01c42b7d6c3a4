import type { Tombstone } from '../../domain/place.ts';
import type { Change } from './view.ts';

/** The kinds of changes after which a place is no longer on the public map. */
export const departureKinds = ['ended', 'merged', 'withdrawn'] as const;

/** After these something that was public is no more: what was made of it must not be handed out much longer. */
export const leavingKinds: ReadonlySet<string> = new Set([...departureKinds, 'redacted']);

/** What such a change leaves behind; null for the others. */
export function tombstoneOf({ subject, id, kind, at, reason, intoId }: Change): Tombstone | null {
	const departure = departureKinds.find((name) => name === kind);
	return subject === 'place' && departure ? { id, kind: departure, on: at.slice(0, 10), reason, intoId } : null;
}

/** The last one of each place in ascending changes. */
export function tombstonesOf(changes: readonly Change[]): Map<string, Tombstone> {
	const found = new Map<string, Tombstone>();
	for (const change of changes) {
		const tombstone = tombstoneOf(change);
		if (tombstone) found.set(tombstone.id, tombstone);
	}
	return found;
}
