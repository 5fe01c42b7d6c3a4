import type { Database } from './database.ts';

/**
 * On its first request `@supabase/lite` 0.10 grants ALL on all tables of every schema that has a table under row-level
 * security, to anon and authenticated. A state of 'active' says that this is done, so that our own grants stay as written.
 */
export function keepOwnGrants(connection: Database['connection']): void {
	(connection as unknown as { rlsState: string }).rlsState = 'active';
}

/** `@supabase/lite` 0.10 hands json already written as text to postgres.js, which would write it a second time. */
export const plainJsonb = {
	to: 3802,
	from: [3802],
	serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
	parse: (text: string) => JSON.parse(text) as unknown
};
