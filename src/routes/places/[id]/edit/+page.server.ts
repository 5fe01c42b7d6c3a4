import { fail, redirect } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import { formValues, shownFacts } from '$lib/domain/fact-form';
import { factsFor } from '$lib/domain/facts';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import type { Photo, Place } from '$lib/domain/place';
import { endReasons } from '$lib/domain/proposal';
import { mayModerate, nobody } from '$lib/domain/roles';
import type { Viewer } from '$lib/domain/roles';
import { uuid } from '$lib/domain/uuid';
import { forEdit } from '$lib/server/db/places';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../../../failing.server';
import { openPlace } from '../../open-place';
import { gatheringValues } from '../../gathering.server';
import { again, formTaxonomy, noteOf, postedForm, propose, send } from '../../proposing.server';
import { visitorValues } from '../../visiting.server';
import type { Actions, PageServerLoad, PageServerLoadEvent } from './$types';

/** The id inside the address of a place's page. */
const anyUuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

export const load: PageServerLoad = async (event) => {
	const taxonomy = formTaxonomy();
	const { id } = event.params;
	const nothing = {
		taxonomy,
		values: {} as FormValues,
		name: '',
		mayEdit: true,
		ended: false,
		posted: false,
		moderation: null,
		photos: [] as Photo[]
	};
	// After a post the form shows what was typed: nothing more is asked of a database that may be away.
	if (event.request.method === 'POST') {
		const facts = published().current().byId(id)?.facts;
		return { ...nothing, posted: true, name: facts?.name ?? '', photos: facts?.photos ?? [] };
	}
	const viewer = await orErrorPage(event.locals.viewer());
	if (!viewer) return { ...nothing, ...(await publicForm(event)) };
	const found = uuid.test(id) ? await orErrorPage(forEdit(event.locals.supabase, id)) : null;
	if (found?.mergedInto) redirect(303, `/places/${found.mergedInto}/edit`);
	if (!found) {
		// Nobody but those who may reopen it by themselves is shown an ended place: the others may still say that it has.
		const tombstone = published().current().tombstone(id.toLowerCase());
		if (tombstone?.kind !== 'ended') openPlace(published().current(), id, '/edit');
		return { ...nothing, mayEdit: false, ended: true, values: { client_id: [randomUUID()] } };
	}
	const { place, status, withheld, withheldFacts } = found;
	return {
		...nothing,
		values: { ...filledForm(place, viewer), ...(await gatheringValues(event, viewer)) },
		name: place.facts.name,
		photos: place.facts.photos,
		mayEdit: status === 'active',
		ended: status === 'ended',
		moderation: mayModerate(viewer) ? { withheld, withheldFacts } : null
	};
};

/** The form as everyone may have it: what the map shows, from the snapshot. */
async function publicForm(event: PageServerLoadEvent) {
	const place = openPlace(published().current(), event.params.id, '/edit');
	const values = filledForm(place, nobody);
	const visitor = await orErrorPage(visitorValues(first(values, 'client_id')));
	return { values: { ...values, ...visitor, ...(await gatheringValues(event, nobody)) }, name: place.facts.name };
}

function filledForm(place: Place, viewer: Pick<Viewer, 'grants' | 'organisations'>): FormValues {
	const facts = shownFacts(place);
	return {
		...formValues(facts),
		client_id: [randomUUID()],
		new_offer: [randomUUID()],
		base_version: [String(place.version)],
		shown: [JSON.stringify(facts)],
		asked: [
			factsFor(viewer, place.steward, false)
				.map(({ fact }) => fact)
				.join(',')
		]
	};
}

export const actions: Actions = {
	submit: (event) => send(event, event.params.id),
	choose: again,
	locate: again,
	end: async (event) => {
		const values = await postedForm(event.request);
		const reason = endReasons.find((known) => known === first(values, 'reason'));
		if (!reason) return fail(400, { values, act: 'end' as const, reasonMissing: true });
		const twin = first(values, 'into_place').trim();
		if (reason === 'duplicate' && twin) {
			const into = anyUuid.exec(twin)?.[0].toLowerCase();
			if (!into || into === event.params.id.toLowerCase() || !published().current().byId(into)) {
				return fail(400, { values, act: 'end' as const, twinWrong: true });
			}
			const into_place_id = into;
			return propose(
				event,
				values,
				{ kind: 'merge', place_id: event.params.id, into_place_id, operations: [], ...noteOf(values) },
				'end'
			);
		}
		return propose(event, values, { kind: 'end', place_id: event.params.id, reason, operations: [], ...noteOf(values) }, 'end');
	},
	reopen: async (event) => {
		const values = await postedForm(event.request);
		return propose(event, values, { kind: 'reopen', place_id: event.params.id, operations: [], ...noteOf(values) }, 'reopen');
	}
};
