import { error, fail } from '@sveltejs/kit';
import { hrefOf } from '$lib/components/cards';
import { m } from '$lib/paraglide/messages';
import * as decisions from '$lib/server/db/decisions';
import { uuid } from '$lib/domain/uuid';
import { Failure } from '$lib/server/errors';
import { openPlace } from '../../open-place';
import { historyWords } from './history-words';
import { currentView } from '../../../view';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, locals }) => {
	const view = currentView();
	const place = openPlace(view, params.id, '/history');
	return {
		name: place.facts.name,
		href: hrefOf(place),
		entries: historyWords(view, place),
		undoable: locals.flagged ? await undoable(locals, place.id) : {}
	};
};

/** Version → decision, of those that the reader may undo. A page anyone may read never fails because this could not be asked. */
async function undoable(locals: App.Locals, placeId: string): Promise<Record<number, string>> {
	try {
		if (!(await locals.viewer())) return {};
		const all = await decisions.decisionsOf(locals.supabase, placeId);
		return Object.fromEntries(all.flatMap(({ version, id, undoable }) => (undoable && version !== null ? [[version, id]] : [])));
	} catch {
		return {};
	}
}

export const actions: Actions = {
	undo: async ({ request, locals }) => {
		const decision = (await request.formData()).get('decision');
		if (typeof decision !== 'string' || !uuid.test(decision)) error(400, m.history_undo_refused());
		if (!(await locals.viewer())) error(401, m.nav_sign_in());
		try {
			await decisions.undo(locals.supabase, decision);
			return { undone: true, message: m.history_undone() };
		} catch (failure) {
			if (!(failure instanceof Failure)) throw failure;
			const away = failure.code === 'database_away';
			return fail(failure.status, { undone: false, message: away ? m.history_undo_away() : m.history_undo_refused() });
		}
	}
};
