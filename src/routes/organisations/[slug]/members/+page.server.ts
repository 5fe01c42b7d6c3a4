import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { mustHandOver } from '$lib/domain/people';
import { m } from '$lib/paraglide/messages';
import { saveOrganisation } from '$lib/server/db/administration';
import { confirmStewardship, endMembership, organisationSpace, setMembership } from '$lib/server/db/organisations';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { settled } from '../../../admin/settings';
import { orErrorPage } from '../../../failing.server';
import { idIn, invite, mails, pendingActions, scopeNames } from '../../../inviting.server';
import { requireViewer } from '../../../places/proposing.server';
import { organisationValues, readOrganisation } from '../../../saving-organisation.server';
import { keptRows } from './space-page';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { params, locals, url } = event;
	const viewer = await requireViewer(event);
	event.setHeaders({ 'cache-control': 'no-store' });
	const { places, ...space } = await orErrorPage(organisationSpace(locals.supabase, params.slug));
	const view = published().current();
	const today = view.today(Date.now());
	return {
		...space,
		me: viewer.contributorId,
		places: keptRows(places, view, today),
		lastManager: mustHandOver(space.colleagues),
		values: organisationValues(space.organisation),
		names: scopeNames(),
		datasets: view.reference.datasets
			.filter(({ organisation }) => organisation === params.slug)
			.map(({ slug, title }) => ({ slug, title })),
		organisations: Object.fromEntries(view.reference.organisations.map(({ slug, name }) => [slug, name])),
		mails: mails(),
		clientId: randomUUID(),
		today,
		done: url.searchParams.get('done')
	};
};

/** One form of the page: done it comes back with a word, failed with the reason and all that was typed. */
const act =
	(name: string, run: (event: RequestEvent, values: FormValues, slug: string) => Promise<void>) =>
	async (event: RequestEvent) => {
		const values = readForm(await event.request.formData());
		const slug = event.params['slug'] ?? '';
		try {
			await run(event, values, slug);
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { form: name, values, failure });
		}
		redirect(303, `/organisations/${slug}/members?done=${name}`);
	};

/** Who takes over; null for nobody. */
const heirIn = (values: FormValues) => (first(values, 'heir') ? idIn(values, 'heir') : null);

export const actions: Actions = {
	...pendingActions,
	invite: async (event) => {
		const values = readForm(await event.request.formData());
		const membershipRole = first(values, 'membership') === 'manager' ? 'manager' : 'member';
		return invite(event, values, { role: null, areas: null, themes: null, organisation: event.params.slug, membershipRole });
	},
	role: act('role', ({ locals }, values, slug) => {
		const role = first(values, 'role') === 'manager' ? 'manager' : 'member';
		return setMembership(locals.supabase, idIn(values, 'contributor_id'), slug, role);
	}),
	remove: act('removed', ({ locals }, values, slug) =>
		endMembership(locals.supabase, idIn(values, 'contributor_id'), slug, heirIn(values))
	),
	confirm: act('confirmed', ({ locals }, _values, slug) => confirmStewardship(locals.supabase, slug)),
	leave: async (event) => {
		const values = readForm(await event.request.formData());
		const { slug } = event.params;
		const { contributorId } = await requireViewer(event);
		try {
			await endMembership(event.locals.supabase, contributorId, slug, heirIn(values));
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { form: 'leave', values, failure });
		}
		redirect(303, `/organisations/${slug}?done=left`);
	},
	save: async (event) => {
		const values = readForm(await event.request.formData());
		const { slug } = event.params;
		const present = published().current().reference.organisationBySlug.get(slug);
		if (!present) error(404, m.error_lead_404());
		// A manager's form has no field for name and kind: they stay.
		const read = readOrganisation({ ...values, ...namesKept(values, present) });
		if ('errors' in read) return fail(400, { form: 'save', values, errors: read.errors });
		const { seq } = published().current();
		try {
			await saveOrganisation(event.locals.supabase, { slug, ...read.organisation });
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { form: 'save', values, failure });
		}
		await settled(published().until(seq + 1, AbortSignal.timeout(2500)));
		redirect(303, `/organisations/${slug}/members?done=saved`);
	}
};

const namesKept = (values: FormValues, { name, kind }: { name: string; kind: string }): FormValues =>
	'organisation_name' in values ? {} : { organisation_name: [name], kind: [kind] };
