import { error } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import { coordinatesAll, mayCoordinate } from '$lib/domain/roles';
import { m } from '$lib/paraglide/messages';
import { published } from '$lib/server/published/instance';
import { mails } from '../inviting.server';
import { requireViewer } from '../places/proposing.server';
import { actions as saving } from './saving.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const viewer = await requireViewer(event);
	if (!mayCoordinate(viewer)) error(403, m.admin_not_yours());
	const { reference, settings, size } = published().current();
	return {
		whole: coordinatesAll(viewer),
		settings: { territory: settings.territory.name, contact: settings.contact },
		places: size,
		organisations: reference.organisations,
		areas: reference.areas.map(({ slug, name }) => ({ slug, name })),
		themes: reference.themes.map(({ slug, label }) => ({ slug, label })),
		mails: mails(),
		clientId: randomUUID(),
		done: event.url.searchParams.get('done')
	};
};

export const actions: Actions = saving;
