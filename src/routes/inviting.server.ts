import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import type { Offered } from '$lib/domain/people';
import { uuid } from '$lib/domain/uuid';
import { m } from '$lib/paraglide/messages';
import { createInvitation, renewInvitation, revokeInvitation } from '$lib/server/db/invitations';
import { config } from '$lib/server/environment';
import { emailField } from '$lib/server/account';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import type { ScopeNames } from '$lib/components/scope-words';

/** Whether an invitation can be mailed; else its link is handed over by hand. */
export const mails = (): boolean => config().smtpUrl !== null;

/** Names of areas and themes, for the words of a scope. */
export function scopeNames(): ScopeNames {
	const { areas, themes } = published().current().reference;
	return {
		areas: Object.fromEntries(areas.map(({ slug, name }) => [slug, name])),
		themes: Object.fromEntries(themes.map(({ slug, label }) => [slug, label]))
	};
}

/** The id of a posted field; anything else is no request of our pages. */
export function idIn(values: FormValues, field: string): string {
	const id = first(values, field);
	if (!uuid.test(id)) error(400, m.error_invalid_request());
	return id;
}

const linkFor = (event: RequestEvent, token: string) => `${event.url.origin}/invitations/${token}`;

/** Sends an invitation, by mail when an address was typed, and answers with its link: it can be shown this once only. */
export async function invite(event: RequestEvent, values: FormValues, offered: Offered) {
	const typed = mails() ? first(values, 'email').trim() : '';
	const email = typed === '' ? null : emailField.safeParse(typed);
	if (email && !email.success) return fail(400, { form: 'invitation', values, lack: 'email' as const });
	try {
		const { token, mailed } = await createInvitation(event.locals.supabase, offered, {
			clientId: idIn(values, 'client_id'),
			email: email?.data ?? null,
			locale: event.locals.locale
		});
		return { made: { link: linkFor(event, token), mailed, email: email?.data ?? null, renewed: false } };
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { form: 'invitation', values, failure });
	}
}

/** The actions of a page that lists pending invitations. */
export const pendingActions = {
	renew: async (event: RequestEvent) => {
		const values = readForm(await event.request.formData());
		try {
			const { token, mailed } = await renewInvitation(event.locals.supabase, idIn(values, 'invitation_id'));
			return { made: { link: linkFor(event, token), mailed, email: first(values, 'masked') || null, renewed: true } };
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { form: 'pending', values, failure });
		}
	},
	revoke: async (event: RequestEvent) => {
		const values = readForm(await event.request.formData());
		try {
			await revokeInvitation(event.locals.supabase, idIn(values, 'invitation_id'));
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { form: 'pending', values, failure });
		}
		redirect(303, `${event.url.pathname}?done=revoked`);
	}
};
