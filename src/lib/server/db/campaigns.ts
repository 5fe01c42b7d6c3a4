import { z } from 'zod';
import { channels } from '../../domain/campaign.ts';
import type { Campaign, CampaignItem, FollowedCampaign } from '../../domain/campaign.ts';
import { proposalKinds, proposalStates } from '../../domain/proposal.ts';
import { rows, run, write } from './call.ts';
import type { Client } from './call.ts';
import { instant, slug } from './rows.ts';

const poster = z
	.object({ slug: z.string(), title: z.string(), area: slug, starts_on: z.string(), ends_on: z.string(), running: z.boolean() })
	.transform(({ starts_on, ends_on, ...row }) => ({ ...row, startsOn: starts_on, endsOn: ends_on }))
	.nullable();

/** What everyone who has the link may know; null when there is no such campaign. */
export async function findCampaign(client: Client, campaign: string): Promise<(Campaign & { running: boolean }) | null> {
	return poster.parse(await run(client.rpc('find_campaign', { slug: campaign })));
}

/** Makes a campaign, or changes one's own. @returns its slug */
export async function saveCampaign(client: Client, { startsOn, endsOn, ...campaign }: Campaign): Promise<string> {
	const args = { campaign: { ...campaign, starts_on: startsOn, ends_on: endsOn } };
	return (await write(client, 'save_campaign', args, z.object({ slug: z.string() }))).slug;
}

const followed = z
	.object({
		slug: z.string(),
		title: z.string(),
		area: slug,
		starts_on: z.string(),
		ends_on: z.string(),
		mine: z.boolean(),
		total: z.int(),
		waiting: z.int(),
		accepted: z.int(),
		refused: z.int()
	})
	.transform(({ starts_on, ends_on, ...row }): FollowedCampaign => ({ ...row, startsOn: starts_on, endsOn: ends_on }));

/** The caller's campaigns, newest first; all of them for a coordinator of the whole territory. */
export async function campaigns(client: Client): Promise<FollowedCampaign[]> {
	return rows(client.from('campaigns').select('*').order('created_at', { ascending: false }).limit(200), followed);
}

const item = z
	.object({
		id: z.uuid(),
		kind: z.enum([...proposalKinds, 'confirm']),
		state: z.enum(proposalStates),
		channel: z.enum(channels),
		created_at: instant,
		place_id: z.uuid().nullable(),
		place_name: z.string().nullable(),
		on_map: z.boolean().nullable()
	})
	.transform((row): CampaignItem => {
		return {
			id: row.id,
			kind: row.kind,
			state: row.state,
			channel: row.channel,
			createdAt: row.created_at,
			placeId: row.place_id,
			placeName: row.place_name,
			onMap: row.on_map ?? false
		};
	});

/** One of the caller's campaigns with what came in, newest first; null when it is not hers to follow. */
export async function followCampaign(
	client: Client,
	campaign: string
): Promise<{ campaign: FollowedCampaign; items: CampaignItem[] } | null> {
	const [found] = await rows(client.from('campaigns').select('*').eq('slug', campaign).limit(1), followed);
	if (!found) return null;
	const query = client.from('campaign_proposals').select('*').eq('campaign', campaign);
	return { campaign: found, items: await rows(query.order('created_at', { ascending: false }).limit(500), item) };
}
