import type { Component } from 'svelte';
import { error } from '@sveltejs/kit';
import { dev } from '$app/environment';
import { m } from '$lib/paraglide/messages';

/** Not written in the import: a build keeps a file of whatever it sees imported, even where nothing leads any more. */
const guide = '/src/routes/styleguide/Guide.svelte';

/** For who works on the interface, in development. */
export async function load() {
	if (dev) return { Guide: ((await import(/* @vite-ignore */ guide)) as { default: Component }).default };
	error(404, m.error_lead_404());
}
