import { error } from '@sveltejs/kit';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
import { readShared } from '$lib/server/db/places';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../../../failing.server';
import { requireViewer } from '../../proposing.server';
import { sharedRows } from './shared-rows';
import type { PageServerLoad } from './$types';

/** What partners read of a place: from the database, with the reader's own rights, and logged there. */
export const load: PageServerLoad = async (event) => {
	await requireViewer(event);
	const { id } = event.params;
	if (!uuid.test(id)) error(404, m.error_lead_404());
	event.setHeaders({ 'cache-control': 'no-store' });
	const { place, beyond, logged } = await orErrorPage(readShared(event.locals.supabase, id));
	const view = published().current();
	const whole = beyond.includes('place');
	return {
		id: place.id,
		name: place.facts.name,
		href: whole ? null : `/places/${place.id}/${place.slug}`,
		rows: sharedRows(place, beyond, view),
		whole,
		logged
	};
};
