import { redirect } from '@sveltejs/kit';
import { signOut } from '$lib/server/account';
import { Failure } from '$lib/server/errors';
import { dropSession } from '$lib/server/supabase';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async ({ request, locals, cookies, url }) => {
		const everywhere = (await request.formData()).has('everywhere');
		try {
			await signOut(locals.supabase, everywhere ? 'global' : 'local');
		} catch (thrown) {
			// The browser forgets the session also while the database is away; there it dies of age.
			if (!(thrown instanceof Failure)) throw thrown;
		}
		dropSession(cookies, url.protocol === 'https:');
		redirect(303, '/');
	}
};
