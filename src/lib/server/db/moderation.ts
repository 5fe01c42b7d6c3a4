import { z } from 'zod';
import { channels } from '../../domain/campaign.ts';
import { decisionSchema, withholdingSchema } from '../../domain/decision.ts';
import type { Decision, QueueItem, Withholding } from '../../domain/decision.ts';
import { proposalKinds, proposalStates } from '../../domain/proposal.ts';
import { roles } from '../../domain/roles.ts';
import { rows, write } from './call.ts';
import type { Client } from './call.ts';
import { instant, operation, position, slug } from './rows.ts';

const item = z
	.object({
		id: z.uuid(),
		kind: z.enum(proposalKinds),
		state: z.enum(proposalStates),
		place_id: z.uuid(),
		place_name: z.string().nullable(),
		place_slug: slug,
		into_place_id: z.uuid().nullable(),
		into_place_name: z.string().nullable(),
		reason: z.string().nullable(),
		area: slug,
		theme: slug,
		category: slug,
		author_role: z.enum(roles),
		author_organisation: slug,
		author_name: z.string().nullable(),
		source: slug,
		created_at: instant,
		note: z.string().nullable(),
		channel: z.enum(channels),
		campaign: slug,
		base_version: z.int().nullable(),
		version: z.int().nullable(),
		operations: z.array(operation).nullable(),
		position_before: position,
		position_after: position,
		// Null while nobody has claimed it.
		claimed: z.boolean().nullable(),
		mine: z.boolean(),
		other_open: z.int()
	})
	.transform((row): QueueItem => {
		return {
			id: row.id,
			kind: row.kind,
			state: row.state,
			placeId: row.place_id,
			placeName: row.place_name,
			placeSlug: row.place_slug,
			intoPlaceId: row.into_place_id,
			intoPlaceName: row.into_place_name,
			reason: row.reason,
			area: row.area,
			theme: row.theme,
			category: row.category,
			authorRole: row.author_role,
			authorOrganisation: row.author_organisation,
			authorName: row.author_name,
			source: row.source,
			createdAt: row.created_at,
			note: row.note,
			channel: row.channel,
			campaign: row.campaign,
			baseVersion: row.base_version,
			version: row.version,
			operations: row.operations ?? [],
			positionBefore: row.position_before,
			positionAfter: row.position_after,
			claimed: row.claimed ?? false,
			mine: row.mine,
			otherOpen: row.other_open
		};
	});

/** What waits in the caller's scope, oldest first. */
export async function queue(client: Client, limit = 200): Promise<QueueItem[]> {
	return rows(client.from('moderation_queue').select('*').order('created_at').order('id').limit(limit), item);
}

/** One item; null when it is decided, withdrawn or out of the caller's scope. */
export async function itemOf(client: Client, proposalId: string): Promise<QueueItem | null> {
	const [found] = await rows(client.from('moderation_queue').select('*').eq('id', proposalId).limit(1), item);
	return found ?? null;
}

const decided = z
	.object({ decision_id: z.uuid(), state: z.enum(proposalStates), version: z.int().nullish() })
	.transform(({ decision_id, state, version }) => ({ decisionId: decision_id, state, version: version ?? null }));

export async function decide(client: Client, proposalId: string, decision: Decision): Promise<z.output<typeof decided>> {
	return write(client, 'decide_proposal', { proposal_id: proposalId, decision: decisionSchema.parse(decision) }, decided);
}

/** A five-minute lease, so that two moderators do not read the same item. */
export async function claim(client: Client, proposalId: string): Promise<void> {
	await write(client, 'claim_item', { item_id: proposalId }, z.unknown());
}

/** Hides a fact or a whole place at once, or shows it again. */
export async function withhold(client: Client, withholding: Withholding): Promise<void> {
	await write(client, 'withhold', { withholding: withholdingSchema.parse(withholding) }, z.unknown());
}
