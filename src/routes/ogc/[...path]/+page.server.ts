import { error, redirect } from '@sveltejs/kit';
import { message } from '$lib/i18n/words';
import * as refusals from '$lib/paraglide/families/ogc_refusal';
import { m } from '$lib/paraglide/messages';
import { understand } from '$lib/server/opendata/ogc/ask';
import { wholeResource } from '$lib/server/opendata/ogc/page';
import { Refusal } from '$lib/server/opendata/ogc/refusal';
import { currentView } from '../../view';
import type { PageServerLoad } from './$types';

export const trailingSlash = 'ignore';
/** Nothing on these pages moves. */
export const csr = false;

/** The same resource that a program gets, for somebody who looks at it. */
export const load: PageServerLoad = async ({ url, locals, setHeaders }) => {
	const view = currentView();
	const now = Date.now();
	const edition = { view, origin: url.origin, today: view.today(now) };
	try {
		const asked = understand({ edition, url, format: 'page', locale: locals.locale, now });
		const page = await wholeResource(asked);
		setHeaders({ vary: 'Accept', ...page.headers });
		return page;
	} catch (failure) {
		if (!(failure instanceof Refusal)) throw failure;
		if (failure.location !== null) redirect(308, failure.location + url.search);
		const sentence = message(refusals, `ogc_refusal_${failure.code}`, m.ogc_refusal_invalid_parameter());
		error(failure.status, { message: sentence, code: failure.code, detail: failure.message });
	}
};
