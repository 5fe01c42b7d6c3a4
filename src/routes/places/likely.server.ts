import { twinOf } from '$lib/components/twins';
import type { Twin } from '$lib/components/twins';
import type { Likenable } from '$lib/domain/likeness';
import { likelyDuplicates } from '$lib/server/published/likely-duplicates';
import { published } from '$lib/server/published/instance';

/** What of the map the typed place may be, from the snapshot. */
export function twinsOf(typed: Likenable): Twin[] {
	const view = published().current();
	return likelyDuplicates(view, typed).map(({ place, metres }) =>
		twinOf(place, metres, view.reference.areaBySlug.get(place.area ?? '')?.name)
	);
}
