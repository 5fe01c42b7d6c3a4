import { cardOf } from '$lib/components/cards';
import { freshnessLevels } from '$lib/domain/freshness';
import type { Freshness } from '$lib/domain/freshness';
import type { Organisation } from '$lib/domain/taxonomy';
import { labelOf } from '$lib/i18n/words';
import { placesOf } from '$lib/server/published/stewards';
import type { View } from '$lib/server/published/view';
import { namesOf, pageSize } from '../../listing';

/** What everybody sees of an organisation: its places, of which categories, and how fresh they are. `page` is from 1. */
export function organisationPage(view: View, organisation: Organisation, page: number, now: number) {
	const places = placesOf(view, organisation.slug);
	const names = namesOf(view, now);
	const { today } = names;
	const fresh: Record<Freshness, number> = { fresh: 0, ageing: 0, stale: 0 };
	const categories = new Map<string, number>();
	for (const place of places) {
		fresh[view.freshness(place, today).freshness]++;
		categories.set(place.category, (categories.get(place.category) ?? 0) + 1);
	}
	const pages = Math.max(1, Math.ceil(places.length / pageSize));
	const shown = Math.min(Math.max(1, page), pages);
	return {
		organisation,
		total: places.length,
		freshness: freshnessLevels.map((level) => ({ level, count: fresh[level] })),
		categories: [...categories]
			.map(([slug, count]) => ({ slug, label: labelOf(names.categories.get(slug)?.label ?? { fr: slug, en: slug }), count }))
			.sort((a, b) => b.count - a.count || a.label.localeCompare(b.label)),
		cards: places.slice((shown - 1) * pageSize, shown * pageSize).map((place) => cardOf(place, names)),
		page: shown,
		pages,
		today
	};
}
