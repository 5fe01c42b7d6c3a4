import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { complaints, emailField, signIn } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { limits, rateLimiter } from '$lib/server/rate-limit';
import { safePath } from '$lib/server/safe-path';
import { raiseFlag } from '$lib/server/supabase';
import { networkFrom, throttle } from '$lib/server/throttle';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ to: safePath(url.searchParams.get('to'), '/me') });

const form = z.object({ email: emailField, password: z.string().min(1, 'password').max(200, 'credentials') });

export const actions: Actions = {
	default: async (event) => {
		const sent = Object.fromEntries(await event.request.formData());
		const email = String(sent['email'] ?? '');
		const parsed = form.safeParse(sent);
		if (!parsed.success) return fail(400, { email, errors: complaints(parsed.error), failure: null });

		const network = networkFrom(event);
		const who = [parsed.data.email, network];
		try {
			throttle(limits.signInNetwork, [network]);
			throttle(limits.signIn, who);
			if (!(await signIn(event.locals.supabase, parsed.data.email, parsed.data.password))) {
				return fail(400, { email, errors: { password: 'credentials' }, failure: null });
			}
		} catch (thrown) {
			const { status, code } = shown(thrown);
			if (code === 'database_away') {
				rateLimiter.giveBack(limits.signIn, who, Date.now());
				rateLimiter.giveBack(limits.signInNetwork, [network], Date.now());
			}
			return fail(status, { email, errors: {}, failure: code });
		}
		rateLimiter.forget(limits.signIn, who, Date.now());
		raiseFlag(event.cookies, event.url.protocol === 'https:');
		redirect(303, safePath(event.url.searchParams.get('to'), '/me'));
	}
};
