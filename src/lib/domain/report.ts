import { z } from 'zod';
import type { OwnDecision } from './appeal.ts';
import type { DatasetReportKind, PublicState } from './dataset-report.ts';
import { reasonCodes } from './decision.ts';
import type { ProposedOperation, ProposalState } from './proposal.ts';
import type { Label } from './taxonomy.ts';

/** What somebody may say is wrong; `damaged` is about the thing itself, which the town's own tool mends. */
export const reportKinds = ['wrong', 'gone', 'duplicate', 'illegal_or_urgent', 'damaged'] as const;
export type ReportKind = (typeof reportKinds)[number];
export const reportStates = ['open', 'asked', 'accepted', 'refused', 'withdrawn'] as const;
export type ReportState = (typeof reportStates)[number];

const said = z
	.string()
	.transform((text) => text.normalize('NFC').replaceAll('\r\n', '\n').trim())
	.pipe(z.string().max(2000, 'too_long'));
const optional = <T extends z.ZodType>(type: T) => z.union([z.literal('').transform(() => undefined), type]).optional();

/** The form of a report as it is posted; issues are codes of `report_error_<code>`. */
export const reportForm = z
	.object({
		kind: z.enum(reportKinds, 'kind'),
		text: said.default(''),
		url: optional(
			z
				.string()
				.trim()
				.max(500, 'url')
				.pipe(z.url({ protocol: /^https?$/, error: 'url' }))
		),
		name: optional(z.string().trim().max(80, 'too_long')),
		email: optional(z.string().trim().toLowerCase().pipe(z.email('email').max(254, 'email'))),
		good_faith: z.string().optional()
	})
	.refine(({ kind, text }) => text !== '' || (kind !== 'wrong' && kind !== 'illegal_or_urgent'), {
		path: ['text'],
		message: 'text'
	})
	.refine(({ kind, good_faith }) => kind !== 'illegal_or_urgent' || Boolean(good_faith), {
		path: ['good_faith'],
		message: 'good_faith'
	});
export type ReportForm = z.output<typeof reportForm>;

/** In which lane something waits: the moderators' queue, or beside it until somebody vouches for it. */
export type Lane = 'queue' | 'unproven';

export interface ReportAnswer {
	reportId: string;
	state: ReportState;
	receivedAt: string;
	lane: Lane;
	mailed: boolean;
}

/** The dataset that a report is about, when it is about none of its places. */
export interface DatasetNamed {
	slug: string;
	title: Label;
}

/** A waiting report as a moderator sees it. */
export interface QueuedReport {
	type: 'report';
	id: string;
	kind: ReportKind;
	urgent: boolean;
	state: ReportState;
	placeId: string;
	placeName: string;
	placeSlug: string;
	placeStatus: string;
	area: string | null;
	theme: string;
	category: string;
	photoId: string | null;
	text: string | null;
	url: string | null;
	goodFaith: boolean;
	authorRole: 'visitor' | 'resident';
	authorName: string | null;
	/** An answer reaches her by mail; otherwise she comes back with her code. */
	reachable: boolean;
	createdAt: string;
	/** The question that was put to her last. */
	asked: string | null;
	claimed: boolean;
	mine: boolean;
	otherOpen: number;
}

/** What waits beside the queue because nobody vouched for it. */
export interface UnprovenItem {
	id: string;
	subject: 'proposal' | 'report';
	kind: string;
	urgent: boolean;
	/** Null when it is about a dataset. */
	placeId: string | null;
	placeName: string | null;
	dataset: DatasetNamed | null;
	area: string | null;
	text: string | null;
	facts: string[];
	createdAt: string;
}

/** What somebody sent without an account, as her link shows it. */
export interface FollowedItem {
	subject: 'proposal' | 'report';
	id: string;
	kind: string;
	/** Null when it is about a dataset. */
	placeId: string | null;
	placeName: string | null;
	placeSlug: string | null;
	dataset: DatasetNamed | null;
	/** What is said in public of a report about a dataset. */
	publicState: PublicState | null;
	category: string | null;
	state: ProposalState | ReportState;
	createdAt: string;
	decidedAt: string | null;
	/** What she wrote to the moderators. */
	text: string | null;
	reasonCode: string | null;
	message: string | null;
	unproven: boolean;
	/** Of a proposal: the decision that she may contest, or has. */
	decision: OwnDecision | null;
	operations: ProposedOperation[];
}

/** A report of somebody with an account, for her own page. */
export interface OwnReport {
	id: string;
	kind: ReportKind | DatasetReportKind;
	state: ReportState;
	/** Null when it is about a dataset. */
	placeId: string | null;
	placeName: string | null;
	placeSlug: string | null;
	dataset: DatasetNamed | null;
	publicState: PublicState | null;
	text: string | null;
	createdAt: string;
	decidedAt: string | null;
	reasonCode: string | null;
	message: string | null;
}

/** What a moderator answers to a report. */
export const settlementSchema = z
	.strictObject({
		outcome: z.enum(['accept', 'refuse', 'ask']),
		reason_code: z.enum(reasonCodes).optional(),
		message: z.string().trim().max(2000).optional()
	})
	.refine(({ outcome, reason_code }) => outcome !== 'refuse' || reason_code !== undefined, { message: 'reason_missing' })
	.refine(({ outcome, message }) => outcome !== 'ask' || Boolean(message), { message: 'message_missing' });
export type Settlement = z.infer<typeof settlementSchema>;

/** `1b4e28ba-2fa1-…` → « 1B4E-28BA »: a number that can be said on the phone. */
export function referenceOf(id: string): string {
	const digits = id.replaceAll('-', '').slice(0, 8).toUpperCase();
	return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

const damageTool = z.object({
	name: z.string().max(200).catch(''),
	url: z
		.url({ protocol: /^https?$/ })
		.max(500)
		.catch(''),
	email: z.email().max(254).catch(''),
	phone: z
		.string()
		.regex(/^[+\d][\d .]{2,24}$/)
		.catch('')
});
export type DamageTool = z.output<typeof damageTool>;

/** Who mends what is broken, from the settings; null when the town has said nothing, and such reports come to the moderators. */
export function damageToolOf(setting: unknown): DamageTool | null {
	const parsed = damageTool.safeParse(setting);
	return parsed.success && (parsed.data.url || parsed.data.email || parsed.data.phone) ? parsed.data : null;
}
