import { z } from 'zod';
import type { LonLat } from './place.ts';
import type { ProposalKind, ProposedOperation } from './proposal.ts';
import type { Role } from './roles.ts';

/** `moot`: the decision was undone before anybody had heard it. */
export const appealStates = ['open', 'upheld', 'reversed', 'moot'] as const;
export type AppealState = (typeof appealStates)[number];

/** A contested decision, waiting for somebody else to hear it. */
export interface AppealItem {
	type: 'appeal';
	id: string;
	decisionId: string;
	proposalId: string;
	kind: ProposalKind;
	placeId: string;
	placeName: string | null;
	area: string | null;
	theme: string | null;
	category: string | null;
	authorRole: Role;
	authorName: string | null;
	createdAt: string;
	/** What its author says against the decision. */
	text: string;
	/** Her word with the proposal. */
	note: string | null;
	decision: { reasonCode: string | null; message: string | null; decidedAt: string; by: string | null };
	operations: ProposedOperation[];
	/** The facts that had been refused. */
	contested: string[];
	positionBefore: LonLat | null;
	positionAfter: LonLat | null;
	/** The reader wrote the proposal. */
	mine: boolean;
	/** The reader is somebody else than its decider, and may answer. */
	hearable: boolean;
}

/** What `decide_appeal` takes: reasons are always given. */
export const hearingSchema = z.strictObject({
	outcome: z.enum(['upheld', 'reversed']),
	message: z.string().trim().min(1).max(2000)
});
export type Hearing = z.infer<typeof hearingSchema>;

/** A decision on one's own proposal: until when it can be contested, and what became of that. */
export interface OwnDecision {
	id: string;
	proposalId: string;
	/** An instant; null when it cannot be contested. */
	contestableUntil: string | null;
	appeal: { state: AppealState; text: string; at: string; answer: string | null; answeredAt: string | null } | null;
}
