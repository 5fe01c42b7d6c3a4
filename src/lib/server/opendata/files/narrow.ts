import type { Dataset } from '../../../domain/taxonomy.ts';
import { FilterError, parseFilters } from '../../published/filters.ts';
import type { Selection } from '../../published/select.ts';
import type { View } from '../../published/view.ts';
import { selectionOf } from '../datasets.ts';

/** The filters of the map that a file takes too. */
export const fileFilters = [
	...(['q', 'theme', 'category', 'area', 'kind', 'open'] as const),
	...(['wheelchair', 'cost', 'audience', 'language', 'checked', 'bbox'] as const)
];

/**
 * Which places of a dataset a query string asks for; `filters` is null when it asks for all of them.
 * @throws FilterError for a parameter that is not one of `allowed`, twice there, or of a value that means nothing
 */
export function narrow(
	view: View,
	dataset: Dataset,
	query: URLSearchParams,
	{ allowed, now }: { allowed: readonly string[]; now: number }
): { selection: Selection; filters: Selection | null } {
	onlyOnce(query, allowed);
	const { limit: _limit, offset: _offset, ...filters } = parseFilters(query, { clock: () => view.clock(now), strict: true });
	const own = selectionOf(dataset);
	const none = Object.keys(filters).length === 0;
	return none ? { selection: own, filters: null } : { selection: both(view, own, filters), filters };
}

/** @throws FilterError for a parameter that is not one of `allowed`, or twice there */
export function onlyOnce(query: URLSearchParams, allowed: readonly string[]): void {
	for (const name of query.keys()) {
		if (!allowed.includes(name)) throw new FilterError(name, `There is no parameter ${name}: there are ${allowed.join(', ')}.`);
		if (query.getAll(name).length > 1) throw new FilterError(name, `${name} can be given once.`);
	}
}

/** No category has this slug. */
const nothing: Selection = { category: '' };

function both(view: View, own: Selection, asked: Selection): Selection {
	if (own.theme !== undefined && asked.theme !== undefined && own.theme !== asked.theme) return nothing;
	if (own.area === undefined || asked.area === undefined) return { ...own, ...asked };
	const within = (inner: string, outer: string) => inner === outer || view.reference.ancestors(inner).includes(outer);
	if (within(asked.area, own.area)) return { ...own, ...asked };
	return within(own.area, asked.area) ? { ...own, ...asked, area: own.area } : nothing;
}
