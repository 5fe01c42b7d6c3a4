import { error } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { followCampaign } from '$lib/server/db/campaigns';
import { orErrorPage } from '../../../failing.server';
import { requireViewer } from '../../../places/proposing.server';
import { namedAreas } from '../../../places/reviewing.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireViewer(event);
	const found = await orErrorPage(followCampaign(event.locals.supabase, event.params.slug));
	if (!found) error(404, m.campaign_unknown());
	const areas = namedAreas();
	const areaName = areas.find(({ slug }) => slug === found.campaign.area)?.name ?? null;
	return { ...found, areas, areaName, link: `${event.url.origin}/c/${found.campaign.slug}` };
};
