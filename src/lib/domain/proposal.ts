import type { z } from 'zod';
import { listFacts } from './facts.ts';
import type { confirmationSchema, proposalSchema } from './proposal-schema.ts';

export const proposalKinds = ['create', 'update', 'end', 'reopen', 'merge'] as const;
export type ProposalKind = (typeof proposalKinds)[number];
export const proposalStates = ['open', 'asked', 'accepted', 'partly_accepted', 'refused', 'withdrawn'] as const;
export type ProposalState = (typeof proposalStates)[number];
export const operationOutcomes = ['accepted', 'confirmed', 'pending', 'conflict', 'refused'] as const;
export type OperationOutcome = (typeof operationOutcomes)[number];
export const endReasons = ['closed', 'moved', 'duplicate', 'never_existed', 'other'] as const;
export type EndReason = (typeof endReasons)[number];

/** States in which a moderator may still decide, and the author still withdraw. */
export const undecided: ReadonlySet<ProposalState> = new Set(['open', 'asked']);

/** `old` is the value as it was shown, byte for byte: it alone decides whether there is a conflict. */
export type Operation = { fact: string; old: unknown; new: unknown } | { fact: string; add: unknown[]; remove: unknown[] };

export type Proposal = Omit<z.infer<typeof proposalSchema>, 'operations'> & { operations: Operation[] };

/** « Still right »: nothing changes but who vouched and when. */
export type Confirmation = z.infer<typeof confirmationSchema>;

export interface Answer {
	proposalId: string;
	state: ProposalState;
	placeId: string;
	version: number | null;
	operations: { fact: string; outcome: OperationOutcome; current?: unknown }[];
}

/** One operation of a proposal as it is shown to its author or to a moderator. */
export interface ProposedOperation {
	ordinal: number;
	fact: string;
	old: unknown;
	new: unknown;
	add: unknown[] | null;
	remove: unknown[] | null;
	outcome: OperationOutcome;
	/** What the place says now; only moderators are told. */
	current?: unknown;
}

export interface OwnProposal {
	id: string;
	/** `confirm`: « still true », nothing to change. */
	kind: ProposalKind | 'confirm';
	placeId: string | null;
	placeName: string | null;
	placeSlug: string | null;
	state: ProposalState;
	createdAt: string;
	decidedAt: string | null;
	note: string | null;
	reasonCode: string | null;
	message: string | null;
	operations: ProposedOperation[];
	/** Null while there is no such place, or it is not hers to see. */
	placeStatus: 'active' | 'ended' | 'merged' | null;
	/** Accepted facts that were changed again afterwards. */
	changedSince: string[];
}

/** Facts by path, as shown to the contributor or as she typed them. An absent key was not on the form. */
export type FactValues = Record<string, unknown>;

/** Trimmed, composed (NFC), with one kind of line end: what the database keeps, whatever the browser sends. */
export function cleanText(text: string): string {
	return text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
}

/** Equal for a reader: text after cleaning, positions within 1e-7°, nothing = empty text = empty list. */
export function sameValue(a: unknown, b: unknown): boolean {
	return canonical(a) === canonical(b);
}

/** A text that equal values share (see `sameValue`); `null` for nothing. */
export function canonical(value: unknown): string {
	if (value === null || value === undefined || value === '') return 'null';
	if (typeof value === 'string') return JSON.stringify(cleanText(value) || null);
	if (typeof value === 'number') return JSON.stringify(Math.round(value * 1e7) / 1e7);
	if (Array.isArray(value)) return value.length === 0 ? 'null' : `[${value.map(canonical).join(',')}]`;
	if (typeof value === 'object') {
		const entries = Object.entries(value).filter(([, inner]) => canonical(inner) !== 'null');
		if (entries.length === 0) return 'null';
		return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => `${key}:${canonical(inner)}`)}}`;
	}
	return JSON.stringify(value);
}

/**
 * Operations for what was changed and nothing else. `shown` is what the form showed (null for a new place), `typed` what came back.
 * A fact that was not typed (absent) is left alone; a list gives what was added and removed.
 */
export function operationsBetween(shown: FactValues | null, typed: FactValues): Operation[] {
	return Object.entries(typed).flatMap(([fact, value]): Operation[] => {
		const before = shown?.[fact] ?? null;
		if (sameValue(before, value)) return [];
		const after = value === undefined || value === '' ? null : value;
		if (shown && isList(fact) && (Array.isArray(before) || before === null)) return listOperation(fact, before ?? [], after);
		return [{ fact, old: before, new: Array.isArray(after) && after.length === 0 ? null : after }];
	});
}

/** Only the lists of the place itself: those of an offer change by old and new. */
const isList = (fact: string): boolean => listFacts.has(fact);

function listOperation(fact: string, before: unknown[], after: unknown): Operation[] {
	const wanted = Array.isArray(after) ? after : [];
	const add = wanted.filter((item) => !before.some((other) => sameValue(item, other)));
	const remove = before.filter((item) => !wanted.some((other) => sameValue(item, other)));
	// The same items in another order are the same list.
	return add.length + remove.length === 0 ? [] : [{ fact, add, remove }];
}

/** What the fact would be if the operation were accepted now: a list is what it is, plus and minus. */
export function proposedValue({
	add,
	remove,
	current,
	new: wanted
}: Pick<ProposedOperation, 'add' | 'remove' | 'current' | 'new'>): unknown {
	if (!add?.length && !remove?.length) return wanted;
	const items = Array.isArray(current) ? (current as unknown[]) : [];
	const kept = items.filter((item) => !remove?.some((gone) => sameValue(gone, item)));
	return [...kept, ...(add ?? []).filter((item) => !kept.some((other) => sameValue(other, item)))];
}
