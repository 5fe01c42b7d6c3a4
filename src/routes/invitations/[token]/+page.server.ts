import { error, fail, redirect } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { acceptInvitation } from '$lib/server/db/invitations';
import { shown } from '$lib/server/errors';
import { limits } from '$lib/server/rate-limit';
import { networkFrom, throttle } from '$lib/server/throttle';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, locals }) => {
	if (!/^[\w-]{16,200}$/.test(params.token)) error(404, { message: m.account_error_invitation() });
	const viewer = await locals.viewer();
	return { email: viewer?.email ?? null };
};

export const actions: Actions = {
	default: async (event) => {
		try {
			throttle(limits.token, [networkFrom(event)]);
			await acceptInvitation(event.locals.supabase, event.params.token);
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { failure: code });
		}
		redirect(303, '/me');
	}
};
