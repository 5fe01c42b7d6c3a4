import { randomUUID } from 'node:crypto';
import { factsFor } from '$lib/domain/facts';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { orErrorPage } from '../../failing.server';
import { gatheringValues } from '../gathering.server';
import { again, formTaxonomy, send } from '../proposing.server';
import { visitorValues } from '../visiting.server';
import { nobody } from '$lib/domain/roles';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const taxonomy = formTaxonomy();
	// After a post the form shows what was typed: nothing more is asked of a database that may be away.
	if (event.request.method === 'POST') return { taxonomy, values: {} as FormValues, posted: true };
	const viewer = await orErrorPage(event.locals.viewer());
	const values = emptyForm(viewer ?? nobody, event.url.searchParams);
	const visitor = viewer ? {} : await orErrorPage(visitorValues(first(values, 'client_id')));
	return { taxonomy, values: { ...values, ...visitor, ...(await gatheringValues(event, viewer ?? nobody)) }, posted: false };
};

function emptyForm(viewer: Parameters<typeof factsFor>[0], query: URLSearchParams): FormValues {
	const asked = factsFor(viewer, null, true).map(({ fact }) => fact);
	const [lon, lat] = (query.get('near') ?? '').split(',');
	const organisation = viewer.organisations.length === 1 ? viewer.organisations[0] : undefined;
	return {
		client_id: [randomUUID()],
		new_offer: [randomUUID()],
		asked: [asked.join(',')],
		...(query.get('category') ? { category: [query.get('category') ?? ''] } : {}),
		...(query.get('q') ? { name: [query.get('q') ?? ''] } : {}),
		...(lon && lat ? { lon: [lon], lat: [lat] } : {}),
		...(organisation ? { steward: [organisation.slug] } : {})
	};
}

export const actions: Actions = {
	submit: (event) => send(event, null),
	choose: again,
	locate: again
};
