import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { coordinatesAll } from '$lib/domain/roles';
import { m } from '$lib/paraglide/messages';
import { saveDataset } from '$lib/server/db/administration';
import { listDownloads } from '$lib/server/db/downloads';
import { shown } from '$lib/server/errors';
import { nationalFiles } from '$lib/server/opendata/national/national';
import { published } from '$lib/server/published/instance';
import { currentEdition } from '../../data/portal.server';
import { orErrorPage } from '../../failing.server';
import { requireViewer } from '../../places/proposing.server';
import { settled } from '../settings';
import { candidates, datasetsWithChecks, proposed } from './datasets.server';
import type { CandidateKind } from './datasets.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	if (!coordinatesAll(await requireViewer(event))) error(403, m.admin_not_yours());
	const edition = currentEdition(event.url.origin);
	const datasets = await datasetsWithChecks(edition);
	return {
		datasets,
		candidates: candidates(edition.view),
		titles: Object.fromEntries([...datasets, ...nationalFiles()].map(({ slug, title }) => [slug, title])),
		downloads: await orErrorPage(listDownloads(event.locals.supabase)),
		done: event.url.searchParams.get('done')
	};
};

const kinds: CandidateKind[] = ['theme', 'area', 'organisation'];

export const actions: Actions = {
	/** One dataset for each tick. */
	add: async (event: RequestEvent) => {
		const { request, locals } = event;
		// Before anything is worked out: it goes through all places.
		if (!coordinatesAll(await requireViewer(event))) error(403, m.admin_not_yours());
		const values = readForm(await request.formData());
		const view = published().current();
		const wanted = kinds.flatMap((kind) => [...new Set(values[kind])].flatMap((slug) => proposed(view, kind, slug) ?? []));
		if (wanted.length === 0) return fail(400, { values, lack: true as const });
		try {
			// One after the other: two themes and an organisation of one name get three addresses.
			const taken = new Set<string>();
			for (const dataset of wanted) {
				let { slug } = dataset;
				for (let number = 2; taken.has(slug); number++) slug = `${dataset.slug}-${number}`;
				taken.add(slug);
				await saveDataset(locals.supabase, { ...dataset, slug }, { isNew: true });
			}
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { values, failure });
		}
		await settled(published().until(view.seq + wanted.length, AbortSignal.timeout(2500)));
		redirect(303, '/admin/datasets?done=added');
	}
};
