import { fail, redirect } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import { groupCode, readFollowKey } from '$lib/domain/follow-key';
import { shown } from '$lib/server/errors';
import { lookUp } from './following.server';
import type { Actions } from './$types';

export const actions: Actions = {
	default: async (event) => {
		const typed = first(readForm(await event.request.formData()), 'code').slice(0, 300);
		const key = readFollowKey(typed);
		if (!key) return fail(400, { typed, code: 'unknown_link' });
		const path = 'code' in key ? groupCode(key.code) : key.token;
		try {
			await lookUp(event, path);
		} catch (thrown) {
			const { status, code } = shown(thrown);
			return fail(status, { typed, code });
		}
		redirect(303, `/follow/${path}`);
	}
};
