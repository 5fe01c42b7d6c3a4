import { listHref } from '../query';
import type { Query } from '../query';

/** What a frame shows: the list and the map, or one of them. */
export const layouts = ['both', 'list', 'map'] as const;
export type Layout = (typeof layouts)[number];

export function layoutOf(text: string | null): Layout {
	return layouts.find((layout) => layout === text) ?? 'both';
}

type Change = Query & { layout?: Layout };

/** What a frame keeps besides what the list does. */
const kept = ['bbox', 'layout', 'lang'] as const;

/** The query of a frame with some parameters changed, as `listHref` has it for the list. */
export function embedQuery(present: URLSearchParams, { layout, ...change }: Change): URLSearchParams {
	const query = new URLSearchParams(listHref(present, change).split('?')[1]);
	for (const name of kept) {
		const value = name === 'layout' && layout ? layout : present.get(name);
		if (value) query.set(name, value);
	}
	return query;
}

const readable = (query: URLSearchParams) => query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');

export function embedHref(present: URLSearchParams, change: Change): string {
	const query = readable(embedQuery(present, change));
	return query ? `/embed?${query}` : '/embed';
}

/** The same view on the site itself. */
export function siteHref(present: URLSearchParams): string {
	const query = embedQuery(present, {});
	for (const name of ['layout', 'lang']) query.delete(name);
	const text = readable(query);
	return text ? `/?${text}` : '/';
}
