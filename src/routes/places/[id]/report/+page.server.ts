import { fail } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import { readForm } from '$lib/domain/fact-form';
import { cut, first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { damageToolOf, reportForm, reportKinds } from '$lib/domain/report';
import type { ReportForm } from '$lib/domain/report';
import { uuid } from '$lib/domain/uuid';
import { complaints } from '$lib/server/account';
import { submit } from '$lib/server/db/reports';
import { Failure, shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { limits } from '$lib/server/rate-limit';
import { hasSession, serviceClient } from '$lib/server/supabase';
import { throttle } from '$lib/server/throttle';
import { admit } from '$lib/server/visitors/admit';
import { orErrorPage } from '../../../failing.server';
import { openPlace } from '../../open-place';
import { clientIdFor, formIdOf } from '../../proposing.server';
import { isVisitor, receiptFor, visitorPost, visitorValues } from '../../visiting.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const view = published().current();
	const place = openPlace(view, event.params.id, '/report');
	const tool = damageToolOf(view.settings.damage_tool);
	const page = { id: place.id, name: place.facts.name, tool };
	if (event.request.method === 'POST') return { ...page, values: {} as FormValues };
	const { searchParams } = event.url;
	const asked = reportKinds.find((kind) => kind === searchParams.get('kind'));
	const formId = randomUUID();
	// Whoever can't be asked who she is reports as anybody may.
	const viewer = hasSession(event.cookies) ? await event.locals.viewer().catch(() => null) : null;
	const values: FormValues = {
		client_id: [formId],
		...(asked ? { kind: [asked] } : {}),
		...(searchParams.get('photo') ? { photo: [searchParams.get('photo') ?? ''] } : {}),
		...(viewer ? {} : await orErrorPage(visitorValues(formId)))
	};
	return { ...page, values };
};

function parse(values: FormValues) {
	const field = (name: string) => first(values, name);
	return reportForm.safeParse({
		kind: field('kind'),
		text: field('text'),
		url: field('url'),
		email: field('visitor_email'),
		name: field('visitor_name'),
		good_faith: field('good_faith') || undefined
	});
}

function reportOf(values: FormValues, placeId: string, said: ReportForm) {
	const report = {
		place_id: placeId,
		kind: said.kind,
		...(said.text ? { text: said.text } : {}),
		...(said.url ? { url: said.url } : {}),
		...(uuid.test(first(values, 'photo')) ? { photo_id: first(values, 'photo') } : {}),
		good_faith: Boolean(said.good_faith)
	};
	return { ...report, client_id: clientIdFor(formIdOf(values), report) };
}

/** Takes the report of a visitor or of who is signed in. */
async function send(event: RequestEvent, values: FormValues, report: ReturnType<typeof reportOf>) {
	if (await isVisitor(event, values)) {
		const { post } = visitorPost(values, formIdOf(values));
		const { entry, secrets } = await admit(event, event.locals.locale, post, Date.now());
		const answer = await submit(serviceClient(), report, entry);
		return receiptFor(event, { ...answer, id: answer.reportId, done: false }, secrets);
	}
	const viewer = await event.locals.viewer().catch((cause: unknown) => {
		throw new Failure('database_away', { cause });
	});
	if (!viewer) throw new Failure('not_signed_in');
	throttle(limits.report, [viewer.contributorId]);
	const answer = await submit(serviceClient(), report, { contributorId: viewer.contributorId });
	return receiptFor(event, { ...answer, id: answer.reportId, done: false }, null);
}

export const actions: Actions = {
	default: async (event) => {
		const values = readForm(await event.request.formData());
		const view = published().current();
		const place = openPlace(view, event.params.id, '/report');
		const parsed = parse(values);
		if (first(values, 'kind') === 'damaged' && damageToolOf(view.settings.damage_tool)) {
			return { values, handedOver: cut(first(values, 'text'), 2000) };
		}
		if (!parsed.success) return fail(400, { values, errors: complaints(parsed.error) });
		try {
			return { values, receipt: await send(event, values, reportOf(values, place.id, parsed.data)) };
		} catch (thrown) {
			const { status, ...failure } = shown(thrown);
			return fail(status, { values, failure });
		}
	}
};
