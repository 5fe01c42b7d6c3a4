import type { RequestEvent } from '@sveltejs/kit';
import { channels } from '$lib/domain/campaign';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import type { Proposal } from '$lib/domain/proposal';
import { maySpeakForOthers } from '$lib/domain/roles';
import type { Viewer } from '$lib/domain/roles';
import { findCampaign } from '$lib/server/db/campaigns';
import { Failure } from '$lib/server/errors';
import { serviceClient } from '$lib/server/supabase';
import { campaignOf } from '../c/campaign-cookie';

/** How what is sent was gathered: the channel that was chosen, the campaign of this visit. */
export function gatheringOf(cookies: RequestEvent['cookies'], values: FormValues): Pick<Proposal, 'channel' | 'campaign'> {
	const channel = channels.find((known) => known === first(values, 'channel'));
	const campaign = campaignOf(cookies);
	return { ...(channel && channel !== 'web' ? { channel } : {}), ...(campaign ? { campaign } : {}) };
}

/** What a form shows of it: whether to ask for a channel, and the campaign's title. Without an answer it shows neither. */
export async function gatheringValues(
	{ cookies }: Pick<RequestEvent, 'cookies'>,
	viewer: Pick<Viewer, 'grants' | 'organisations'>
): Promise<FormValues> {
	const asks: FormValues = maySpeakForOthers(viewer) ? { asks_channel: ['yes'] } : {};
	const slug = campaignOf(cookies);
	if (!slug) return asks;
	try {
		const campaign = await findCampaign(serviceClient(), slug);
		return campaign?.running ? { ...asks, campaign_slug: [slug], campaign_title: [campaign.title] } : asks;
	} catch (failure) {
		if (!(failure instanceof Failure)) throw failure;
		return asks;
	}
}
