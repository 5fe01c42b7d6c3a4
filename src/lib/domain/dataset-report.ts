import { z } from 'zod';
import { reasonCodes } from './decision.ts';
import type { ReportState } from './report.ts';
import type { Label } from './taxonomy.ts';

/** What may be wrong with a whole dataset. `rights` (licence, personal data) is read first. */
export const datasetReportKinds = ['values', 'missing', 'format', 'rights', 'other'] as const;
export type DatasetReportKind = (typeof datasetReportKinds)[number];

/** What is said of it in public, once somebody who answers for the dataset has read it. */
export const publicStates = ['read', 'in_progress', 'fixed', 'declined'] as const;
export type PublicState = (typeof publicStates)[number];

/** A report as everyone reads it, with its dataset. Its words are those of who answers, never its author's. */
export interface PublicReport {
	id: string;
	kind: DatasetReportKind;
	state: PublicState;
	summary: string;
	/** Days of the territory. */
	receivedOn: string;
	/** Since when the state is what it is. */
	statedOn: string;
	/** Of one that nothing is done about: the ground, from the list of all decisions, and a sentence. */
	reasonCode: string | null;
	reason: string | null;
}

/** The same as those who answer see it, waiting or not. */
export interface DatasetReport {
	type: 'dataset_report';
	id: string;
	dataset: string;
	datasetTitle: Label;
	area: string | null;
	theme: string | null;
	/** It is about no single thing of the map. */
	category: null;
	kind: DatasetReportKind;
	urgent: boolean;
	state: ReportState;
	text: string | null;
	authorRole: 'visitor' | 'resident';
	/** For the coordination only. */
	authorName: string | null;
	/** An answer reaches her by mail; otherwise she comes back with her code. */
	reachable: boolean;
	createdAt: string;
	/** What she was told or asked last. */
	message: string | null;
	claimed: boolean;
	mine: boolean;
	publicState: PublicState | null;
	summary: string | null;
	publicReason: string | null;
	statedOn: string | null;
}

/** Somebody still has to answer. */
export const waits = ({ state }: Pick<DatasetReport, 'state'>): boolean => state === 'open' || state === 'asked';

const text = z.string().transform((typed) => typed.normalize('NFC').replaceAll('\r\n', '\n').trim());

/** The form as it is posted; issues are codes of `report_error_<code>`. */
export const datasetReportForm = z.object({
	kind: z.enum(datasetReportKinds, 'kind'),
	text: text.pipe(z.string().min(1, 'text').max(2000, 'too_long')),
	email: z
		.union([z.literal('').transform(() => undefined), z.string().trim().toLowerCase().pipe(z.email('email').max(254, 'email'))])
		.optional()
});
export type DatasetReportForm = z.output<typeof datasetReportForm>;

const sentence = z
	.string()
	.transform((typed) => typed.normalize('NFC').replace(/\s+/g, ' ').trim())
	.pipe(z.string().max(300, 'too_long'))
	.transform((said) => said || undefined)
	.optional();

/** One step with a report: what is said of it in public, and what to its author. Issues are codes of `trouble_lack_<code>`. */
export const datasetSettlement = z
	.object({
		outcome: z.enum(['read', 'in_progress', 'accept', 'refuse', 'ask']),
		summary: sentence,
		public_reason: sentence,
		message: text
			.pipe(z.string().max(2000, 'too_long'))
			.transform((said) => said || undefined)
			.optional(),
		reason_code: z.union([z.literal('').transform(() => undefined), z.enum(reasonCodes)]).optional()
	})
	.superRefine(({ outcome, summary, public_reason, message, reason_code }, { addIssue }) => {
		const lack = (path: string) => addIssue({ code: 'custom', path: [path], message: path });
		if (!summary && (outcome === 'read' || outcome === 'in_progress' || (outcome === 'refuse' && public_reason))) lack('summary');
		if (outcome === 'ask' && !message) lack('message');
		if (outcome === 'refuse' && !reason_code) lack('reason_code');
		if (outcome === 'refuse' && summary && reason_code === 'other' && !public_reason) lack('public_reason');
	});
export type DatasetSettlement = z.output<typeof datasetSettlement>;
