import { error } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import { embedSitesOf } from '$lib/domain/embed';
import { coordinatesAll, mayCoordinate } from '$lib/domain/roles';
import { m } from '$lib/paraglide/messages';
import { workStatus } from '$lib/server/db/jobs';
import { config } from '$lib/server/environment';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../failing.server';
import { mails } from '../inviting.server';
import { requireViewer } from '../places/proposing.server';
import { currentEdition } from '../data/portal.server';
import { datasetsWithChecks } from './datasets/datasets.server';
import { actions as saving } from './saving.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const viewer = await requireViewer(event);
	if (!mayCoordinate(viewer)) error(403, m.admin_not_yours());
	const { reference, settings, size } = published().current();
	const whole = coordinatesAll(viewer);
	return {
		whole,
		late: whole ? (await datasetsWithChecks(currentEdition(event.url.origin))).filter(({ late }) => late !== null).length : 0,
		// What the whole map sends is the affair of who coordinates the whole of it.
		work: whole ? await orErrorPage(workStatus(event.locals.supabase)) : null,
		smtp: config().smtpUrl !== null,
		settings: { territory: settings.territory.name, contact: settings.contact },
		embedSites: embedSitesOf(settings.embed),
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
