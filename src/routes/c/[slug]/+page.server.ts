import { error, redirect } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { findCampaign } from '$lib/server/db/campaigns';
import { serviceClient } from '$lib/server/supabase';
import { orErrorPage } from '../../failing.server';
import { forgetCampaign, rememberCampaign } from '../campaign-cookie';
import type { Actions, PageServerLoad } from './$types';

/** The link on the poster: to the form, with the campaign remembered for this visit. */
export const load: PageServerLoad = async ({ params, cookies, url }) => {
	const campaign = await orErrorPage(findCampaign(serviceClient(), params.slug));
	if (!campaign) error(404, m.campaign_unknown());
	if (!campaign.running) return { campaign };
	rememberCampaign(cookies, campaign.slug, url.protocol === 'https:');
	redirect(303, '/places/new');
};

export const actions: Actions = {
	leave: ({ cookies }) => {
		forgetCampaign(cookies);
		redirect(303, '/places/new');
	}
};
