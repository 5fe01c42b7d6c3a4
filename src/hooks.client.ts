import { overwriteGetLocale } from '$lib/paraglide/runtime';
import type { HandleClientError } from '@sveltejs/kit';

// The server chose the language (cookie, then Accept-Language): the page it sent is the only witness of that choice.
overwriteGetLocale(() => (document.documentElement.lang === 'en' ? 'en' : 'fr'));

export const handleError: HandleClientError = ({ error, message }) => {
	console.error(error); // eslint-disable-line no-console -- a visitor's browser has no other log
	return { message };
};
