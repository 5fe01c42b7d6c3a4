import { error, redirect } from '@sveltejs/kit';
import { cookieMaxAge, cookieName, isLocale } from '$lib/paraglide/runtime';
import { safePath } from '$lib/server/safe-path';
import type { RequestHandler } from './$types';

/** Changes the language by a link, so that it works without JavaScript. */
export const GET: RequestHandler = ({ url, cookies }) => {
	const to = url.searchParams.get('to');
	if (!isLocale(to)) error(400, 'to must be a language of this site');
	// The page's own script reads it, hence not httpOnly; it says nothing but the language.
	cookies.set(cookieName, to, { path: '/', maxAge: cookieMaxAge, httpOnly: false, sameSite: 'lax' });
	redirect(303, safePath(url.searchParams.get('back')));
};
