import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { datasetSettlement } from '$lib/domain/dataset-report';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import { queueQuery, readFilters } from '$lib/domain/queue';
import { settlementSchema } from '$lib/domain/report';
import type { Settlement } from '$lib/domain/report';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
import { settle as settleOfDataset } from '$lib/server/db/dataset-reports';
import { settle } from '$lib/server/db/reports';
import { shown } from '$lib/server/errors';

const states = { accept: 'accepted', refuse: 'refused', ask: 'asked' } as const;

/** Settles a report and goes back to the queue; what is missing or failed is said on the page, beside what was typed. */
async function settleAction({ request, locals, url }: RequestEvent) {
	const values = readForm(await request.formData());
	const reportId = first(values, 'report_id');
	if (!uuid.test(reportId)) error(400, m.error_invalid_request());
	const outcome = first(values, 'outcome');
	const parsed = settlementSchema.safeParse({
		outcome,
		...(first(values, 'reason_code') && outcome === 'refuse' ? { reason_code: first(values, 'reason_code') } : {}),
		...(first(values, 'message').trim() ? { message: first(values, 'message').trim() } : {})
	});
	if (!parsed.success) {
		const issue = parsed.error.issues[0]?.message;
		if (issue !== 'reason_missing' && issue !== 'message_missing') error(400, m.error_invalid_request());
		return fail(400, { values, lack: issue === 'reason_missing' ? ('reason' as const) : ('message' as const) });
	}
	try {
		await settle(locals.supabase, reportId, parsed.data as Settlement);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure });
	}
	redirect(303, toQueue(url, states[parsed.data.outcome]));
}

/** One step with a report about a dataset; `back` is where to go, told what happened. */
export async function settleDatasetReport({ request, locals }: RequestEvent, back: (settled: string) => string) {
	const values = readForm(await request.formData());
	const reportId = first(values, 'report_id');
	if (!uuid.test(reportId)) error(400, m.error_invalid_request());
	const field = (name: string) => first(values, name);
	const declines = field('outcome') === 'refuse';
	const parsed = datasetSettlement.safeParse({
		outcome: field('outcome'),
		summary: field('summary'),
		message: field('message'),
		...(declines ? { reason_code: field('reason_code'), public_reason: field('public_reason') } : {})
	});
	if (!parsed.success) {
		const lacks = Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message]));
		if (lacks['outcome']) error(400, m.error_invalid_request());
		return fail(400, { values, lacks });
	}
	try {
		await settleOfDataset(locals.supabase, reportId, parsed.data);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure });
	}
	const { outcome } = parsed.data;
	redirect(303, back(outcome === 'read' || outcome === 'in_progress' ? outcome : states[outcome]));
}

/** The queue as it was filtered. */
const toQueue = (url: URL, settled: string) => {
	const query = queueQuery(readFilters(url.searchParams));
	return `/moderation${query}${query ? '&' : '?'}settled=${settled}`;
};

export const reportActions = {
	settle: settleAction,
	settleDataset: (event: RequestEvent) => settleDatasetReport(event, (settled) => toQueue(event.url, settled))
};
