import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import { mayCoordinate, mayModerate } from '$lib/domain/roles';
import { m } from '$lib/paraglide/messages';
import { amend, mine, withdraw } from '$lib/server/db/proposals';
import { mine as myReports } from '$lib/server/db/reports';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../failing.server';
import { requireViewer } from '../places/proposing.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const viewer = await requireViewer(event);
	const { reference } = published().current();
	return {
		viewer,
		moderates: mayModerate(viewer),
		coordinates: mayCoordinate(viewer),
		proposals: await orErrorPage(mine(event.locals.supabase)),
		reports: await orErrorPage(myReports(event.locals.supabase)),
		categories: reference.categories,
		organisations: reference.organisations.map(({ slug, name }) => ({ slug, name })),
		areas: Object.fromEntries(reference.areas.map(({ slug, name }) => [slug, name])),
		themes: Object.fromEntries(reference.themes.map(({ slug, label }) => [slug, label])),
		done: event.url.searchParams.get('done')
	};
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One act of an author on what waits; the failure is said on the page. */
const act =
	(done: string, run: (event: RequestEvent, proposalId: string, message: string) => Promise<void>) =>
	async (event: RequestEvent) => {
		const values = readForm(await event.request.formData());
		const id = first(values, 'proposal_id');
		if (!uuid.test(id)) error(400, m.error_invalid_request());
		try {
			await run(event, id, first(values, 'note').trim().slice(0, 2000));
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { failure, proposalId: id, note: first(values, 'note') });
		}
		redirect(303, `/me?done=${done}`);
	};

export const actions: Actions = {
	withdraw: act('withdrawn', ({ locals }, id) => withdraw(locals.supabase, id)),
	answer: act('answered', ({ locals }, id, note) => amend(locals.supabase, id, { note }))
};
