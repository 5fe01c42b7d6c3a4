import { cardOf } from '$lib/components/cards';
import type { Place } from '$lib/domain/place';
import type { Area, Category } from '$lib/domain/taxonomy';
import { labelOf } from '$lib/i18n/words';
import type { Counts } from '$lib/server/published/counts';
import type { View } from '$lib/server/published/view';
import { namesOf } from '../../listing';

/** A neighbourhood of a metropolis holds a few hundred places; beyond this many the newest and the stalest are looked for among them. */
const looked = 2000;
const shown = 5;

/** What is in an area: by theme, the newest, those that nobody has checked for long, what is missing, and who takes care. */
export function areaPage(view: View, area: Area, now: number) {
	const { themes, categories, areas, areaBySlug } = view.reference;
	const names = namesOf(view, now);
	const { today } = names;
	const counts = view.counts({ area: area.slug }, view.clock(now));
	const places = view.list({ area: area.slug, limit: looked, offset: 0 }).hits.map(({ place }) => place);
	const around = new Map(
		areas
			.filter(({ slug, parent }) => parent === area.slug || isBeside(area, { slug, parent }))
			.map((one) => [one.slug, view.counts({ area: one.slug })])
	);
	const link = ({ slug, name }: Area) => ({ slug, name, count: around.get(slug)?.total ?? 0 });
	const beside = areas.filter((other) => isBeside(area, other));
	const parent = areaBySlug.get(area.parent ?? '');
	return {
		area: { slug: area.slug, name: area.name, level: area.level, bbox: area.bbox },
		total: counts.total,
		openNow: counts.open,
		themes: themes.flatMap(({ slug, label, colour, pictogram }) => {
			const of = categories.filter(({ slug: one, theme }) => theme === slug && counts.categories[one]);
			if (of.length === 0) return [];
			const listed = of.map((one) => ({ slug: one.slug, label: labelOf(one.label), count: counts.categories[one.slug] ?? 0 }));
			const count = listed.reduce((sum, one) => sum + one.count, 0);
			return [{ slug, label: labelOf(label), colour, pictogram, count, categories: listed }];
		}),
		newest: newest(places).map((place) => cardOf(place, names)),
		stale: stale(view, places, today).map((place) => cardOf(place, names)),
		missing: {
			withoutHours: counts.unsaid,
			unverified: places.filter((place) => view.freshness(place, today).verifiedAt === null).length,
			categories: elsewhere(
				categories,
				counts,
				beside.map(({ slug }) => around.get(slug)!)
			)
		},
		stewards: stewardsOf(view, places),
		parent: parent ? { slug: parent.slug, name: parent.name } : null,
		parts: areas.filter(({ parent: of }) => of === area.slug).map(link),
		siblings: beside.map(link),
		today
	};
}

const isBeside = (area: Area, { slug, parent }: Pick<Area, 'slug' | 'parent'>) =>
	parent !== null && parent === area.parent && slug !== area.slug;

/** What most of the neighbours have and this area has not: nobody has told us of one yet, or there is none. */
function elsewhere(categories: Category[], { categories: here }: Counts, beside: Counts[]) {
	const having = (slug: string) => beside.filter((counts) => counts.categories[slug]).length;
	return categories
		.filter(({ slug }) => !here[slug] && having(slug) > 0 && having(slug) >= beside.length / 2)
		.sort((a, b) => having(b.slug) - having(a.slug))
		.slice(0, shown)
		.map(({ slug, label }) => ({ slug, label: labelOf(label) }));
}

/** Who answers for places here, those with the most first. */
function stewardsOf(view: View, places: Place[]) {
	const counts = new Map<string, number>();
	for (const { steward } of places) if (steward !== null) counts.set(steward, (counts.get(steward) ?? 0) + 1);
	return [...counts]
		.sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
		.slice(0, shown)
		.flatMap(([slug, count]) => {
			const organisation = view.reference.organisationBySlug.get(slug);
			return organisation ? [{ slug, name: organisation.name, count }] : [];
		});
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
