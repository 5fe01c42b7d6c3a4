import { z } from 'zod';
import type { TakenDecision } from '../../domain/decision.ts';
import { rows, write } from './call.ts';
import type { Client } from './call.ts';
import { instant } from './rows.ts';

const decision = z
	.object({
		id: z.uuid(),
		proposal_id: z.uuid(),
		place_id: z.uuid(),
		place_name: z.string().nullable(),
		version: z.int().nullable(),
		outcome: z.string(),
		by_rule: z.boolean(),
		reason_code: z.string().nullable(),
		facts: z.array(z.string()).nullable(),
		decided_at: instant,
		undone: z.boolean(),
		undoable: z.boolean().nullable()
	})
	.transform((row): TakenDecision => {
		return {
			id: row.id,
			proposalId: row.proposal_id,
			placeId: row.place_id,
			placeName: row.place_name,
			version: row.version,
			outcome: row.outcome,
			byRule: row.by_rule,
			reasonCode: row.reason_code,
			facts: row.facts ?? [],
			decidedAt: row.decided_at,
			undone: row.undone,
			undoable: row.undoable ?? false
		};
	});

/** The last decisions in the caller's scope, newest first. */
export async function recent(client: Client, limit = 50): Promise<TakenDecision[]> {
	return rows(client.from('decisions').select('*').order('decided_at', { ascending: false }).limit(limit), decision);
}

/** The decisions on one place that the caller may know of, newest first; none for someone who may not undo. */
export async function decisionsOf(client: Client, placeId: string): Promise<TakenDecision[]> {
	const query = client.from('decisions').select('*').eq('place_id', placeId);
	return rows(query.order('decided_at', { ascending: false }).limit(100), decision);
}

/** Writes the inverse version, if nothing came between. */
export async function undo(client: Client, decisionId: string): Promise<void> {
	await write(client, 'undo_decision', { decision_id: decisionId }, z.unknown());
}
