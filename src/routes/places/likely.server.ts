import { twinOf } from '$lib/components/twins';
import type { Twin } from '$lib/components/twins';
import type { Likenable } from '$lib/domain/likeness';
import { likelyDuplicates } from '$lib/server/published/likely-duplicates';
import { published } from '$lib/server/published/instance';

/** What of the map the typed place may be, from the snapshot. `except` is the place's own id: a form sent again finds what it made. */
export function twinsOf(typed: Likenable, except?: string): Twin[] {
	const view = published().current();
	return likelyDuplicates(view, typed, except ? { except } : {}).map(({ place, metres }) =>
		twinOf(place, metres, view.reference.areaBySlug.get(place.area ?? '')?.name)
	);
}
