import { placeFreshness } from '$lib/domain/freshness';
import type { KeptPlace } from '$lib/domain/people';
import { stalestFirst } from '$lib/domain/people';
import { labelOf } from '$lib/i18n/words';
import type { View } from '$lib/server/published/view';

/** The places an organisation keeps, those longest without a word first. `today` is a day of the territory. */
export function keptRows(places: readonly KeptPlace[], view: View, today: string) {
	const { categoryBySlug, areaBySlug } = view.reference;
	const rows = places.map((place) => {
		const category = categoryBySlug.get(place.category);
		const known = Object.fromEntries(place.known.map((fact) => [fact, true]));
		const extra = Object.fromEntries(
			place.known.filter((fact) => fact.startsWith('extra.')).map((fact) => [fact.slice(6), true])
		);
		const judged = placeFreshness(
			{ facts: known, extra, assurances: place.assurances },
			category ?? { halfLives: {}, keyFacts: [] },
			today
		);
		return {
			id: place.id,
			name: place.name,
			// Only what is open has a public page.
			href: place.openness === 'open' && !place.withheld ? `/places/${place.id}/${place.slug}` : null,
			category: category ? labelOf(category.label) : place.category,
			area: areaBySlug.get(place.area ?? '')?.name ?? null,
			openness: place.openness,
			withheld: place.withheld,
			...judged
		};
	});
	return stalestFirst(rows);
}
export type KeptRow = ReturnType<typeof keptRows>[number];
