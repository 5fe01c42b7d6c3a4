import { json } from '@sveltejs/kit';
import { message } from '$lib/i18n/labels';
import { m } from '$lib/paraglide/messages';
import { shown } from '$lib/server/errors';
import { keepPhoto, registrarOf } from '$lib/server/photos/keep';
import { limits } from '$lib/server/rate-limit';
import { networkFrom, throttle } from '$lib/server/throttle';
import type { RequestHandler } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One picture as the body, for the form that sends them one by one: `{id}`, or a problem whose `detail` is the sentence to show. */
export const POST: RequestHandler = async (event) => {
	const place = event.url.searchParams.get('place') ?? '';
	try {
		throttle(limits.photo, [networkFrom(event)]);
		const bytes = new Uint8Array(await event.request.arrayBuffer());
		const { id } = await keepPhoto(bytes, registrarOf(event.locals.supabase), uuid.test(place) ? { place_id: place } : {});
		return json({ id }, { status: 201, headers: { 'cache-control': 'no-store' } });
	} catch (thrown) {
		const { code, status } = shown(thrown);
		const detail = message(`error_${code}`, m.error_unexpected());
		return json({ type: 'about:blank', title: code, status, detail, code }, { status, headers: { 'cache-control': 'no-store' } });
	}
};
