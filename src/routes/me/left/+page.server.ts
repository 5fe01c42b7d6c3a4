import type { PageServerLoad } from './$types';

/** Where one arrives without a session: after leaving for good, or everywhere. */
export const load: PageServerLoad = ({ url }) => ({ deleted: url.searchParams.get('why') === 'deleted' });
