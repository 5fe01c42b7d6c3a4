import { readdirSync, readFileSync } from 'node:fs';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** The last migration of this build: an application refuses a database that hasn't got it. */
const schemaVersion = readdirSync('supabase/migrations').sort().at(-1)?.slice(0, 14);

/** Modules of the families of words that `i18n/labels.ts` looks up. */
function closedLists(): RegExp {
	const labels = readFileSync('src/lib/i18n/labels.ts', 'utf8');
	const families = [...labels.matchAll(/paraglide\/families\/(\w+)'/g)].map(([, name]) => name);
	return new RegExp(`i18n/labels\\.ts|paraglide/(families/(${families.join('|')})\\.js|messages/(${families.join('|')})_)`);
}

/**
 * What most pages share is one file: split to the last module, a first visit asks for forty of them, six at a time, and their
 * headers weigh as much as some pages.
 */
const closed = closedLists();
/**
 * What stands around every page, with what moves from one to the next. Nothing here may load something later: SvelteKit would take the styles
 * of a page for those of what comes later, and leave them out.
 */
const frame =
	/@sveltejs\/kit|node_modules\/devalue|vite\/preload-helper|src\/lib\/(components\/(Logo|Header|Footer)|ui\/(Icon|SkipLink|VisuallyHidden))\.|paraglide\/messages\/((nav|footer|app|skip|map|age|distance)_|(embed_title|indicators_title|search_submit)\.)/;
/** What a list of places is made of: in one file for the pages that have one. */
const lists =
	/src\/(routes\/(Chosen|query|NothingFound)|lib\/(components\/(PlaceList|PlaceCard|Freshness|OpeningWords)|ui\/Pagination))\.|paraglide\/messages\/(results|search(?!_submit)|pagination|place_freshness|filters?|suggest)_|paraglide\/messages\/option_count\.js/;
const codeSplitting = {
	groups: [
		{ name: 'frame', test: frame, priority: 3 },
		{ name: 'lists', test: lists, priority: 1 },
		{ name: 'shared', minShareCount: 30, test: (id: string) => !closed.test(id), priority: 2 },
		// Words for values of closed lists: the pages that look them up need them all, the list and its like need none.
		{ name: 'labels', test: closed, priority: 1 }
	]
};

export default defineConfig({
	define: { __SCHEMA_VERSION__: JSON.stringify(schemaVersion) },
	plugins: [sveltekit()],
	worker: { format: 'es' },
	build: { target: 'es2022' },
	// Of what browsers get only: the server has its files beside it.
	environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } }
});
