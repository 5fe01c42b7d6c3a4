import { cardOf } from '$lib/components/cards';
import type { Place } from '$lib/domain/place';
import type { Area } from '$lib/domain/taxonomy';
import { labelOf } from '$lib/i18n/labels';
import type { View } from '$lib/server/published/view';
import { namesOf } from '../../listing';

/** A neighbourhood of a metropolis holds a few hundred places; beyond this many the newest and the stalest are looked for among them. */
const looked = 2000;
const shown = 5;

/** What is in an area: by theme, the newest, and those that nobody has checked for long. */
export function areaPage(view: View, area: Area, now: number) {
	const { themes, categories, areas, areaBySlug } = view.reference;
	const names = namesOf(view, now);
	const { today } = names;
	const counts = view.counts({ area: area.slug });
	const places = view.list({ area: area.slug, limit: looked, offset: 0 }).hits.map(({ place }) => place);
	const link = ({ slug, name }: Area) => ({ slug, name, count: view.counts({ area: slug }).total });
	const parent = areaBySlug.get(area.parent ?? '');
	return {
		area: { slug: area.slug, name: area.name, level: area.level, bbox: area.bbox },
		total: counts.total,
		themes: themes.flatMap(({ slug, label, colour, pictogram }) => {
			const of = categories.filter(({ slug: one, theme }) => theme === slug && counts.categories[one]);
			if (of.length === 0) return [];
			const listed = of.map((one) => ({ slug: one.slug, label: labelOf(one.label), count: counts.categories[one.slug] ?? 0 }));
			const count = listed.reduce((sum, one) => sum + one.count, 0);
			return [{ slug, label: labelOf(label), colour, pictogram, count, categories: listed }];
		}),
		newest: newest(places).map((place) => cardOf(place, names)),
		stale: stale(view, places, today).map((place) => cardOf(place, names)),
		parent: parent ? { slug: parent.slug, name: parent.name } : null,
		parts: areas.filter(({ parent: of }) => of === area.slug).map(link),
		siblings: areas.filter(({ parent: of, slug }) => of !== null && of === area.parent && slug !== area.slug).map(link),
		today
	};
}

function newest(places: Place[]): Place[] {
	return [...places].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, shown);
}

/** Checked once, long ago, oldest first. A place that nobody ever checked says so on its own page. */
function stale(view: View, places: Place[], today: string): Place[] {
	const judged = places.map((place) => ({ place, ...view.freshness(place, today) }));
	const old = judged.filter(({ freshness, verifiedAt }) => freshness === 'stale' && verifiedAt !== null);
	return old
		.sort((a, b) => String(a.verifiedAt).localeCompare(String(b.verifiedAt)))
		.slice(0, shown)
		.map(({ place }) => place);
}
