import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { complaints, emailField, nameField, newPasswordField, signUp } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { nextCookie } from '$lib/server/next-step';
import { limits } from '$lib/server/rate-limit';
import { safePath } from '$lib/server/safe-path';
import { serviceClient } from '$lib/server/supabase';
import { networkFrom, throttle } from '$lib/server/throttle';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ to: safePath(url.searchParams.get('to'), '/me') });

const form = z.object({ name: nameField, email: emailField, password: newPasswordField });

export const actions: Actions = {
	default: async (event) => {
		const sent = Object.fromEntries(await event.request.formData());
		const typed = { name: String(sent['name'] ?? ''), email: String(sent['email'] ?? '') };
		const parsed = form.safeParse(sent);
		if (!parsed.success) return fail(400, { ...typed, errors: complaints(parsed.error), failure: null, sent: false });
		try {
			throttle(limits.signUp, [networkFrom(event)]);
			await signUp(serviceClient(), { ...parsed.data, locale: event.locals.locale });
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { ...typed, errors: {}, failure: code, sent: false });
		}
		nextCookie.set(event.cookies, event.url, event.url.searchParams.get('to'));
		return { ...typed, errors: {}, failure: null, sent: true };
	}
};
