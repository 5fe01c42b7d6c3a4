import { error, fail } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { mute } from '$lib/server/db/mails';
import { shown } from '$lib/server/errors';
import { readUnsubscribeToken } from '$lib/server/mail/unsubscribe';
import { serviceClient, supabaseEndpoint } from '$lib/server/supabase';
import type { Actions, PageServerLoad } from './$types';

const wishOf = (token: string) => readUnsubscribeToken(supabaseEndpoint().secretKey, token);

/** Looking changes nothing: programs that check a mail follow its links. Without any referrer a browser would post the form as from nowhere. */
export const load: PageServerLoad = ({ params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin', 'x-robots-tag': 'noindex' });
	return { family: wishOf(params.token)?.family ?? null };
};

export const actions: Actions = {
	/** A reader's button, or the one click of her mailbox (RFC 8058), which sends no cookie and no origin. */
	default: async ({ params }) => {
		const wish = wishOf(params.token);
		if (!wish) error(404, m.mails_stop_bad());
		try {
			await mute(serviceClient(), wish.recipientId, wish.family);
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { done: false, failure });
		}
		return { done: true, failure: null };
	}
};
