import { json } from '@sveltejs/kit';
import type { FormValues } from '$lib/domain/form-values';
import { uuid } from '$lib/domain/uuid';
import { message } from '$lib/i18n/words';
import * as errorWords from '$lib/paraglide/families/error';
import { m } from '$lib/paraglide/messages';
import { shown } from '$lib/server/errors';
import { keepPhoto } from '$lib/server/photos/keep';
import { limits } from '$lib/server/rate-limit';
import { networkFrom, throttle } from '$lib/server/throttle';
import { photoRegistrar } from '../places/visiting.server';
import type { RequestHandler } from './$types';

/** One picture as the body, for the form that sends them one by one: `{id}`, or a problem whose `detail` is the sentence to show. */
export const POST: RequestHandler = async (event) => {
	const place = event.url.searchParams.get('place') ?? '';
	try {
		throttle(limits.photo, [networkFrom(event)]);
		const bytes = new Uint8Array(await event.request.arrayBuffer());
		const { headers } = event.request;
		const values: FormValues = headers.has('x-ticket') ? { ticket: [headers.get('x-ticket') ?? ''] } : {};
		const registrar = await photoRegistrar(event, values, headers.get('x-form') ?? '');
		const { id } = await keepPhoto(bytes, registrar, uuid.test(place) ? { place_id: place } : {});
		return json({ id }, { status: 201, headers: { 'cache-control': 'no-store' } });
	} catch (thrown) {
		const { code, status } = shown(thrown);
		const detail = message(errorWords, `error_${code}`, m.error_unexpected());
		return json({ type: 'about:blank', title: code, status, detail, code }, { status, headers: { 'cache-control': 'no-store' } });
	}
};
