import { fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import { uuid } from '$lib/domain/uuid';
import { dayIn } from '$lib/i18n/format';
import { sortUnproven, unproven } from '$lib/server/db/reports';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../../failing.server';
import { names, requireModerator } from '../deciding.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireModerator(event);
	const items = await orErrorPage(unproven(event.locals.supabase));
	const today = dayIn(published().current().settings.time.zone, new Date());
	return { ...names(), today, items, done: Number(event.url.searchParams.get('done')) || 0 };
};

export const actions: Actions = {
	default: async ({ request, locals }) => {
		const values = readForm(await request.formData());
		const items = (values['items'] ?? []).filter((id) => uuid.test(id)).slice(0, 200);
		if (items.length === 0) return fail(400, { failure: { code: 'invalid_sorting', fact: null } });
		let sorted: number;
		try {
			sorted = await sortUnproven(locals.supabase, items, first(values, 'keep') === 'yes', first(values, 'reason_code'));
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { failure });
		}
		redirect(303, `/moderation/unproven?done=${sorted}`);
	}
};
