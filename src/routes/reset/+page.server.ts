import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { askReset, complaints, emailField } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { limits } from '$lib/server/rate-limit';
import { serviceClient } from '$lib/server/supabase';
import { networkFrom, throttle } from '$lib/server/throttle';
import type { Actions } from './$types';

const form = z.object({ email: emailField });

export const actions: Actions = {
	default: async (event) => {
		const sent = Object.fromEntries(await event.request.formData());
		const email = String(sent['email'] ?? '');
		const parsed = form.safeParse(sent);
		if (!parsed.success) return fail(400, { email, errors: complaints(parsed.error), failure: null, sent: false });
		try {
			throttle(limits.reset, [parsed.data.email, networkFrom(event)]);
			await askReset(serviceClient(), parsed.data.email);
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { email, errors: {}, failure: code, sent: false });
		}
		return { email, errors: {}, failure: null, sent: true };
	}
};
