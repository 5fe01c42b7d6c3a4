import { fail, redirect } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { deleteAccount } from '$lib/server/db/account';
import { shown } from '$lib/server/errors';
import { dropSession } from '$lib/server/supabase';
import { requireViewer } from '../../places/proposing.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { email } = await requireViewer(event);
	return { email };
};

const plain = (word: string) => word.normalize('NFC').trim().toLowerCase();

export const actions: Actions = {
	default: async (event) => {
		await requireViewer(event);
		const typed = String((await event.request.formData()).get('word') ?? '').slice(0, 40);
		if (plain(typed) !== plain(m.mails_delete_word())) return fail(400, { typed, wrong: true, failure: null });
		try {
			await deleteAccount(event.locals.supabase);
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { typed, wrong: false, failure });
		}
		dropSession(event.cookies, event.url.protocol === 'https:');
		redirect(303, '/me/left?why=deleted');
	}
};
