import { z } from 'zod';
import { proposalStates } from '../../domain/proposal.ts';
import { confirmationSchema, proposalSchema } from '../../domain/proposal-schema.ts';
import type { Answer, Confirmation, OwnProposal, Proposal } from '../../domain/proposal.ts';
import { rows, write, writeAgain } from './call.ts';
import type { Client } from './call.ts';
import { answer, instant, operation, slug } from './rows.ts';

const own = z
	.object({
		id: z.uuid(),
		kind: z.string(),
		place_id: z.uuid().nullable(),
		place_name: z.string().nullable(),
		place_slug: slug,
		state: z.enum(proposalStates),
		created_at: instant,
		decided_at: instant.nullable(),
		note: z.string().nullable(),
		reason_code: z.string().nullable(),
		message: z.string().nullable(),
		operations: z.array(operation).nullable(),
		place_status: z.enum(['active', 'ended', 'merged']).nullable(),
		changed_since: z.array(z.string()).nullable()
	})
	.transform((row): OwnProposal => {
		return {
			id: row.id,
			kind: row.kind as OwnProposal['kind'],
			placeId: row.place_id,
			placeName: row.place_name,
			placeSlug: row.place_slug,
			state: row.state,
			createdAt: row.created_at,
			decidedAt: row.decided_at,
			note: row.note,
			reasonCode: row.reason_code,
			message: row.message,
			operations: row.operations ?? [],
			placeStatus: row.place_status,
			changedSince: row.changed_since ?? []
		};
	});

/** Proposes. Asked again by the same `client_id` it answers the same and does nothing, so a silent database is asked again. */
export async function submit(client: Client, proposal: Proposal): Promise<Answer> {
	return writeAgain(client, 'submit_proposal', { proposal: proposalSchema.parse(proposal) }, answer);
}

/** Vouches for facts that are still right; again with the same `client_id` it answers the same and does nothing. */
export async function confirm(client: Client, confirmation: Confirmation): Promise<Answer> {
	return writeAgain(client, 'confirm_facts', { confirmation: confirmationSchema.parse(confirmation) }, answer);
}

/** The caller's own proposals, newest first. */
export async function mine(client: Client, limit = 100): Promise<OwnProposal[]> {
	return rows(client.from('my_proposals').select('*').order('created_at', { ascending: false }).limit(limit), own);
}

/** Takes back what nobody has decided yet. */
export async function withdraw(client: Client, proposalId: string): Promise<void> {
	await write(client, 'withdraw_proposal', { proposal_id: proposalId }, z.unknown());
}

/** Answers a moderator's question: a new note, other operations, or both. */
export async function amend(
	client: Client,
	proposalId: string,
	amendment: Partial<Pick<Proposal, 'note' | 'operations'>>
): Promise<void> {
	await write(client, 'amend_proposal', { proposal_id: proposalId, amendment }, z.unknown());
}
