import { randomUUID } from 'node:crypto';
import { fail, redirect } from '@sveltejs/kit';
import { cardOf } from '$lib/components/cards';
import { confirmableFacts, methodsOf, readShown } from '$lib/domain/confirming';
import { readForm } from '$lib/domain/fact-form';
import { isDay } from '$lib/domain/fact-parse';
import { first } from '$lib/domain/form-values';
import { methods } from '$lib/domain/roles';
import { uuid } from '$lib/domain/uuid';
import { dayIn } from '$lib/i18n/format';
import { forEdit } from '$lib/server/db/places';
import { confirm } from '$lib/server/db/proposals';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../../../../failing.server';
import { namesOf } from '../../../../listing';
import { openPlace } from '../../../open-place';
import { clientIdFor, formIdOf, requireViewer } from '../../../proposing.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { reference, settings } = published().current();
	const today = dayIn(settings.time.zone, new Date());
	const { id } = event.params;
	const base = { categories: reference.categories.map(({ slug, label }) => ({ slug, label })), today };
	// After a post the answer is all there is to show: nothing more is asked of a database that may be away.
	if (event.request.method === 'POST') {
		const place = published().current().byId(id);
		return {
			...base,
			place: null,
			clientId: '',
			name: place?.facts.name ?? '',
			category: reference.categoryBySlug.get(place?.category ?? '')
		};
	}
	const viewer = await requireViewer(event);
	const found = uuid.test(id) ? await orErrorPage(forEdit(event.locals.supabase, id)) : null;
	if (found?.mergedInto) redirect(303, `/places/${found.mergedInto}/edit/confirm`);
	if (!found) openPlace(published().current(), id, '/edit/confirm');
	if (found?.status !== 'active') redirect(303, `/places/${id}/edit`);
	const { place } = found;
	const category = reference.categoryBySlug.get(place.category);
	return {
		...base,
		name: place.facts.name,
		category,
		place: {
			position: place.position,
			card: cardOf(place, namesOf(published().current(), Date.now())),
			assurances: place.assurances,
			facts: confirmableFacts(place, category),
			methods: methodsOf(viewer, place, reference.ancestors(place.area ?? ''))
		},
		clientId: randomUUID()
	};
};

export const actions: Actions = {
	default: async (event) => {
		const values = readForm(await event.request.formData());
		const ticked = new Set(values['fact'] ?? []);
		const facts = shownFactsOf(first(values, 'shown')).filter(({ fact }) => ticked.has(fact));
		if (facts.length === 0) return fail(400, { values, nothing: true });
		const method = methods.find((known) => known === first(values, 'method'));
		const content = { place_id: event.params.id, facts, ...(method ? { method } : {}), ...seenAt(first(values, 'seen_on')) };
		try {
			if (!uuid.test(event.params.id)) openPlace(published().current(), event.params.id);
			const identified = { ...content, client_id: clientIdFor(formIdOf(values), content) };
			return { sent: await confirm(event.locals.supabase, identified) };
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { values, failure });
		}
	}
};

function shownFactsOf(text: string): { fact: string; value: unknown }[] {
	return readShown(text).map(({ fact, value }) => ({ fact, value: value ?? null }));
}

/** The day she was there; today is what it is when nothing is said. An hour that is of that day from Samoa to Wallis. */
function seenAt(day: string): { seen_at?: string } {
	const { time } = published().current().settings;
	if (!isDay(day) || day === dayIn(time.zone, new Date())) return {};
	return { seen_at: `${day}T11:00:00Z` };
}
