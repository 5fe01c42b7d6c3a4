import { invalid } from './refusal.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Pages go on after an id, so that they neither repeat nor leave out a place while the map changes. */
export const cursorAfter = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws Refusal */
export function idOfCursor(cursor: string): string {
	const id = Buffer.from(cursor, 'base64url').toString();
	if (!uuid.test(id)) throw invalid('cursor', 'must be taken from the “next” link of a page.');
	return id;
}
