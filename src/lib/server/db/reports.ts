import { z } from 'zod';
import { reportKinds, reportStates, settlementSchema } from '../../domain/report.ts';
import { datasetReportKinds } from '../../domain/dataset-report.ts';
import type { DatasetReportKind } from '../../domain/dataset-report.ts';
import type { OwnReport, QueuedReport, ReportAnswer, ReportKind, Settlement, UnprovenItem } from '../../domain/report.ts';
import { rows, write, writeAgain } from './call.ts';
import type { Client } from './call.ts';
import { datasetNamed, instant, named, publicState, slug } from './rows.ts';
import { entryRow } from './visitors.ts';
import type { Entry } from './visitors.ts';

/** What is said of a place. `client_id` makes a second post of the same form harmless. */
interface PlaceReport {
	client_id: string;
	place_id: string;
	kind: ReportKind;
	text?: string | undefined;
	url?: string | undefined;
	photo_id?: string | undefined;
	good_faith?: boolean | undefined;
}

/** What is said of a whole dataset, by its slug. */
interface DatasetReport {
	client_id: string;
	dataset: string;
	kind: DatasetReportKind;
	text: string;
}
export type Report = PlaceReport | DatasetReport;

const received = z
	.object({
		report_id: z.uuid(),
		state: z.enum(reportStates),
		received_at: instant,
		lane: z.enum(['queue', 'unproven']),
		mailed: z.boolean()
	})
	.transform(({ report_id, received_at, ...rest }): ReportAnswer => {
		return { reportId: report_id, receivedAt: received_at, ...rest };
	});

/** Reports, by a visitor or by who is signed in (`contributorId`, just verified). `service`: the service key's client. */
export async function submit(service: Client, report: Report, by: Entry | { contributorId: string }): Promise<ReportAnswer> {
	const who = 'contributorId' in by ? { contributor_id: by.contributorId } : entryRow(by);
	return writeAgain(service, 'submit_report', { report: { ...report, ...who } }, received);
}

const queued = z
	.object({
		id: z.uuid(),
		kind: z.enum(reportKinds),
		urgent: z.boolean(),
		state: z.enum(reportStates),
		place_id: z.uuid(),
		place_name: z.string(),
		place_slug: z.string(),
		place_status: z.string(),
		area: slug,
		theme: z.string(),
		category: z.string(),
		photo_id: z.uuid().nullable(),
		text: z.string().nullable(),
		url: z.string().nullable(),
		good_faith: z.boolean(),
		author_role: z.enum(['visitor', 'resident']),
		author_name: z.string().nullable(),
		reachable: z.boolean().nullable(),
		created_at: instant,
		asked: z.string().nullable(),
		claimed: z.boolean().nullable(),
		mine: z.boolean(),
		other_open: z.int()
	})
	.transform((row): QueuedReport => {
		return {
			type: 'report',
			...{ id: row.id, kind: row.kind, urgent: row.urgent, state: row.state, text: row.text, url: row.url, mine: row.mine },
			...{ area: row.area, theme: row.theme, category: row.category, asked: row.asked },
			...{ placeId: row.place_id, placeName: row.place_name, placeSlug: row.place_slug, placeStatus: row.place_status },
			...{ photoId: row.photo_id, goodFaith: row.good_faith, createdAt: row.created_at, otherOpen: row.other_open },
			...{ authorRole: row.author_role, authorName: row.author_name },
			reachable: row.reachable ?? false,
			claimed: row.claimed ?? false
		};
	});

/** What waits in the caller's scope: urgent first, then oldest. */
export async function queue(client: Client, limit = 200): Promise<QueuedReport[]> {
	const waiting = client.from('report_queue').select('*').order('urgent', { ascending: false }).order('created_at').limit(limit);
	return rows(waiting, queued);
}

/** Settles, refuses or asks. @throws Failure `report_decided`, `own_report`, `not_in_scope` */
export async function settle(client: Client, reportId: string, settlement: Settlement): Promise<void> {
	const decision = settlementSchema.parse(settlement);
	await write(client, 'decide_report', { report_id: reportId, decision }, z.unknown());
}

const own = z
	.object({
		id: z.uuid(),
		kind: z.enum([...reportKinds, ...datasetReportKinds]),
		state: z.enum(reportStates),
		place_id: z.uuid().nullable(),
		place_name: z.string().nullable(),
		place_slug: slug,
		...named,
		public_state: publicState,
		text: z.string().nullable(),
		created_at: instant,
		decided_at: instant.nullable(),
		reason_code: z.string().nullable(),
		message: z.string().nullable()
	})
	.transform(
		({
			place_id,
			place_name,
			place_slug,
			dataset,
			dataset_title,
			public_state,
			created_at,
			decided_at,
			reason_code,
			...row
		}): OwnReport => {
			const place = { placeId: place_id, placeName: place_name, placeSlug: place_slug };
			return {
				...row,
				...place,
				dataset: datasetNamed({ dataset, dataset_title }),
				publicState: public_state,
				createdAt: created_at,
				decidedAt: decided_at,
				reasonCode: reason_code
			};
		}
	);

/**
 * Completes one's own report by an answer, or withdraws it.
 * @throws Failure `unknown_report`, `report_decided`, `invalid_value`
 */
export async function act(
	client: Client,
	reportId: string,
	act: { act: 'withdraw' } | { act: 'answer'; note: string }
): Promise<void> {
	await write(client, 'act_on_report', { report_id: reportId, act }, z.unknown());
}

/** The caller's own reports, newest first. */
export async function mine(client: Client, limit = 100): Promise<OwnReport[]> {
	return rows(client.from('my_reports').select('*').order('created_at', { ascending: false }).limit(limit), own);
}

const beside = z
	.object({
		id: z.uuid(),
		subject: z.enum(['proposal', 'report']),
		kind: z.string(),
		urgent: z.boolean(),
		place_id: z.uuid().nullable(),
		place_name: z.string().nullable(),
		...named,
		area: slug,
		text: z.string().nullable(),
		facts: z.array(z.string()),
		created_at: instant
	})
	.transform(({ place_id, place_name, dataset, dataset_title, created_at, ...row }): UnprovenItem => {
		return {
			...row,
			dataset: datasetNamed({ dataset, dataset_title }),
			placeId: place_id,
			placeName: place_name,
			createdAt: created_at
		};
	});

/** What came without proof, in the caller's scope: urgent first, then oldest. */
export async function unproven(client: Client, limit = 200): Promise<UnprovenItem[]> {
	const waiting = client.from('unproven_queue').select('*').order('urgent', { ascending: false }).order('created_at');
	return rows(waiting.limit(limit), beside);
}

/** Lets items into the queue, or refuses them with a reason. @returns how many */
export async function sortUnproven(client: Client, items: string[], keep: boolean, reasonCode?: string): Promise<number> {
	const sorting = { items, keep, ...(reasonCode ? { reason_code: reasonCode } : {}) };
	return (await write(client, 'sort_unproven', { sorting }, z.object({ sorted: z.int() }))).sorted;
}
