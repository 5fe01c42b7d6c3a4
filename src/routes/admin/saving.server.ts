import { error, fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '$lib/domain/fact-form';
import { cut, first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { cleanText } from '$lib/domain/proposal';
import { m } from '$lib/paraglide/messages';
import { saveOrganisation, saveSettings } from '$lib/server/db/administration';
import { resend } from '$lib/server/db/jobs';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { invite } from '../inviting.server';
import { readOrganisation } from '../saving-organisation.server';
import { readEmbedding } from './embedding.server';
import { settled, slugFor, territoryBox } from './settings';

type Lack = 'territory_name' | 'contact_email' | 'contact_url';

const text = (values: FormValues, field: string, most = 200) => cut(cleanText(first(values, field)), most);
const link = z.url({ protocol: /^https?$/ });

/** Runs one form: `run` says what is missing, or where to go; what failed is said on the page with all that was typed. */
const form =
	(
		name: string,
		run: (event: RequestEvent, values: FormValues) => Promise<{ lack: Lack } | { errors: Record<string, string> } | null>
	) =>
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
		if (outcome) return fail(400, { form: name, values, ...outcome });
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
		const territory = { ...settings.territory, ...territoryBox(reference.areas), name };
		await saveSettings(locals.supabase, { contact, territory });
		return null;
	}),
	embed: form('embed', async ({ locals }, values) => {
		const read = readEmbedding(values);
		if ('errors' in read) return read;
		await saveSettings(locals.supabase, { embed: { sites: read.sites } });
		return null;
	}),
	organisation: form('organisation', async ({ locals }, values) => {
		const { organisationBySlug } = published().current().reference;
		const read = readOrganisation(values);
		if ('errors' in read) return read;
		const slug = slugFor(read.organisation.name, (taken) => organisationBySlug.has(taken));
		if (!slug) return { errors: { organisation_name: m.admin_error_organisation_name() } };
		await saveOrganisation(locals.supabase, { slug, ...read.organisation });
		return null;
	}),
	invitation: async (event: RequestEvent) => {
		const values = readForm(await event.request.formData());
		const role = z.enum(['agent', 'moderator', 'coordinator']).safeParse(first(values, 'role'));
		const organisation = first(values, 'organisation') || null;
		if (!role.success && !organisation) return fail(400, { form: 'invitation', values, lack: 'invitation' as const });
		const scope = (field: string) => (role.success && values[field]?.length ? values[field] : null);
		return invite(event, values, {
			role: role.success ? role.data : null,
			areas: scope('areas'),
			themes: scope('themes'),
			organisation,
			membershipRole: organisation ? (first(values, 'membership') === 'manager' ? 'manager' : 'member') : null
		});
	}
};
