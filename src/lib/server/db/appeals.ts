import { z } from 'zod';
import { appealStates, hearingSchema } from '../../domain/appeal.ts';
import type { AppealItem, Hearing, OwnDecision } from '../../domain/appeal.ts';
import { proposalKinds } from '../../domain/proposal.ts';
import { roles } from '../../domain/roles.ts';
import { rows, write } from './call.ts';
import type { Client } from './call.ts';
import { instant, operation, position, slug } from './rows.ts';

const item = z
	.object({
		id: z.uuid(),
		decision_id: z.uuid(),
		proposal_id: z.uuid(),
		kind: z.enum(proposalKinds),
		place_id: z.uuid(),
		place_name: z.string().nullable(),
		area: slug,
		theme: slug,
		category: slug,
		author_role: z.enum(roles),
		author_name: z.string().nullable(),
		created_at: instant,
		text: z.string(),
		note: z.string().nullable(),
		reason_code: z.string().nullable(),
		message: z.string().nullable(),
		decided_at: instant,
		decider_name: z.string().nullable(),
		operations: z.array(operation),
		contested: z.array(z.string()),
		position_before: position,
		position_after: position,
		mine: z.boolean(),
		hearable: z.boolean()
	})
	.transform((row): AppealItem => {
		return {
			type: 'appeal',
			id: row.id,
			decisionId: row.decision_id,
			proposalId: row.proposal_id,
			kind: row.kind,
			placeId: row.place_id,
			placeName: row.place_name,
			area: row.area,
			theme: row.theme,
			category: row.category,
			authorRole: row.author_role,
			authorName: row.author_name,
			createdAt: row.created_at,
			text: row.text,
			note: row.note,
			decision: { reasonCode: row.reason_code, message: row.message, decidedAt: row.decided_at, by: row.decider_name },
			operations: row.operations,
			contested: row.contested,
			positionBefore: row.position_before,
			positionAfter: row.position_after,
			mine: row.mine,
			hearable: row.hearable
		};
	});

/** What waits to be heard in the caller's scope, oldest first; what she may not hear is marked. */
export async function appeals(client: Client, limit = 100): Promise<AppealItem[]> {
	return rows(client.from('appeals_queue').select('*').order('created_at').order('id').limit(limit), item);
}

/** Answers a contested decision; reversed, what it had refused is done. */
export async function hear(client: Client, appealId: string, hearing: Hearing): Promise<void> {
	await write(client, 'decide_appeal', { appeal_id: appealId, decision: hearingSchema.parse(hearing) }, z.unknown());
}

/** Contests a decision on one's own proposal; said again in the same words it is the same appeal. */
export async function contest(client: Client, decisionId: string, text: string): Promise<void> {
	await write(client, 'contest_decision', { appeal: { decision_id: decisionId, text } }, z.unknown());
}

/** A row of `my_decisions`, and the same of what a visitor follows. */
export const ownDecision = z
	.object({
		id: z.uuid(),
		proposal_id: z.uuid(),
		contestable_until: instant.nullable(),
		appeal: z.string().nullable(),
		appealed_at: instant.nullable(),
		appeal_state: z.enum(appealStates).nullable(),
		answer: z.string().nullable(),
		answered_at: instant.nullable()
	})
	.transform((row): OwnDecision => {
		const appeal =
			row.appeal_state === null
				? null
				: {
						state: row.appeal_state,
						text: row.appeal ?? '',
						at: row.appealed_at ?? '',
						answer: row.answer,
						answeredAt: row.answered_at
					};
		return { id: row.id, proposalId: row.proposal_id, contestableUntil: row.contestable_until, appeal };
	});

/** What the caller may contest, and what became of what she contested. */
export async function ownDecisions(client: Client): Promise<OwnDecision[]> {
	return rows(client.from('my_decisions').select('*').limit(200), ownDecision);
}
