import { error } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages';
import { published } from '$lib/server/published/instance';
import { NotReady } from '$lib/server/published/published';
import type { View } from '$lib/server/published/view';

/** What the public may read, now; a 503 page while the first snapshot is on its way. Take it once per request. */
export function currentView(): View {
	try {
		return published().current();
	} catch (failure) {
		if (failure instanceof NotReady) error(503, m.error_lead_503());
		throw failure;
	}
}
