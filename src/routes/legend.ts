import type { Legend } from '$lib/map/view';
import type { View } from '$lib/server/published/view';

/** What the map needs to draw tiles, which hold slugs. */
export function legendOf({ reference }: View): Legend {
	return {
		themes: Object.fromEntries(reference.themes.map(({ slug, colour }) => [slug, colour])),
		categories: Object.fromEntries(reference.categories.map(({ slug, pictogram }) => [slug, pictogram]))
	};
}
