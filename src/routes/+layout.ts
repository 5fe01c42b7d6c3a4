import { browser } from '$app/environment';
import { baseLocale, isLocale, overwriteGetLocale } from '$lib/paraglide/runtime';

// The server chose the language and wrote it on the page: asking again in the browser could answer differently.
if (browser) {
	overwriteGetLocale(() => {
		const { lang } = document.documentElement;
		return isLocale(lang) ? lang : baseLocale;
	});
}
