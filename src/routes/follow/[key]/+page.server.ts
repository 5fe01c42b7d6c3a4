import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import { uuid } from '$lib/domain/uuid';
import { actOn } from '$lib/server/db/visitors';
import type { FollowAct } from '$lib/server/db/visitors';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { serviceClient } from '$lib/server/supabase';
import { orErrorPage } from '../../failing.server';
import { keyOf, lookUp } from '../following.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	// The address is a secret: no page that it leads to hears of it, no cache keeps it, no search engine lists it.
	event.setHeaders({ 'referrer-policy': 'no-referrer', 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex' });
	const followed = await orErrorPage(lookUp(event, event.params.key));
	const { reference, settings } = published().current();
	return {
		followed,
		categories: reference.categories,
		organisations: reference.organisations.map(({ slug, name }) => ({ slug, name })),
		contact: settings.contact,
		// A code is no session: a photo that waits is shown to moderators and to its author signed in only.
		hidesPhotos: true,
		done: event.url.searchParams.get('done')
	};
};

/** One act on what belongs to this link; the failure is said on the page, beside what was typed. */
const act = (done: string, read: (itemId: string, note: string) => FollowAct) => async (event: RequestEvent<{ key: string }>) => {
	const values = readForm(await event.request.formData());
	const itemId = first(values, 'id');
	const note = first(values, 'note').trim();
	try {
		const wanted = read(itemId, note);
		if (wanted.act !== 'confirm' && !uuid.test(itemId))
			return fail(400, { itemId, note, failure: { code: 'invalid_act', fact: null } });
		if (wanted.act === 'answer' && !note) return fail(400, { itemId, note, empty: true });
		// Counts wrong tries, as looking does.
		await lookUp(event, event.params.key);
		await actOn(serviceClient(), keyOf(event.params.key), wanted);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { itemId, note, failure });
	}
	redirect(303, `/follow/${encodeURIComponent(event.params.key)}?done=${done}`);
};

export const actions: Actions = {
	confirm: act('confirmed', () => ({ act: 'confirm' })),
	withdraw: act('withdrawn', (item_id) => ({ act: 'withdraw', item_id })),
	answer: act('answered', (item_id, note) => ({ act: 'answer', item_id, note })),
	contest: act('contested', (decision_id, note) => ({ act: 'contest', decision_id, note }))
};
