import type { Node, TemporalFunction } from './expression.ts';
import { typeOf } from './expression.ts';

/** Milliseconds of the first and the last instant, which both belong to it; one that has no bound is infinite. */
export type Span = readonly [start: number, end: number];

/**
 * The relations of intervals (OGC 21-065r2, tables 5 and 6; https://www.w3.org/TR/owl-time/). An instant begins and ends at once.
 */
export const temporalRelations: Readonly<Record<TemporalFunction, (a: Span, b: Span) => boolean>> = {
	t_after: (a, b) => a[0] > b[1],
	t_before: (a, b) => a[1] < b[0],
	t_disjoint: (a, b) => a[0] > b[1] || a[1] < b[0],
	t_equals: (a, b) => a[0] === b[0] && a[1] === b[1],
	t_intersects: (a, b) => a[0] <= b[1] && a[1] >= b[0],
	t_contains: (a, b) => a[0] < b[0] && a[1] > b[1],
	t_during: (a, b) => a[0] > b[0] && a[1] < b[1],
	t_finishedBy: (a, b) => a[0] < b[0] && a[1] === b[1],
	t_finishes: (a, b) => a[0] > b[0] && a[1] === b[1],
	t_meets: (a, b) => a[1] === b[0],
	t_metBy: (a, b) => a[0] === b[1],
	t_overlappedBy: (a, b) => b[0] < a[0] && a[0] < b[1] && b[1] < a[1],
	t_overlaps: (a, b) => a[0] < b[0] && b[0] < a[1] && a[1] < b[1],
	t_startedBy: (a, b) => a[0] === b[0] && a[1] > b[1],
	t_starts: (a, b) => a[0] === b[0] && a[1] < b[1]
};

/** Whether instants are compared by day: the coarser of two says so. */
export function isByDay(nodes: readonly Node[]): boolean {
	return nodes.some((node) => {
		if (typeof node === 'object' && 'interval' in node)
			return node.interval.some((bound) => (typeof bound === 'string' ? bound.length === 10 : bound.type === 'date'));
		return typeOf(node) === 'date';
	});
}
