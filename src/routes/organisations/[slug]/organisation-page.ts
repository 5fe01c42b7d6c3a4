import { cardOf } from '$lib/components/cards';
import { freshnessLevels } from '$lib/domain/freshness';
import type { Organisation } from '$lib/domain/taxonomy';
import { labelOf } from '$lib/i18n/words';
import type { View } from '$lib/server/published/view';
import { namesOf, pageSize } from '../../listing';

/** What everybody sees of an organisation: its places, of which categories, and how fresh they are. `page` is from 1. */
export function organisationPage(view: View, organisation: Organisation, page: number, now: number) {
	const own = { steward: organisation.slug };
	const names = namesOf(view, now);
	const { today } = names;
	const fresh = view.countFreshness(own, today);
	const { total, categories } = view.counts(own);
	const pages = Math.max(1, Math.ceil(total / pageSize));
	const shown = Math.min(Math.max(1, page), pages);
	const { hits } = view.list({ ...own, limit: pageSize, offset: (shown - 1) * pageSize }, total);
	return {
		organisation,
		total,
		freshness: freshnessLevels.map((level) => ({ level, count: fresh[level] })),
		categories: Object.entries(categories)
			.map(([slug, count]) => ({ slug, label: labelOf(names.categories.get(slug)?.label ?? { fr: slug, en: slug }), count }))
			.sort((a, b) => b.count - a.count || a.label.localeCompare(b.label)),
		cards: hits.map(({ place }) => cardOf(place, names)),
		page: shown,
		pages,
		today
	};
}
