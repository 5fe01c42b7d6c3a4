import { z } from 'zod';
import { channels } from '../../domain/campaign.ts';
import { decisionSchema, withholdingSchema } from '../../domain/decision.ts';
import type { Decision, ItemAbout, ProposalItem, Withholding } from '../../domain/decision.ts';
import { proposalKinds, proposalStates } from '../../domain/proposal.ts';
import { roles } from '../../domain/roles.ts';
import { rows, run, write } from './call.ts';
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
		handed_to_me: z.boolean().nullable(),
		handed_name: z.string().nullable(),
		handed_message: z.string().nullable(),
		withheld: z.boolean(),
		withheld_facts: z.array(z.string()),
		other_open: z.int()
	})
	.transform((row): ProposalItem => {
		return {
			type: 'proposal',
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
			handed: row.handed_to_me === null ? null : { toMe: row.handed_to_me, name: row.handed_name, message: row.handed_message },
			withheld: row.withheld,
			withheldFacts: row.withheld_facts,
			otherOpen: row.other_open
		};
	});

/** What waits in the caller's scope, oldest first. */
export async function queue(client: Client, limit = 200): Promise<ProposalItem[]> {
	return rows(client.from('moderation_queue').select('*').order('created_at').order('id').limit(limit), item);
}

/** One item; null when it is decided, withdrawn or out of the caller's scope. */
export async function itemOf(client: Client, proposalId: string): Promise<ProposalItem | null> {
	const [found] = await rows(client.from('moderation_queue').select('*').eq('id', proposalId).limit(1), item);
	return found ?? null;
}

const about = z
	.object({
		record: z.partialRecord(z.enum(proposalStates), z.int()),
		others: z.array(
			z.object({
				id: z.uuid(),
				kind: z.enum(proposalKinds),
				author_role: z.enum(roles),
				created_at: instant,
				facts: z.array(z.string())
			})
		),
		questions: z.array(z.object({ at: instant, message: z.string() })),
		colleagues: z.array(z.object({ id: z.uuid(), name: z.string().nullable(), away_until: z.string().nullable() }))
	})
	.transform(({ others, colleagues, ...rest }): ItemAbout => {
		return {
			...rest,
			others: others.map(({ author_role, created_at, ...other }) => ({
				...other,
				authorRole: author_role,
				createdAt: created_at
			})),
			colleagues: colleagues.map(({ away_until, ...colleague }) => ({ ...colleague, awayUntil: away_until }))
		};
	});

/** What helps to decide on one item. */
export async function aboutItem(client: Client, proposalId: string): Promise<ItemAbout> {
	return about.parse(await run(client.rpc('moderation_item', { item_id: proposalId })));
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
