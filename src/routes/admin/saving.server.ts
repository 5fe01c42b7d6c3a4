import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/domain/fact-form';
import { first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { cleanText } from '$lib/domain/proposal';
import { m } from '$lib/paraglide/messages';
import { createInvitation, saveOrganisation, saveSetting } from '$lib/server/db/administration';
import { resend } from '$lib/server/db/jobs';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { settled, slugFor, territoryBox } from './settings';

type Lack = 'territory_name' | 'contact_email' | 'contact_url' | 'organisation_name' | 'organisation_website' | 'invitation';

const text = (values: FormValues, field: string, most = 200) => cleanText(first(values, field)).slice(0, most);
const link = z.url({ protocol: /^https?$/ });

/** Runs one form: `run` says what is missing, or where to go; what failed is said on the page with all that was typed. */
const form =
	(name: string, run: (event: RequestEvent, values: FormValues) => Promise<{ lack: Lack } | { link: string } | null>) =>
	async (event: RequestEvent) => {
		const values = readForm(await event.request.formData());
		let outcome: Awaited<ReturnType<typeof run>>;
		const { seq } = published().current();
		try {
			outcome = await run(event, values);
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { form: name, values, failure });
		}
		if (outcome && 'lack' in outcome) return fail(400, { form: name, values, lack: outcome.lack });
		if (outcome) return { form: name, values: {} as FormValues, link: outcome.link };
		// The page is drawn from the snapshot, which hears of it within a second.
		await settled(published().until(seq + 1, AbortSignal.timeout(2500)));
		redirect(303, `/admin?done=${name}`);
	};

export const actions = {
	resend: async (event: RequestEvent) => {
		const mailId = z.uuid().safeParse((await event.request.formData()).get('mail_id'));
		if (!mailId.success) error(400, m.error_invalid_request());
		try {
			await resend(event.locals.supabase, mailId.data);
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { form: 'resend', values: {} as FormValues, failure });
		}
		redirect(303, '/admin?done=resend');
	},
	territory: form('territory', async ({ locals }, values) => {
		const { settings, reference } = published().current();
		const name = text(values, 'name', 80);
		const [email, url] = [text(values, 'contact_email'), text(values, 'contact_url', 500)];
		if (!name) return { lack: 'territory_name' };
		if (email && !z.email().safeParse(email).success) return { lack: 'contact_email' };
		if (url && !link.safeParse(url).success) return { lack: 'contact_url' };
		const contact = { name: text(values, 'contact_name', 160), ...(email ? { email } : {}), ...(url ? { url } : {}) };
		await saveSetting(locals.supabase, 'contact', contact);
		await saveSetting(locals.supabase, 'territory', { ...settings.territory, ...territoryBox(reference.areas), name });
		return null;
	}),
	organisation: form('organisation', async ({ locals }, values) => {
		const { organisationBySlug } = published().current().reference;
		const name = text(values, 'organisation_name', 160);
		const website = text(values, 'website', 500);
		const slug = slugFor(name, (taken) => organisationBySlug.has(taken));
		if (!slug) return { lack: 'organisation_name' };
		if (website && !link.safeParse(website).success) return { lack: 'organisation_website' };
		const kind = z.enum(['public_service', 'association', 'collective', 'company']).safeParse(first(values, 'kind'));
		if (!kind.success) error(400, m.error_invalid_request());
		const summary = text(values, 'summary', 500) || null;
		await saveOrganisation(locals.supabase, { slug, name, kind: kind.data, summary, website: website || null });
		return null;
	}),
	invitation: form('invitation', async ({ locals, url }, values) => {
		const role = z.enum(['agent', 'moderator', 'coordinator']).safeParse(first(values, 'role'));
		const organisation = first(values, 'organisation') || null;
		if (!role.success && !organisation) return { lack: 'invitation' };
		const scope = (field: string) => (role.success && values[field]?.length ? values[field] : null);
		const token = await createInvitation(locals.supabase, {
			role: role.success ? role.data : null,
			areas: scope('areas'),
			themes: scope('themes'),
			organisation,
			membership_role: organisation ? (first(values, 'membership') === 'manager' ? 'manager' : 'member') : null
		});
		return { link: `${url.origin}/invitations/${token}` };
	})
};
