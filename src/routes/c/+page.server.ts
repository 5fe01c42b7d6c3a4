import { fail, redirect } from '@sveltejs/kit';
import { campaignSlug } from '$lib/domain/campaign';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import { maySpeakForOthers } from '$lib/domain/roles';
import { dayIn } from '$lib/i18n/format';
import { campaigns, saveCampaign } from '$lib/server/db/campaigns';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../failing.server';
import { requireViewer } from '../places/proposing.server';
import { namedAreas } from '../places/reviewing.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const viewer = await requireViewer(event);
	const { settings } = published().current();
	const may = maySpeakForOthers(viewer);
	return {
		may,
		campaigns: may ? await orErrorPage(campaigns(event.locals.supabase)) : [],
		areas: namedAreas(),
		today: dayIn(settings.time.zone, new Date())
	};
};

export const actions: Actions = {
	save: async ({ request, locals }) => {
		const values = readForm(await request.formData());
		const text = (field: string) => first(values, field).trim();
		const startsOn = text('starts_on');
		const campaign = { title: text('title'), area: text('area') || null, startsOn, endsOn: text('ends_on') || startsOn };
		const slug = text('slug') || campaignSlug(campaign.title, startsOn);
		try {
			await saveCampaign(locals.supabase, { ...campaign, slug });
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { values, failure });
		}
		redirect(303, `/c/${slug}/follow`);
	}
};
