import { fail } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import type { VisitorReceipt } from '$lib/components/receipt';
import { cut, first } from '$lib/domain/form-values';
import type { FieldError, FormValues } from '$lib/domain/form-values';
import type { Proposal } from '$lib/domain/proposal';
import { referenceOf } from '$lib/domain/report';
import type { Lane } from '$lib/domain/report';
import { emailField } from '$lib/server/account';
import { contribute } from '$lib/server/db/visitors';
import { Failure, shown } from '$lib/server/errors';
import { registrarForVisitor, registrarOf } from '$lib/server/photos/keep';
import type { Registrar } from '$lib/server/photos/keep';
import { published } from '$lib/server/published/instance';
import { hasSession, serviceClient } from '$lib/server/supabase';
import { limits } from '$lib/server/rate-limit';
import { networkFrom, throttle } from '$lib/server/throttle';
import { admit, wideNetwork } from '$lib/server/visitors/admit';
import type { VisitorPost } from '$lib/server/visitors/admit';
import { challengeFor } from '$lib/server/visitors/proof';
import { makeTicket, readTicket, secretsOf } from '$lib/server/visitors/secrets';
import type { FollowSecrets } from '$lib/server/visitors/secrets';
import { describeSentPhotos } from './photo-form.server';

/** What a form shows and posts for somebody without an account; it belongs to this form's own id. */
export async function visitorValues(formId: string): Promise<FormValues> {
	const now = Date.now();
	return { ticket: [makeTicket(formId, now)], challenge: [await challengeFor(formId, now)] };
}

/** The form was shown to somebody without an account, and nobody has signed in since. */
export async function isVisitor({ cookies, locals }: RequestEvent, values: FormValues): Promise<boolean> {
	if (values['ticket'] === undefined) return false;
	if (!hasSession(cookies)) return true;
	const viewer = await locals.viewer().catch((cause: unknown) => {
		throw new Failure('database_away', { cause });
	});
	return viewer === null;
}

/**
 * Who notes the photos of this form: the account, or the visitor that its ticket makes. A ticket that is not of this form notes nothing.
 * @throws Failure `not_signed_in`
 */
export async function photoRegistrar(event: RequestEvent, values: FormValues, formId: string): Promise<Registrar> {
	if (!(await isVisitor(event, values))) return registrarOf(event.locals.supabase);
	const ticket = first(values, 'ticket');
	if (readTicket(ticket, formId) === null) throw new Failure('not_signed_in');
	throttle(limits.visitorPhoto, [wideNetwork(networkFrom(event))]);
	const { linkHash, codeHash } = secretsOf(ticket);
	return registrarForVisitor({ linkHash, codeHash, proven: false, locale: event.locals.locale });
}

/** What the fields of a visitor hold. `errors`: the address is none. */
export function visitorPost(values: FormValues, formId: string): { post: VisitorPost; errors: FieldError[] } {
	const typed = first(values, 'visitor_email').trim();
	const email = emailField.safeParse(typed);
	const errors: FieldError[] = typed && !email.success ? [{ field: 'visitor_email', fact: 'email', error: 'bad_email' }] : [];
	const name = cut(first(values, 'visitor_name').normalize('NFC').replace(/\s+/g, ' ').trim(), 80);
	const post = {
		formId,
		ticket: first(values, 'ticket'),
		proof: first(values, 'proof'),
		trap: first(values, 'visitor_site'),
		...(email.success ? { email: email.data } : {}),
		...(name ? { name } : {})
	};
	return { post, errors };
}

/** The receipt of what was taken. @param secrets null for who is signed in */
export function receiptFor(
	event: Pick<RequestEvent, 'url' | 'setHeaders'>,
	taken: { id: string; receivedAt: string; lane: Lane; mailed: boolean; done: boolean },
	secrets: FollowSecrets | null
): VisitorReceipt {
	const { settings } = published().current();
	const { id, ...rest } = taken;
	// Nobody's cache keeps what opens a person's correspondence.
	event.setHeaders({ 'cache-control': 'private, no-store' });
	return {
		...rest,
		reference: referenceOf(id),
		code: secrets?.code ?? null,
		link: secrets && `${event.url.origin}/follow/${secrets.token}`,
		followAddress: `${event.url.host}/follow`,
		territory: settings.territory.name,
		service: settings.contact
	};
}

/** Sends a proposal of somebody without an account; what was typed comes back with the reason when it can't be taken. */
export async function contributeAsVisitor(event: RequestEvent, values: FormValues, formId: string, proposal: Proposal) {
	const { post, errors } = visitorPost(values, formId);
	if (errors.length > 0) return fail(400, { values, errors });
	try {
		await describeSentPhotos(values, await photoRegistrar(event, values, formId));
		const { entry, secrets } = await admit(event, event.locals.locale, post, Date.now());
		const answer = await contribute(serviceClient(), entry, proposal);
		const { proposalId: id, state } = answer;
		return { receipt: receiptFor(event, { ...answer, id, done: state !== 'open' }, secrets), placeId: answer.placeId };
	} catch (thrown) {
		const { status, ...failure } = shown(thrown);
		return fail(status, { values, failure });
	}
}
