import { FilterError } from '../../published/filters.ts';
import type { View } from '../../published/view.ts';
import type { Belonging } from '../belongs.ts';
import { allPlaces, datasetOf, selectionOf } from '../datasets.ts';

/** At most so many entries at once; more asked for is this many. */
export const maxChanges = 1000;

export const narrowings = ['theme', 'area', 'organisation'] as const;

/** What of the map a reader of changes follows: slugs, each of something that is there. */
export type Scope = Partial<Record<(typeof narrowings)[number], string>>;

export interface ChangesQuery {
	since: number;
	limit: number;
	/** Slug of the dataset that is followed. */
	dataset: string;
	/** Places that are in all of these are told. */
	selections: Belonging[];
	/** What was asked for, to be repeated in the address of the next page. */
	asked: Record<string, string>;
}

/**
 * The parameters by name. One that is not known or is given twice throws a `FilterError`: taken for nothing, a mistyped one would give a
 * reader something else than she believes.
 */
export function parametersOf(query: URLSearchParams, names: readonly string[]): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [name, value] of query) {
		if (!names.includes(name)) throw new FilterError(name, `There is no parameter ${name} here; there are ${names.join(', ')}.`);
		if (Object.hasOwn(found, name)) throw new FilterError(name, `${name} must be given once.`);
		found[name] = value;
	}
	return found;
}

/** The narrowing among parameters; a slug of nothing throws a `FilterError`, since nothing would ever change in it. */
export function scopeOf({ reference }: View, parameters: Record<string, string>): Scope {
	const known = { theme: reference.themeBySlug, area: reference.areaBySlug, organisation: reference.organisationBySlug };
	const scope: Scope = {};
	for (const name of narrowings) {
		const slug = parameters[name];
		if (slug === undefined) continue;
		if (!known[name].has(slug)) throw new FilterError(name, `There is no ${name} named ${slug}.`);
		scope[name] = slug;
	}
	return scope;
}

/** The same for `belongs` and `view.select`. */
export function selectionOfScope({ theme, area, organisation }: Scope): Belonging {
	return {
		...(theme === undefined ? {} : { theme }),
		...(area === undefined ? {} : { area }),
		...(organisation === undefined ? {} : { steward: organisation })
	};
}

/** Reads the query of `/data/changes`; throws a `FilterError` that says what is wrong with it. */
export function parseChangesQuery(view: View, query: URLSearchParams): ChangesQuery {
	const asked = parametersOf(query, ['since', 'limit', 'dataset', ...narrowings]);
	const { since: sinceText, limit: limitText, dataset: slug = allPlaces, ...narrowing } = asked;
	const since = whole('since', sinceText, 0);
	const limit = whole('limit', limitText, maxChanges);
	if (limit < 1) throw new FilterError('limit', 'limit must be at least 1.');
	const dataset = datasetOf(view, slug);
	if (!dataset) throw new FilterError('dataset', `There is no dataset named ${slug}; see /data.`);
	const selections = [selectionOf(dataset), selectionOfScope(scopeOf(view, narrowing))];
	delete asked.since;
	delete asked.limit;
	return { since, limit: Math.min(limit, maxChanges), dataset: slug, selections, asked };
}

function whole(name: string, text: string | undefined, otherwise: number): number {
	if (text === undefined) return otherwise;
	if (!/^\d{1,15}$/.test(text)) throw new FilterError(name, `${name} must be a whole number.`);
	return Number(text);
}
