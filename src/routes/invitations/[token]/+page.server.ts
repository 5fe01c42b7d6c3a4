import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { acceptInvitation, readInvitation } from '$lib/server/db/invitations';
import { Failure, shown } from '$lib/server/errors';
import { limits } from '$lib/server/rate-limit';
import { networkFrom, throttle } from '$lib/server/throttle';
import { scopeNames } from '../../inviting.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { params, locals } = event;
	if (!/^[\w-]{16,200}$/.test(params.token)) error(404, { message: m.account_error_invitation() });
	const viewer = await locals.viewer();
	event.setHeaders({ 'cache-control': 'no-store' });
	return { email: viewer?.email ?? null, names: scopeNames(), ...(viewer ? await opened(event) : { offer: null, gone: null }) };
};

/** What the link offers; said to nobody who is not signed in. */
async function opened(event: RequestEvent<{ token: string }>) {
	try {
		throttle(limits.token, [networkFrom(event)]);
		return { offer: await readInvitation(event.locals.supabase, event.params.token), gone: null };
	} catch (thrown) {
		if (!(thrown instanceof Failure)) throw thrown;
		return { offer: null, gone: shown(thrown).code };
	}
}

export const actions: Actions = {
	default: async (event) => {
		let organisation: string | null;
		try {
			throttle(limits.token, [networkFrom(event)]);
			({ organisation } = await acceptInvitation(event.locals.supabase, event.params.token));
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { failure: code });
		}
		redirect(303, organisation ? `/organisations/${organisation}/members` : '/me');
	}
};
