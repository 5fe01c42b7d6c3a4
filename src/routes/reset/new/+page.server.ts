import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { complaints, newPasswordField, setPassword } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const viewer = await locals.viewer();
	if (!viewer) redirect(303, '/reset');
	return { email: viewer.email };
};

const form = z.object({ password: newPasswordField });

export const actions: Actions = {
	default: async ({ request, locals }) => {
		const parsed = form.safeParse(Object.fromEntries(await request.formData()));
		if (!parsed.success) return fail(400, { errors: complaints(parsed.error), failure: null });
		try {
			const refused = await setPassword(locals.supabase, parsed.data.password);
			if (refused) return fail(400, { errors: { password: refused }, failure: null });
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { errors: {}, failure: code });
		}
		redirect(303, '/me');
	}
};
