import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
const config = {
	preprocess: vitePreprocess(),
	kit: {
		adapter: adapter({ out: 'build', precompress: true }),
		// A page's own styles come with it: twenty small files cost a telephone more than the few kilobytes that they weigh.
		inlineStyleThreshold: 12_000,
		// Pages carry no nonce so that every node answers the same bytes; the base map's origin is added in hooks.server.ts.
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				'worker-src': ['self', 'blob:'],
				'style-src': ['self'],
				// Svelte's `style:` directives and MapLibre's markers are attributes; no stylesheet comes from elsewhere.
				'style-src-attr': ['unsafe-inline'],
				'img-src': ['self', 'data:', 'blob:'],
				'connect-src': ['self'],
				'font-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		},
		// hooks.server.ts refuses foreign origins itself, for every kind of body; SvelteKit's own check would also refuse a mailbox's one-click
		// unsubscription, which comes without an origin and without a cookie.
		csrf: { trustedOrigins: ['*'] },
		alias: { $paraglide: 'src/lib/paraglide' }
	}
};

export default config;
