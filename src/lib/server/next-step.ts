import type { Cookies } from '@sveltejs/kit';
import { safePath } from './safe-path.ts';

const name = 'alentour_next';
const path = '/auth';

/** Where someone wanted to go before a mail came between, kept in the browser that asked; a day is longer than any link lives. */
export const nextCookie = {
	set(cookies: Cookies, url: URL, to: unknown): void {
		const next = safePath(to, '');
		if (next === '') return;
		cookies.set(name, next, { path, httpOnly: true, sameSite: 'lax', secure: url.protocol === 'https:', maxAge: 86_400 });
	},
	take(cookies: Cookies, otherwise: string): string {
		const next = safePath(cookies.get(name), otherwise);
		cookies.delete(name, { path });
		return next;
	}
};
