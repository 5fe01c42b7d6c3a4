import { audiences, costs } from '$lib/domain/facts';
import { dayOf, formatLocalMinute, minutesOfDay } from '$lib/domain/local-time';
import type { LocalMinute } from '$lib/domain/local-time';
import type { ThemeColour } from '$lib/domain/taxonomy';
import { labelOf } from '$lib/i18n/labels';
import { momentWords } from '$lib/i18n/opening';
import { m } from '$lib/paraglide/messages';
import { checkedWithin } from '$lib/server/published/counts';
import type { Counts } from '$lib/server/published/counts';
import type { Filters } from '$lib/server/published/filters';
import type { View } from '$lib/server/published/view';

export interface Counted {
	value: string;
	count: number;
}

export interface Choice {
	value: string;
	label: string;
	count: number;
	/** The name of the group it is shown in. */
	group?: string;
}

export interface ThemeChoice extends Choice {
	colour: ThemeColour;
	pictogram: string;
}

/** What stands beside a list, each with the number of places it would show. */
export interface Choices {
	themes: ThemeChoice[];
	categories: Choice[];
	areas: Choice[];
	kinds: Counted[];
	wheelchairs: Counted[];
	costs: Counted[];
	audiences: Counted[];
	languages: Counted[];
	/** By days. */
	checked: Counted[];
	/** When one may want to go there. */
	moments: { value: string; label: string }[];
}

/** `now` on a clock of the territory. */
export function choicesOf(view: View, counts: Counts, filters: Partial<Filters>, now: LocalMinute): Choices {
	return {
		...taxonomyChoices(view, counts, filters),
		...accessChoices(counts, filters),
		moments: momentChoices(now, filters.open)
	};
}

/** A choice that would show nothing is left out, except the chosen one: it must stay removable. */
function taxonomyChoices(view: View, counts: Counts, { theme, category, area }: Partial<Filters>) {
	const { themes, categories, areas, themeBySlug, areaBySlug } = view.reference;
	const useful = ({ count, value }: Choice, chosen: string | undefined) => count > 0 || value === chosen;
	return {
		themes: themes
			.map(({ slug, label, colour, pictogram }) => {
				return { value: slug, label: labelOf(label), count: counts.themes[slug] ?? 0, colour, pictogram };
			})
			.filter((choice) => useful(choice, theme)),
		categories: categories
			.filter((one) => !theme || one.theme === theme)
			.map((one) => {
				const of = themeBySlug.get(one.theme);
				const group = theme || !of ? undefined : labelOf(of.label);
				return { value: one.slug, label: labelOf(one.label), count: counts.categories[one.slug] ?? 0, ...(group && { group }) };
			})
			.filter((choice) => useful(choice, category)),
		areas: areas
			.map(({ slug, name, level, parent }) => {
				const group = level === 'commune' ? undefined : areaBySlug.get(parent ?? '')?.name;
				return { value: slug, label: name, count: counts.areas[slug] ?? 0, ...(group && { group }) };
			})
			.filter((choice) => useful(choice, area)),
		kinds: (['service', 'initiative'] as const).map((value) => ({ value, count: counts.kinds[value] ?? 0 }))
	};
}

function accessChoices(counts: Counts, { wheelchair, cost, audience, language }: Partial<Filters>) {
	const counted = (values: readonly string[], numbers: Record<string, number>, chosen: string | undefined) =>
		values.map((value) => ({ value, count: numbers[value] ?? 0 })).filter(({ value, count }) => count > 0 || value === chosen);
	const spoken = Object.keys(counts.languages).sort((a, b) => (counts.languages[b] ?? 0) - (counts.languages[a] ?? 0));
	return {
		wheelchairs: counted(['yes', 'limited'], counts.wheelchairs, wheelchair),
		costs: counted(costs, counts.costs, cost),
		audiences: counted(audiences.slice(1), counts.audiences, audience),
		checked: counted(checkedWithin.map(String), counts.checked, undefined),
		languages: counted(language && !spoken.includes(language) ? [...spoken, language] : spoken, counts.languages, language)
	};
}

const [evening, morning] = [19 * 60, 10 * 60];

/** Now, this evening, tomorrow, Saturday and Sunday morning: what people ask. The chosen one is always among them. */
function momentChoices(now: LocalMinute, chosen: LocalMinute | undefined): Choices['moments'] {
	const today = dayOf(now);
	// 1970-01-01 was a Thursday.
	const next = (weekday: number) => today + 1 + ((((weekday - ((today + 3) % 7) - 1) % 7) + 7) % 7);
	const days = [...new Set([today + 1, next(5), next(6)])].sort((a, b) => a - b).map((day) => day * minutesOfDay + morning);
	const proposed = [...(now < today * minutesOfDay + evening ? [today * minutesOfDay + evening] : []), ...days];
	const all =
		chosen === undefined || chosen === now || proposed.includes(chosen) ? proposed : [...proposed, chosen].sort((a, b) => a - b);
	return [
		{ value: 'now', label: m.filter_now() },
		...all.map((at) => ({ value: formatLocalMinute(at), label: momentWords(at, now) }))
	];
}
