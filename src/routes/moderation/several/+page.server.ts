import { error, fail } from '@sveltejs/kit';
import { decisionSchema, reasonCodes } from '$lib/domain/decision';
import type { Decision, ProposalItem } from '$lib/domain/decision';
import { readForm } from '$lib/domain/fact-form';
import { cut, first } from '$lib/domain/form-values';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
import { decideEach } from '$lib/server/db/desk';
import type { BatchAnswer } from '$lib/server/db/desk';
import { queue } from '$lib/server/db/moderation';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../../failing.server';
import { requireModerator } from '../deciding.server';
import type { Actions, PageServerLoad } from './$types';

const most = 100;

/** The items that were ticked; more than a hundred are another time's work. */
function idsOf(texts: readonly string[]): string[] {
	const ids = [...new Set(texts)];
	if (ids.some((id) => !uuid.test(id))) error(400, m.error_invalid_request());
	return ids.slice(0, most);
}

/** One word for all of them: to accept, or to refuse with a reason. Null while the reason is missing. */
function decisionOf(read: (field: string) => string): Decision | null {
	const outcome = read('outcome') === 'refuse' ? 'refuse' : 'accept';
	const reason = reasonCodes.find((code) => code === read('reason_code'));
	const message = cut(read('message').trim(), 2000);
	const decision = decisionSchema.safeParse({
		outcome,
		...(outcome === 'refuse' && reason ? { reason_code: reason } : {}),
		...(message ? { message } : {})
	});
	return decision.success ? decision.data : null;
}

const lineOf = (items: readonly ProposalItem[]) => (answer: BatchAnswer) => {
	const item = items.find(({ id }) => id === answer.proposalId);
	return {
		...answer,
		name: item?.placeName ?? null,
		kind: item?.kind ?? null,
		category: item?.category ?? null,
		facts: item?.operations.map(({ fact }) => fact) ?? []
	};
};

export const load: PageServerLoad = async (event) => {
	await requireModerator(event);
	const { searchParams } = event.url;
	const ids = idsOf(searchParams.getAll('item'));
	const asked = (field: string) => searchParams.get(field) ?? '';
	const decision = decisionOf(asked);
	const { supabase } = event.locals;
	const items = await orErrorPage(queue(supabase));
	const rehearsed = decision && ids.length > 0 ? await orErrorPage(decideEach(supabase, ids, decision, true)) : null;
	return {
		categories: published().current().reference.categories,
		ids,
		outcome: asked('outcome') === 'refuse' ? ('refuse' as const) : ('accept' as const),
		reasonCode: asked('reason_code'),
		message: asked('message'),
		lines: rehearsed?.map(lineOf(items)) ?? null
	};
};

export const actions: Actions = {
	default: async (event) => {
		const values = readForm(await event.request.formData());
		const ids = idsOf(values['item'] ?? []);
		const decision = decisionOf((field) => first(values, field));
		if (!decision || ids.length === 0) error(400, m.error_invalid_request());
		const { supabase } = event.locals;
		try {
			// Their names, before they leave the queue.
			const items = await queue(supabase);
			return { lines: (await decideEach(supabase, ids, decision, false)).map(lineOf(items)) };
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { failure });
		}
	}
};
