import { z } from 'zod';
import { decisionSchema } from '../../domain/decision.ts';
import type { Decision } from '../../domain/decision.ts';
import { proposalStates } from '../../domain/proposal.ts';
import { run, write } from './call.ts';
import type { Client } from './call.ts';

/** Hands a waiting item to a colleague in scope, who is told; `to: null` gives it back to everybody. */
export async function hand(client: Client, itemId: string, handing: { to: string | null; message?: string }): Promise<void> {
	await write(client, 'hand_item', { item_id: itemId, handing }, z.unknown());
}

/** Until this day (`YYYY-MM-DD`, included) what was handed to the caller is everybody's; null: she is there. */
export async function saveAbsence(client: Client, until: string | null): Promise<void> {
	await write(client, 'save_absence', { absence: { until } }, z.unknown());
}

const person = z.object({ id: z.uuid(), name: z.string().nullable() });
const desk = z
	.object({ away_until: z.string().nullable(), hearer: z.uuid().nullish(), hearers: z.array(person).optional() })
	.transform(({ away_until, hearer, hearers }) => ({ awayUntil: away_until, hearer: hearer ?? null, hearers: hearers ?? null }));
export type Desk = z.output<typeof desk>;

/** Until when the caller is away; for a coordinator of the whole, who hears appeals and who could (`hearers`, else null). */
export async function myDesk(client: Client): Promise<Desk> {
	return desk.parse(await run(client.rpc('my_desk', {})));
}

const answer = z
	.object({
		proposal_id: z.unknown(),
		state: z.enum(proposalStates).optional(),
		decision_id: z.uuid().optional(),
		error: z.object({ code: z.string(), fact: z.string().nullish() }).optional()
	})
	.transform(({ proposal_id, state, decision_id, error }) => ({
		proposalId: String(proposal_id),
		state: state ?? null,
		decisionId: decision_id ?? null,
		error: error ? { code: error.code, fact: error.fact ?? null } : null
	}));
export type BatchAnswer = z.output<typeof answer>;

/** One word for several proposals, an answer for each. A rehearsal says what would happen and does nothing. */
export async function decideEach(
	client: Client,
	proposalIds: readonly string[],
	decision: Decision,
	rehearsal: boolean
): Promise<BatchAnswer[]> {
	const parsed = decisionSchema.parse(decision);
	const entries = proposalIds.map((proposal_id) => ({ proposal_id, decision: parsed }));
	return write(client, 'decide_batch', { entries, rehearsal }, z.array(answer));
}

export interface Merging {
	client_id: string;
	/** The place that goes, and the one that stays. */
	place_id: string;
	into_place_id: string;
	/** Facts and offers of the one that goes that the other takes over. */
	take: string[];
	/** As they were looked at. */
	versions: [number, number];
	proposal_id?: string;
}

/** Makes two places one, in one transaction. */
export async function merge(client: Client, merging: Merging): Promise<void> {
	await write(client, 'merge_places', { merging }, z.unknown());
}
