import type { View } from '../published/view.ts';

export const maxChanges = 1000;

/** A page of the feed. `next` is the address to ask from the next time, also when nothing is new. */
export function changesAfter(view: View, since: number, limit: number, origin: string) {
	const changes = view.recent.filter(({ seq }) => seq > since).slice(0, limit);
	const last = changes.at(-1)?.seq ?? since;
	return {
		seq: view.seq,
		next: `${origin}/data/changes?since=${last}&limit=${limit}`,
		changes: changes.map(({ intoId, ...change }) => ({ ...change, into_id: intoId }))
	};
}

/** Whether this node still knows all that came after `since`. */
export function remembers(view: View, since: number): boolean {
	return since >= view.seq || (view.recent[0]?.seq ?? Infinity) <= since + 1;
}
