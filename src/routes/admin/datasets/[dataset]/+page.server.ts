import { fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { licenceIds } from '$lib/domain/licences';
import { saveDataset } from '$lib/server/db/administration';
import { shown } from '$lib/server/errors';
import { allPlaces, selectionOf } from '$lib/server/opendata/datasets';
import { published } from '$lib/server/published/instance';
import { requireViewer } from '../../../places/proposing.server';
import { settled } from '../../settings';
import { editable, readDraft, slugOfDataset } from '../datasets.server';
import { draftIn, draftOf, formerIn, formerOf, replacedBy } from '../draft';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const viewer = await requireViewer(event);
	const view = published().current();
	const { dataset, whole } = editable(viewer, view, event.params.dataset);
	const { reference, settings } = view;
	return {
		dataset,
		whole,
		draft: draftOf(dataset),
		was: JSON.stringify(formerOf(dataset, whole)),
		/** Everything open stays everything. */
		everything: dataset.slug === allPlaces,
		isNew: dataset.slug === '',
		places: dataset.slug === '' ? 0 : view.total(selectionOf(dataset)),
		contact: settings.contact,
		licences: licenceIds,
		themes: reference.themes.map(({ slug, label }) => ({ slug, label })),
		areas: reference.areas.map(({ slug, name }) => ({ slug, name })),
		organisations: reference.organisations.map(({ slug, name }) => ({ slug, name })),
		done: event.url.searchParams.get('done')
	};
};

export const actions: Actions = {
	default: async (event) => {
		const viewer = await requireViewer(event);
		const view = published().current();
		const { dataset: base, whole } = editable(viewer, view, event.params.dataset);
		const values = readForm(await event.request.formData());
		const [draft, was] = [draftIn(values), formerIn(values)];
		/** Until she has been told of it, what she saw is what she wrote on. */
		const kept = was && JSON.stringify(was);
		const named = base.slug ? base : { ...base, slug: slugOfDataset(draft.title_fr, view) || slugOfDataset('jeu', view) };
		const read = readDraft(draft, named, whole);
		if ('errors' in read) return fail(400, { draft, errors: read.errors, was: kept });
		try {
			await saveDataset(event.locals.supabase, read.dataset, base.slug === '' ? { isNew: true } : was ? { was } : {});
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			if (failure.code !== 'dataset_changed' || !was) return fail(status, { draft, failure, was: kept });
			const present = () => editable(viewer, published().current(), event.params.dataset).dataset;
			// What was written a moment ago this node may not have heard of.
			if (JSON.stringify(formerOf(present(), whole)) === kept)
				await settled(published().until(view.seq + 1, AbortSignal.timeout(2500)));
			return fail(status, { draft, failure, replaced: replacedBy(draft, was, present()) });
		}
		// The page is drawn from the snapshot, which hears of it within a second.
		await settled(published().until(view.seq + 1, AbortSignal.timeout(2500)));
		redirect(303, `/admin/datasets/${named.slug}?done=saved`);
	}
};
