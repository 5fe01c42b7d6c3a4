import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { unnamed } from '../../scripts/complete-lockfile.mjs';

let eslint: ESLint;
beforeAll(() => {
	eslint = new ESLint();
});

/** Rules broken by this code if it stood in that file. */
async function broken(file: string, code: string): Promise<string[]> {
	const [result] = await eslint.lintText(code, { filePath: file });
	return (result?.messages ?? [])
		.map(({ ruleId }) => ruleId ?? 'parse')
		.filter((rule) => rule.startsWith('rooms/') || rule === 'parse');
}

const refused = [
	['the domain may not show', 'src/lib/domain/place.ts', `import 'svelte';`],
	[
		'the domain may not store',
		'src/lib/domain/place.ts',
		`import { createClient } from '@supabase/supabase-js'; createClient('', '');`
	],
	['the domain may not know the page it is on', 'src/lib/domain/place.ts', `export { page } from '$app/state';`],
	[
		'the domain may not import a verb of the database, written relatively',
		'src/lib/domain/place.ts',
		`export * from '../server/db/places.ts';`
	],
	['geometry may not import the domain', 'src/lib/geo/bbox.ts', `export * from '../domain/place.ts';`],
	['a button may not know what a place is', 'src/lib/ui/Button.svelte', `<script lang="ts">import '$lib/domain/place';</script>`],
	[
		'a component may not reach the server',
		'src/lib/components/Card.svelte',
		`<script lang="ts">import '$lib/server/config';</script>`
	],
	['the snapshot may not import an export format', 'src/lib/server/published/load.ts', `import '../opendata/geojson.ts';`],
	['an export format may not ask the database', 'src/lib/server/opendata/geojson.ts', `import '../db/places.ts';`],
	['what stands in front of the framework may not use it', 'src/lib/server/front/front.ts', `import '@sveltejs/kit';`],
	['an export format may not know who gives it', 'src/lib/server/opendata/tile.ts', `import '../front/front.ts';`],
	['a route may not make a Supabase client', 'src/routes/+page.server.ts', `import '@supabase/supabase-js';`],
	['what a service worker keeps is not for a place to know', 'src/lib/domain/place.ts', `import '../offline/ways.ts';`],
	['what a service worker runs may not show', 'src/lib/offline/ways.ts', `import 'svelte';`],
	['a lazy import is an import', 'src/lib/domain/place.ts', `export const late = () => import('$lib/server/config');`],
	['the application may not import the local Supabase', 'src/routes/+page.server.ts', `import '../../supabase/local/main.ts';`]
] as const;

const allowed = [
	['the domain parses with zod', 'src/lib/domain/place.ts', `import 'zod'; import '../geo/bbox.ts';`],
	['a route calls a verb', 'src/routes/me/+page.server.ts', `import '$lib/server/db/proposals'; import './$types';`],
	[
		'a component reads the domain and the messages',
		'src/lib/components/Card.svelte',
		`<script lang="ts">import '$lib/domain/place'; import '$lib/paraglide/messages';</script>`
	]
] as const;

describe('the rooms of the house', () => {
	it.each(refused)('%s', async (_title, file, code) => {
		expect(await broken(file, code)).toEqual(['rooms/imports']);
	});

	it.each(allowed)('%s', async (_title, file, code) => {
		expect(await broken(file, code)).toEqual([]);
	});
});

describe('one door to the database', () => {
	it.each([`supabase.from('places')`, `client.schema('public').from('places')`, `locals.supabase().rpc('whoami')`])(
		'a route may not call %s',
		async (call) => {
			expect(
				await broken('src/routes/+page.server.ts', `declare const supabase: any, client: any, locals: any; ${call};`)
			).toEqual(['rooms/one-database-door']);
		}
	);

	it('a verb of the database may', async () => {
		expect(await broken('src/lib/server/db/places.ts', `declare const client: any; client.from('places');`)).toEqual([]);
	});

	it('the language keeps its own Array.from and Buffer.from', async () => {
		expect(await broken('src/routes/+page.ts', `Array.from([]); Buffer.from('');`)).toEqual([]);
	});
});

describe('the lockfile', () => {
	it('names every optional package, else npm ci refuses it: node scripts/complete-lockfile.mjs', () => {
		const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Parameters<typeof unnamed>[0] };
		expect(unnamed(packages)).toEqual([]);
	});
});
