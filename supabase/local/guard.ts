import type { Database } from './database.ts';

/**
 * On its first request `@supabase/lite` 0.10 grants ALL on all tables of every schema that has a table under row-level
 * security, to anon and authenticated. A state of 'active' says that this is done, so that our own grants stay as written.
 */
export function keepOwnGrants(connection: Database['connection']): void {
	(connection as unknown as { rlsState: string }).rlsState = 'active';
}

/**
 * At each request `@supabase/lite` 0.10 looks through the text of every view, twice per column, for types of its own that we don't have: more than
 * half of what an answer cost. Else it reads them for views beside a table that links two others; the API has no table. Without text it looks at nothing.
 */
export function forgetTextOfViews(connection: Database['connection']): void {
	const introspect = connection.introspect.bind(connection);
	connection.introspect = async (options) => {
		const found = await introspect(options);
		for (const view of found.views) view.sql = '';
		return found;
	};
}

/** `@supabase/lite` 0.10 hands json already written as text to postgres.js, which would write it a second time. */
export const plainJsonb = {
	to: 3802,
	from: [3802],
	serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
	parse: (text: string) => JSON.parse(text) as unknown
};
