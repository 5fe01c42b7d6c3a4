import type { RequestEvent } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import type { FormValues } from '$lib/domain/form-values';
import { submit } from '$lib/server/db/reports';
import type { Report } from '$lib/server/db/reports';
import { Failure } from '$lib/server/errors';
import { limits } from '$lib/server/rate-limit';
import { hasSession, serviceClient } from '$lib/server/supabase';
import { throttle } from '$lib/server/throttle';
import { admit } from '$lib/server/visitors/admit';
import { orErrorPage } from '../failing.server';
import { clientIdFor, formIdOf } from './proposing.server';
import { isVisitor, receiptFor, visitorPost, visitorValues } from './visiting.server';

/** What a new form of a report holds, with what the link to it chose. Whoever can't be asked who she is reports as anybody may. */
export async function reportValues({ cookies, locals }: RequestEvent, chosen: FormValues): Promise<FormValues> {
	const formId = randomUUID();
	const viewer = hasSession(cookies) ? await locals.viewer().catch(() => null) : null;
	return { client_id: [formId], ...chosen, ...(viewer ? {} : await orErrorPage(visitorValues(formId))) };
}

type Unnumbered<R> = R extends unknown ? Omit<R, 'client_id'> : never;

/** Takes the report of a visitor or of who is signed in; the same one of the same form again is answered, not stored. @throws Failure */
export async function sendReport(event: RequestEvent, values: FormValues, said: Unnumbered<Report>) {
	const report = { ...said, client_id: clientIdFor(formIdOf(values), said) } as Report;
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
