import { error, fail, redirect } from '@sveltejs/kit';
import { hrefOf } from '$lib/components/cards';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { differences } from '$lib/domain/merging';
import type { Place } from '$lib/domain/place';
import { uuid } from '$lib/domain/uuid';
import { distance } from '$lib/geo/distance';
import { m } from '$lib/paraglide/messages';
import { merge } from '$lib/server/db/desk';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { clientIdFor, formIdOf } from '../../places/proposing.server';
import { names, requireModerator } from '../deciding.server';
import type { Actions, PageServerLoad } from './$types';

/** Both as the public reads them: what is closed is not chosen here. */
function bothPlaces(query: URLSearchParams): { gone: Place; kept: Place } {
	const view = published().current();
	const find = (name: string) => view.byId(query.get(name) ?? '');
	const [gone, kept] = [find('gone'), find('kept')];
	if (!gone || !kept || gone.id === kept.id) error(404, m.workbench_merge_missing());
	return { gone, kept };
}

const head = (place: Place) => ({
	id: place.id,
	href: hrefOf(place),
	name: place.facts.name,
	category: place.category,
	steward: place.steward,
	version: place.version
});

export const load: PageServerLoad = async (event) => {
	await requireModerator(event);
	const { gone, kept } = bothPlaces(event.url.searchParams);
	const item = event.url.searchParams.get('item') ?? '';
	return {
		...names(),
		gone: head(gone),
		kept: head(kept),
		metres: distance(gone.position, kept.position),
		rows: differences(gone, kept),
		offers: gone.offers.map(({ id, name }) => ({ id, name })),
		/** The proposal to merge that this decides on: it says which of the two goes. */
		item: uuid.test(item) ? item : null,
		formId: formIdOf({})
	};
};

/** Facts chosen from the place that goes, and its offers that come along. */
function taken(values: FormValues): string[] {
	const facts = Object.entries(values).flatMap(([field, [choice]]) =>
		field.startsWith('take:') && choice === 'gone' ? [field.slice('take:'.length)] : []
	);
	return [...facts, ...(values['offer'] ?? []).map((id) => `offer:${id}`)];
}

export const actions: Actions = {
	default: async (event) => {
		const values = readForm(await event.request.formData());
		const query = event.url.searchParams;
		const item = query.get('item') ?? '';
		const versions = ['gone_version', 'kept_version'].map((field) => Number.parseInt(first(values, field), 10));
		const merging = {
			place_id: query.get('gone') ?? '',
			into_place_id: query.get('kept') ?? '',
			take: taken(values),
			versions: versions as [number, number],
			...(uuid.test(item) ? { proposal_id: item } : {})
		};
		if (!uuid.test(merging.place_id) || !uuid.test(merging.into_place_id) || !versions.every(Number.isInteger))
			error(400, m.error_invalid_request());
		try {
			await merge(event.locals.supabase, { ...merging, client_id: clientIdFor(formIdOf(values), merging) });
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { failure, values });
		}
		redirect(303, '/moderation?done=merged');
	}
};
