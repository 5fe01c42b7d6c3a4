import { readdirSync } from 'node:fs';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** The last migration of this build: an application refuses a database that hasn't got it. */
const schemaVersion = readdirSync('supabase/migrations').sort().at(-1)?.slice(0, 14);

/**
 * What most pages share is one file: split to the last module, a first visit asks for forty of them, six at a time, and their
 * headers weigh as much as some pages.
 */
const codeSplitting = { groups: [{ name: 'shared', minShareCount: 30 }] };

export default defineConfig({
	define: { __SCHEMA_VERSION__: JSON.stringify(schemaVersion) },
	plugins: [sveltekit()],
	worker: { format: 'es' },
	build: { target: 'es2022' },
	// Of what browsers get only: the server has its files beside it.
	environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } }
});
