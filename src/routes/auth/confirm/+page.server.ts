import { fail, redirect } from '@sveltejs/kit';
import { openMailLink } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { readMailLink } from '$lib/server/mail-links';
import { nextCookie } from '$lib/server/next-step';
import { limits } from '$lib/server/rate-limit';
import { raiseFlag } from '$lib/server/supabase';
import { networkFrom, throttle } from '$lib/server/throttle';
import type { Actions, PageServerLoad } from './$types';

/** Opening the link shows a button and does nothing: programs that read mails before people do follow every link in them. */
export const load: PageServerLoad = ({ url }) => ({ link: readMailLink(url.searchParams) });

export const actions: Actions = {
	default: async (event) => {
		const link = readMailLink(await event.request.formData());
		if (!link) return fail(400, { failure: 'link' });
		try {
			throttle(limits.token, [networkFrom(event)]);
			if (!(await openMailLink(event.locals.supabase, link))) return fail(400, { failure: 'link' });
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { failure: code });
		}
		raiseFlag(event.cookies, event.url.protocol === 'https:');
		if (link.type === 'recovery') redirect(303, '/reset/new');
		redirect(303, nextCookie.take(event.cookies, '/me'));
	}
};
