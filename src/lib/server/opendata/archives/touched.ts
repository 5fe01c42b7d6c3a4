import type { Tombstone } from '../../../domain/place.ts';
import type { Change, View } from '../../published/view.ts';

/** A value that is closed or withheld is announced as an update: only what adds or confirms takes nothing away. */
const harmless: ReadonlySet<string> = new Set(['created', 'verified', 'reopened']);
/** Ends that say that a place should not have been on the map. */
const mistakes: ReadonlySet<string | null> = new Set(['undone', 'never_existed']);

/** Who ended or merged in public may stay in what was written before; what is taken back of it later is announced as `withdrawn`. */
export const isFarewell = ({ kind, reason }: Pick<Tombstone | Change, 'kind' | 'reason'>): boolean =>
	kind === 'merged' || (kind === 'ended' && !mistakes.has(reason));

/** The places from which something may have gone after a change; null when too much has happened since, or another past, to name them. */
export function touchedSince({ seq, recent }: View, checked: number): ReadonlySet<string> | null {
	if (checked > seq) return null;
	if (checked < seq && (recent.oldest ?? Infinity) > checked + 1) return null;
	const losing = recent
		.since(checked)
		.filter((change) => change.subject === 'place' && !harmless.has(change.kind) && !isFarewell(change));
	return new Set(losing.map(({ id }) => id));
}
