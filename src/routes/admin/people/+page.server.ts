import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { changeGrant, letPublish, peopleOverview, revokeGrant } from '$lib/server/db/rights';
import { Failure, shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../../failing.server';
import { idIn, pendingActions, scopeNames } from '../../inviting.server';
import { requireViewer } from '../../places/proposing.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireViewer(event);
	event.setHeaders({ 'cache-control': 'no-store' });
	const overview = await orErrorPage(peopleOverview(event.locals.supabase));
	const { reference } = published().current();
	return {
		...overview,
		names: scopeNames(),
		organisations: reference.organisations.map(({ slug, name }) => ({ slug, name })),
		areas: reference.areas.map(({ slug, name }) => ({ slug, name })),
		themes: reference.themes.map(({ slug, label }) => ({ slug, label })),
		done: event.url.searchParams.get('done')
	};
};

/** The scope of a form: nothing ticked is everywhere. */
function scopeIn(values: FormValues) {
	const list = (field: string) => (values[field]?.length ? values[field] : null);
	return { areas: list('areas'), themes: list('themes') };
}

const act = (name: string, run: (event: RequestEvent, values: FormValues) => Promise<void>) => async (event: RequestEvent) => {
	const values = readForm(await event.request.formData());
	try {
		await run(event, values);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { form: name, values, failure });
	}
	redirect(303, `/admin/people?done=${name}`);
};

export const actions: Actions = {
	...pendingActions,
	scope: act('grant', async ({ locals }, values) => {
		const scope = scopeIn(values);
		// Unticking the last neighbourhood must not quietly make somebody the moderator of everything.
		const widens = (['areas', 'themes'] as const).some((limit) => values['limited']?.includes(limit) && scope[limit] === null);
		if (widens && !values['everywhere']) throw new Failure('scope_widens', { status: 400 });
		await changeGrant(locals.supabase, idIn(values, 'grant_id'), values['everywhere'] ? { areas: null, themes: null } : scope);
	}),
	withdraw: act('grant_revoked', ({ locals }, values) => revokeGrant(locals.supabase, idIn(values, 'grant_id'))),
	publish: act('publish', ({ locals }, values) => letPublish(locals.supabase, first(values, 'organisation'), scopeIn(values)))
};
