import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { changeEmail, complaints, emailField } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { limits } from '$lib/server/rate-limit';
import { anonymousClient } from '$lib/server/supabase';
import { networkFrom, throttle } from '$lib/server/throttle';
import { requireViewer } from '../../places/proposing.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({ present: (await requireViewer(event)).email });

const form = z.object({ email: emailField, password: z.string().min(1, 'password').max(200, 'credentials') });

export const actions: Actions = {
	default: async (event) => {
		const { email: present } = await requireViewer(event);
		const sent = Object.fromEntries(await event.request.formData());
		const email = String(sent['email'] ?? '');
		const parsed = form.safeParse(sent);
		if (!parsed.success) return fail(400, { email, errors: complaints(parsed.error), failure: null, sent: false });
		if (parsed.data.email === present) return fail(400, { email, errors: { email: 'email_same' }, failure: null, sent: false });
		try {
			throttle(limits.signIn, [present, networkFrom(event)]);
			throttle(limits.reset, [present, networkFrom(event)]);
			const hers = await changeEmail(anonymousClient(), {
				email: present,
				password: parsed.data.password,
				to: parsed.data.email
			});
			if (!hers) return fail(400, { email, errors: { password: 'credentials' }, failure: null, sent: false });
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { email, errors: {}, failure: code, sent: false });
		}
		return { email: parsed.data.email, errors: {}, failure: null, sent: true };
	}
};
