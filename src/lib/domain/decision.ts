import type { Channel } from './campaign.ts';
import { z } from 'zod';
import type { LonLat } from './place.ts';
import type { ProposalKind, ProposalState, ProposedOperation } from './proposal.ts';
import type { Role } from './roles.ts';

/** Why something was refused or hidden: a closed list, so that it can be counted and translated. */
export const reasonCodes = [
	'out_of_scope',
	'not_verifiable',
	'duplicate',
	'personal_data',
	'advertising',
	'offensive',
	'illegal',
	'wrong_place',
	'already_done',
	'other'
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

const message = z.string().trim().max(2000);

/** What `decide_proposal` takes. With `facts`, these are accepted and the others refused; `edits` replace what was proposed for some of them. */
export const decisionSchema = z
	.strictObject({
		outcome: z.enum(['accept', 'refuse', 'ask']),
		facts: z.array(z.string().max(120)).max(200).optional(),
		edits: z.record(z.string().max(120), z.unknown()).optional(),
		reason_code: z.enum(reasonCodes).optional(),
		message: message.optional()
	})
	.refine(({ outcome, reason_code }) => outcome !== 'refuse' || reason_code !== undefined, {
		path: ['reason_code'],
		message: 'reason_missing'
	})
	.refine(({ outcome, message }) => outcome !== 'ask' || Boolean(message), { path: ['message'], message: 'message_missing' });
export type Decision = z.infer<typeof decisionSchema>;

export const withholdingSchema = z.strictObject({
	place_id: z.uuid(),
	fact: z.string().min(1).max(120).optional(),
	reason_code: z.enum(reasonCodes),
	message: message.optional(),
	release: z.boolean().optional()
});
export type Withholding = z.infer<typeof withholdingSchema>;

/** A proposal waiting for a decision, as a moderator sees it. */
export interface ProposalItem {
	type: 'proposal';
	id: string;
	kind: ProposalKind;
	state: ProposalState;
	placeId: string;
	placeName: string | null;
	placeSlug: string | null;
	intoPlaceId: string | null;
	intoPlaceName: string | null;
	reason: string | null;
	area: string | null;
	theme: string | null;
	category: string | null;
	authorRole: Role;
	authorOrganisation: string | null;
	/** As she calls herself; moderators only. */
	authorName: string | null;
	source: string | null;
	createdAt: string;
	note: string | null;
	/** How it came to its author; the slug of the workshop it belongs to. */
	channel: Channel;
	campaign: string | null;
	baseVersion: number | null;
	version: number | null;
	operations: ProposedOperation[];
	positionBefore: LonLat | null;
	positionAfter: LonLat | null;
	/** Someone else is reading it right now. */
	claimed: boolean;
	/** The reader wrote it, so she may not decide it. */
	mine: boolean;
	/** A colleague was asked to decide, and is there to do it: the reader herself, or somebody else; null for nobody. */
	handed: { toMe: boolean; name: string | null; message: string | null } | null;
	/** What nobody reads at present: the whole place, or these of its facts. */
	withheld: boolean;
	withheldFacts: string[];
	/** Other undecided proposals about the same place. */
	otherOpen: number;
}

/** What helps to decide on one item; asked for it alone. */
export interface ItemAbout {
	/** How many of its author's earlier proposals are in which state; of them nothing else is told. */
	record: Partial<Record<ProposalState, number>>;
	others: { id: string; kind: ProposalKind; authorRole: Role; createdAt: string; facts: string[] }[];
	/** What was asked of the author, oldest first. */
	questions: { at: string; message: string }[];
	colleagues: { id: string; name: string | null; awayUntil: string | null }[];
}

/** A decision already taken, for the list that offers to undo it. */
export interface TakenDecision {
	id: string;
	proposalId: string;
	placeId: string;
	placeName: string | null;
	version: number | null;
	outcome: string;
	byRule: boolean;
	reasonCode: string | null;
	facts: string[];
	decidedAt: string;
	undone: boolean;
	undoable: boolean;
}
