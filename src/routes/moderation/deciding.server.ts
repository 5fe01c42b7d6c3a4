import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { decisionSchema, withholdingSchema } from '$lib/domain/decision';
import type { Decision } from '$lib/domain/decision';
import { cut, first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { hearingSchema } from '$lib/domain/appeal';
import { queueQuery, readFilters } from '$lib/domain/queue';
import { mayModerate } from '$lib/domain/roles';
import type { Viewer } from '$lib/domain/roles';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
import { hear } from '$lib/server/db/appeals';
import { hand } from '$lib/server/db/desk';
import { undo } from '$lib/server/db/decisions';
import { claim, decide, itemOf, withhold } from '$lib/server/db/moderation';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { requireViewer } from '../places/proposing.server';
import { editsIn } from './edits.server';

/** A moderator or a coordinator; anyone else is told that this page is not hers. What is in her scope the database decides. */
export async function requireModerator(event: Pick<RequestEvent, 'locals' | 'url'>): Promise<Viewer> {
	const viewer = await requireViewer(event);
	if (!mayModerate(viewer)) error(403, m.moderation_not_yours());
	return viewer;
}

/** Names for what a queue shows; from the snapshot. */
export function names() {
	const { reference } = published().current();
	return {
		categories: reference.categories,
		themes: reference.themes.map(({ slug, label }) => ({ slug, label })),
		organisations: reference.organisations.map(({ slug, name }) => ({ slug, name })),
		areas: Object.fromEntries(reference.areas.map(({ slug, name }) => [slug, name]))
	};
}

export function idOf(values: FormValues, field: string): string {
	const id = first(values, field);
	if (!uuid.test(id)) error(400, m.error_invalid_request());
	return id;
}

/** What is missing before this decision can be taken; null when nothing is. */
function missing(values: FormValues, decision: unknown): 'reason' | 'message' | 'fact' | null {
	const parsed = decisionSchema.safeParse(decision);
	const issue = parsed.error?.issues[0]?.message;
	if (issue === 'reason_missing') return 'reason';
	if (issue === 'message_missing') return 'message';
	if (!parsed.success) error(400, m.error_invalid_request());
	return parsed.data.outcome === 'accept' && first(values, 'waiting') && !parsed.data.facts?.length ? 'fact' : null;
}

async function decideAction(event: RequestEvent) {
	const { request, locals } = event;
	const values = readForm(await request.formData());
	const proposalId = idOf(values, 'proposal_id');
	const outcome = first(values, 'outcome');
	const picks = outcome === 'accept' && Boolean(first(values, 'waiting'));
	let answer: Awaited<ReturnType<typeof decide>>;
	try {
		const edited = picks ? editsIn(values, await itemOf(locals.supabase, proposalId)) : { edits: {}, errors: [] };
		if (edited.errors.length > 0) return fail(400, { values, errors: edited.errors });
		const decision = {
			outcome,
			...(picks ? { facts: values['facts'] ?? [] } : {}),
			...(Object.keys(edited.edits).length > 0 ? { edits: edited.edits } : {}),
			...(first(values, 'reason_code') && outcome !== 'ask' ? { reason_code: first(values, 'reason_code') } : {}),
			...(first(values, 'message').trim() ? { message: first(values, 'message').trim() } : {})
		};
		const lack = missing(values, decision);
		if (lack) return fail(400, { values, lack });
		answer = await decide(locals.supabase, proposalId, decision as Decision);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure });
	}
	redirect(303, backTo(event, `done=${answer.state}&decision=${answer.decisionId}`));
}

/** The queue as it was filtered, with what happened. */
function backTo({ url }: RequestEvent, what: string, item?: string): string {
	const query = queueQuery(readFilters(url.searchParams), item);
	return `/moderation${query ? `${query}&` : '?'}${what}`;
}

/** Runs one small act and goes to `to`; what failed is said on the page. */
export async function act(event: RequestEvent, run: (values: FormValues) => Promise<void>, to: (values: FormValues) => string) {
	const values = readForm(await event.request.formData());
	try {
		await run(values);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure });
	}
	redirect(303, to(values));
}

const undoAction = (event: RequestEvent, back: string) =>
	act(
		event,
		(values) => undo(event.locals.supabase, idOf(values, 'decision_id')),
		() => back
	);

/** Hands an item on, or takes it back; a colleague who went away meanwhile is said on the page. */
const handAction = (event: RequestEvent) =>
	act(
		event,
		async (values) => {
			const message = cut(first(values, 'message').trim(), 500);
			const to = first(values, 'to') ? idOf(values, 'to') : null;
			await hand(event.locals.supabase, idOf(values, 'proposal_id'), { to, ...(to && message ? { message } : {}) });
		},
		(values) =>
			backTo(
				event,
				`done=${first(values, 'to') ? 'handed' : 'taken_back'}`,
				first(values, 'to') ? undefined : idOf(values, 'proposal_id')
			)
	);

async function hearAction(event: RequestEvent) {
	const values = readForm(await event.request.formData());
	const hearing = hearingSchema.safeParse({ outcome: first(values, 'outcome'), message: first(values, 'message') });
	if (!hearing.success) return fail(400, { values, lack: 'message' as const });
	try {
		await hear(event.locals.supabase, idOf(values, 'appeal_id'), hearing.data);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure });
	}
	redirect(303, backTo(event, `done=${hearing.data.outcome}`));
}

export const queueActions = {
	decide: decideAction,
	undo: (event: RequestEvent) => undoAction(event, backTo(event, 'done=undone')),
	hand: handAction,
	hear: hearAction,
	claim: (event: RequestEvent) =>
		act(
			event,
			(values) => claim(event.locals.supabase, idOf(values, 'proposal_id')),
			(values) => backTo(event, 'done=claimed', idOf(values, 'proposal_id'))
		),
	withhold: (event: RequestEvent) =>
		act(
			event,
			(values) => withholdPosted(event, values),
			(values) => backTo(event, `done=${first(values, 'release') ? 'released' : 'withheld'}`)
		)
};

export const decisionsActions = {
	undo: (event: RequestEvent) => undoAction(event, '/moderation/decisions?done=undone')
};

async function withholdPosted({ locals }: RequestEvent, values: FormValues): Promise<void> {
	const parsed = withholdingSchema.safeParse({
		place_id: first(values, 'place_id'),
		reason_code: first(values, 'reason_code'),
		...(first(values, 'fact') ? { fact: first(values, 'fact') } : {}),
		...(first(values, 'release') ? { release: true } : {})
	});
	if (!parsed.success) error(400, m.error_invalid_request());
	await withhold(locals.supabase, parsed.data);
}
