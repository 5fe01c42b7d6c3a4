/** How someone vouched for a fact. */
export const methods = ['on_site', 'phone', 'steward', 'source', 'resident'] as const;
export type Method = (typeof methods)[number];

/** Under which hat someone acted; public, so never finer than this. */
export const roles = ['visitor', 'resident', 'steward', 'agent', 'moderator', 'coordinator', 'source', 'system'] as const;
export type Role = (typeof roles)[number];

export type GrantRole = 'agent' | 'moderator' | 'coordinator' | 'publisher';

/** `null` = all, empty = none; an area includes its descendants. */
export interface Grant {
	role: GrantRole;
	areas: string[] | null;
	themes: string[] | null;
}

/** The signed-in person as the database knows her (`whoami()`). */
export interface Viewer {
	contributorId: string;
	name: string | null;
	email: string;
	grants: Grant[];
	organisations: { slug: string; name: string; role: 'member' | 'manager' }[];
}

/** What may be asked of somebody without an account: what anybody may propose. */
export const nobody: Pick<Viewer, 'grants' | 'organisations'> = { grants: [], organisations: [] };

/** Whether a queue is worth showing; the database decides what is in it. */
export function mayModerate(viewer: Viewer): boolean {
	return viewer.grants.some(({ role }) => role === 'moderator' || role === 'coordinator');
}

/** Whether she works with people, and may write down what they tell her. The database decides again. */
export function maySpeakForOthers(viewer: Pick<Viewer, 'grants' | 'organisations'>): boolean {
	return viewer.organisations.length > 0 || viewer.grants.some(({ role }) => role !== 'publisher');
}

/** Whether the settings are worth showing to her; what she may change the database decides. */
export function mayCoordinate(viewer: Viewer): boolean {
	return viewer.grants.some(({ role }) => role === 'coordinator');
}

/** Settings are everybody's: only a coordinator of all areas and themes changes them. */
export function coordinatesAll(viewer: Viewer): boolean {
	return viewer.grants.some(({ role, areas, themes }) => role === 'coordinator' && areas === null && themes === null);
}
