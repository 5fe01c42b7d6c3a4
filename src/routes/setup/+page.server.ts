import { error, redirect } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import type { PageServerLoad } from './$types';

/** The one-time link printed at the first start is an invitation to coordinate. */
export const load: PageServerLoad = ({ url }) => {
	const token = url.searchParams.get('token') ?? '';
	if (!/^[\w-]{16,200}$/.test(token)) error(404, { message: m.account_error_invitation() });
	redirect(303, `/invitations/${token}`);
};
