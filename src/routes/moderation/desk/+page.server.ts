import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { dayIn } from '$lib/i18n/format';
import { m } from '$lib/paraglide/messages';
import { saveSettings } from '$lib/server/db/administration';
import { myDesk, saveAbsence } from '$lib/server/db/desk';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { settled } from '../../admin/settings';
import { orErrorPage } from '../../failing.server';
import { idOf, requireModerator } from '../deciding.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireModerator(event);
	const { settings } = published().current();
	return {
		desk: await orErrorPage(myDesk(event.locals.supabase)),
		target: settings.moderation?.target_days ?? 5,
		today: dayIn(settings.time.zone, new Date()),
		done: event.url.searchParams.get('done')
	};
};

const form = (name: string, run: (event: RequestEvent, values: FormValues) => Promise<void>) => async (event: RequestEvent) => {
	const values = readForm(await event.request.formData());
	try {
		await run(event, values);
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { form: name, failure, values });
	}
	redirect(303, `/moderation/desk?done=${name}`);
};

export const actions: Actions = {
	absence: form('absence', async ({ locals }, values) => {
		await saveAbsence(locals.supabase, first(values, 'back') ? null : first(values, 'until').trim() || null);
	}),
	rules: form('rules', async ({ locals }, values) => {
		const days = Number(first(values, 'target_days'));
		if (!Number.isInteger(days) || days < 1 || days > 99) error(400, m.error_invalid_request());
		const { seq } = published().current();
		const hearer = first(values, 'hearer') ? idOf(values, 'hearer') : null;
		await saveSettings(locals.supabase, { moderation: { target_days: days }, appeals: { contributor_id: hearer } });
		// The page is drawn from the snapshot, which hears of it within a second.
		await settled(published().until(seq + 2, AbortSignal.timeout(2500)));
	})
};
