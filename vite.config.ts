import { readdirSync } from 'node:fs';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** The last migration of this build: an application refuses a database that hasn't got it. */
const schemaVersion = readdirSync('supabase/migrations').sort().at(-1)?.slice(0, 14);

export default defineConfig({
	define: { __SCHEMA_VERSION__: JSON.stringify(schemaVersion) },
	plugins: [sveltekit()],
	worker: { format: 'es' },
	build: { target: 'es2022' }
});
