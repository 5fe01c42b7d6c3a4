import { problem } from '$lib/server/opendata/problem';

/** Shortly after a start, or while the storage is away for one that has never read it. */
export const listAway = (): Response =>
	problem(503, 'archives_not_ready', 'The list of archives is not there yet: try again in a moment.', { 'retry-after': '30' });

/** Where the town wants none. */
export const noArchives = (): Response =>
	problem(404, 'no_archives', 'Past months are not kept here; see /data for the present.');
