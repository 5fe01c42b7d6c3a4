import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { cut, first } from '$lib/domain/form-values';
import { families } from '$lib/domain/notification';
import { mayCoordinate, mayModerate, maySpeakForOthers } from '$lib/domain/roles';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
import { signOutEverywhere } from '$lib/server/account';
import { notices, notificationSettings, saveNotificationSettings } from '$lib/server/db/account';
import { contest, ownDecisions } from '$lib/server/db/appeals';
import { amend, mine, withdraw } from '$lib/server/db/proposals';
import { act as actOnReport, mine as myReports } from '$lib/server/db/reports';
import { shown } from '$lib/server/errors';
import { tell } from '$lib/server/mail/item';
import { wordsIn } from '$lib/server/mail/words';
import { published } from '$lib/server/published/instance';
import { dropSession } from '$lib/server/supabase';
import { orErrorPage } from '../failing.server';
import { requireViewer } from '../places/proposing.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const viewer = await requireViewer(event);
	const { supabase, locale } = event.locals;
	const { reference } = published().current();
	const [proposals, reports, decisions, told, mails] = await orErrorPage(
		Promise.all([mine(supabase), myReports(supabase), ownDecisions(supabase), notices(supabase), notificationSettings(supabase)])
	);
	return {
		viewer,
		moderates: mayModerate(viewer),
		coordinates: mayCoordinate(viewer),
		proposals,
		mails,
		notices: told.map((notice) => {
			const { title, blocks } = tell(notice, 'account', wordsIn(locale));
			return { id: notice.id, at: notice.at, title, path: blocks.find((block) => block.kind === 'link')?.path ?? '/me' };
		}),
		decisions,
		gathers: maySpeakForOthers(viewer),
		reports,
		categories: reference.categories,
		organisations: reference.organisations.map(({ slug, name }) => ({ slug, name })),
		areas: Object.fromEntries(reference.areas.map(({ slug, name }) => [slug, name])),
		themes: Object.fromEntries(reference.themes.map(({ slug, label }) => [slug, label])),
		done: event.url.searchParams.get('done')
	};
};

/** One act of an author on what waits; the failure is said on the page. */
const act =
	(done: string, run: (event: RequestEvent, id: string, message: string) => Promise<void>) => async (event: RequestEvent) => {
		const values = readForm(await event.request.formData());
		const id = first(values, 'id');
		if (!uuid.test(id)) error(400, m.error_invalid_request());
		try {
			await run(event, id, cut(first(values, 'note').trim(), 2000));
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { failure, id, note: first(values, 'note') });
		}
		redirect(303, `/me?done=${done}`);
	};

/** One act on the account itself. */
const own = (run: (event: RequestEvent) => Promise<string>) => async (event: RequestEvent) => {
	let next: string;
	try {
		next = await run(event);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { failure, id: null, note: '' });
	}
	redirect(303, next);
};

export const actions: Actions = {
	mails: own(async ({ request, locals }) => {
		const values = readForm(await request.formData());
		const wanted = values['families'] ?? [];
		const locale = first(values, 'locale') === 'en' ? 'en' : 'fr';
		await saveNotificationSettings(locals.supabase, { locale, muted: families.filter((family) => !wanted.includes(family)) });
		return '/me?done=mails#mails';
	}),
	everywhere: own(async ({ locals, cookies, url }) => {
		await signOutEverywhere(locals.supabase);
		dropSession(cookies, url.protocol === 'https:');
		return '/me/left?why=everywhere';
	}),
	withdraw: act('withdrawn', ({ locals }, id) => withdraw(locals.supabase, id)),
	contest: act('contested', ({ locals }, id, note) => contest(locals.supabase, id, note)),
	answer: act('answered', ({ locals }, id, note) => amend(locals.supabase, id, { note })),
	answerReport: act('answered', ({ locals }, id, note) => actOnReport(locals.supabase, id, { act: 'answer', note })),
	withdrawReport: act('reportWithdrawn', ({ locals }, id) => actOnReport(locals.supabase, id, { act: 'withdraw' }))
};
