import { recent } from '$lib/server/db/decisions';
import { orErrorPage } from '../../failing.server';
import { decisionsActions, names, requireModerator } from '../deciding.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireModerator(event);
	return { ...names(), decisions: await orErrorPage(recent(event.locals.supabase)), done: event.url.searchParams.get('done') };
};

export const actions = decisionsActions;
