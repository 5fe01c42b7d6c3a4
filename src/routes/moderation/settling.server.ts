import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import { queueQuery, readFilters } from '$lib/domain/queue';
import { settlementSchema } from '$lib/domain/report';
import type { Settlement } from '$lib/domain/report';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
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
	const query = queueQuery(readFilters(url.searchParams));
	redirect(303, `/moderation${query}${query ? '&' : '?'}settled=${states[parsed.data.outcome]}`);
}

export const reportActions = { settle: settleAction };
