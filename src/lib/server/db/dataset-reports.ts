import { z } from 'zod';
import { datasetReportKinds, publicStates } from '../../domain/dataset-report.ts';
import type { DatasetReport, DatasetSettlement, PublicReport } from '../../domain/dataset-report.ts';
import { reportStates } from '../../domain/report.ts';
import type { ReportState } from '../../domain/report.ts';
import { rows, write } from './call.ts';
import type { Client } from './call.ts';
import { instant, slug } from './rows.ts';

const label = z.object({ fr: z.string(), en: z.string() });

const row = z
	.object({
		id: z.uuid(),
		dataset: z.string(),
		dataset_title: label,
		area: slug,
		theme: slug,
		kind: z.enum(datasetReportKinds),
		urgent: z.boolean(),
		state: z.enum(reportStates),
		text: z.string().nullable(),
		author_role: z.enum(['visitor', 'resident']),
		author_name: z.string().nullable(),
		reachable: z.boolean().nullable(),
		created_at: instant,
		message: z.string().nullable(),
		claimed: z.boolean(),
		mine: z.boolean(),
		public_state: z.enum(publicStates).nullable(),
		summary: z.string().nullable(),
		public_reason: z.string().nullable(),
		stated_on: z.string().nullable()
	})
	.transform((found): DatasetReport => {
		const { dataset_title, author_role, author_name, created_at, public_state, public_reason, stated_on, reachable, ...rest } =
			found;
		return {
			...{ type: 'dataset_report', category: null, reachable: reachable ?? false, datasetTitle: dataset_title },
			...{ authorRole: author_role, authorName: author_name, createdAt: created_at },
			...{ publicState: public_state, publicReason: public_reason, statedOn: stated_on },
			...rest
		};
	});

/** What waits for the caller: urgent first, then oldest. */
export async function queue(client: Client, limit = 200): Promise<DatasetReport[]> {
	const waiting = client.from('dataset_reports').select('*').in('state', ['open', 'asked']);
	return rows(waiting.order('urgent', { ascending: false }).order('created_at').limit(limit), row);
}

/**
 * What was said about one dataset that the caller answers for: all that waits, urgent first, then oldest; and what was settled last, newest first. Asked apart:
 * however much is settled, what waits shows.
 */
export async function ofDataset(
	client: Client,
	dataset: string
): Promise<{ waiting: DatasetReport[]; settled: DatasetReport[] }> {
	const said = (states: readonly ReportState[]) =>
		client.from('dataset_reports').select('*').eq('dataset', dataset).in('state', states);
	const waiting = said(['open', 'asked']).order('urgent', { ascending: false }).order('created_at').limit(200);
	const settled = said(['accepted', 'refused', 'withdrawn']).order('created_at', { ascending: false }).limit(50);
	const [first, then] = await Promise.all([rows(waiting, row), rows(settled, row)]);
	return { waiting: first, settled: then };
}

/** Reads, begins, settles, refuses or asks. @throws Failure `report_decided`, `own_report`, `not_in_scope`, `missing_summary` */
export async function settle(client: Client, reportId: string, decision: DatasetSettlement): Promise<void> {
	await write(client, 'decide_report', { report_id: reportId, decision }, z.unknown());
}

/** What the view `datasets` says of reports, for the snapshot. */
export function publicReports(found: unknown): PublicReport[] {
	return ((found ?? []) as Record<string, never>[]).map(({ received_on, stated_on, reason_code, ...report }) => {
		return { ...report, receivedOn: received_on, statedOn: stated_on, reasonCode: reason_code } as unknown as PublicReport;
	});
}
