import { audiences, costs, placeKinds } from '$lib/domain/facts';
import { dayOf, formatLocalMinute, minutesOfDay } from '$lib/domain/local-time';
import type { LocalMinute } from '$lib/domain/local-time';
import type { ThemeColour } from '$lib/domain/taxonomy';
import { languageName, wordFor } from '$lib/i18n/labels';
import { labelOf } from '$lib/i18n/words';
import { momentWords } from '$lib/i18n/opening';
import { m } from '$lib/paraglide/messages';
import { checkedWithin } from '$lib/server/published/counts';
import type { Counts } from '$lib/server/published/counts';
import type { Filters } from '$lib/server/published/filters';
import type { View } from '$lib/server/published/view';
import type { Query } from './query';

export interface ThemeChoice {
	value: string;
	label: string;
	count: number;
	colour: ThemeColour;
	pictogram: string;
}

interface Choice {
	value: string;
	label: string;
	/** How many places it would show; null where that is not counted. */
	count: number | null;
	/** The name of the group it is shown in. */
	group?: string;
}

/** One filter and what can be chosen, in the reader's language. */
export interface Select {
	name: keyof Query;
	label: string;
	/** What it says while nothing is chosen. */
	any: string;
	/** What is chosen; empty when nothing is. */
	value: string;
	options: Choice[];
}

/** As it stands in the address, where « now » stays now. */
export interface Asked {
	/** « now » or a moment. */
	open: string | null;
	/** Days. */
	checked: string | null;
}

/** Themes by which a list may be narrowed: those that have something, and the chosen one, which must stay removable. */
export function themeChoices(view: View, counts: Counts, { theme }: Partial<Filters>): ThemeChoice[] {
	return view.reference.themes
		.map(({ slug, label, colour, pictogram }) => {
			return { value: slug, label: labelOf(label), count: counts.themes[slug] ?? 0, colour, pictogram };
		})
		.filter(({ count, value }) => count > 0 || value === theme);
}

/** The other filters. A choice that would show nothing is left out, except the chosen one; so is a filter without any. `now` on a clock of the territory. */
export function selectsOf(view: View, counts: Counts, filters: Partial<Filters>, asked: Asked, now: LocalMinute): Select[] {
	const listed = (values: readonly string[], numbers: Record<string, number>, label: (value: string) => string) =>
		values.map((value) => ({ value, label: label(value), count: numbers[value] ?? 0 }));
	const word = (family: 'kind' | 'cost' | 'audience') => (value: string) => wordFor(family, value);
	const spoken = Object.keys(counts.languages).sort((a, b) => (counts.languages[b] ?? 0) - (counts.languages[a] ?? 0));
	const days = checkedWithin.map(String);
	const all: [keyof Query, string, string, string | null | undefined, Choice[]][] = [
		['open', m.filter_open(), m.filter_any_moment(), asked.open, momentChoices(now, filters.open)],
		['category', m.filter_category(), m.filter_any_category(), filters.category, categoryChoices(view, counts, filters)],
		['area', m.filter_area(), m.filter_any_area(), filters.area, areaChoices(view, counts)],
		['kind', m.filter_kind(), m.filter_any_kind(), filters.kind, listed(placeKinds, counts.kinds, word('kind'))],
		['cost', m.filter_cost(), m.filter_any_cost(), filters.cost, listed(costs, counts.costs, word('cost'))],
		[
			'audience',
			m.filter_audience(),
			m.filter_any_audience(),
			filters.audience,
			listed(audiences.slice(1), counts.audiences, word('audience'))
		],
		[
			'wheelchair',
			m.filter_wheelchair(),
			m.filter_any(),
			filters.wheelchair,
			listed(['yes', 'limited'], counts.wheelchairs, wheelchairWords)
		],
		[
			'checked',
			m.filter_checked(),
			m.filter_any(),
			asked.checked,
			listed(withOwn(days, asked.checked), counts.checked, checkedWords)
		],
		[
			'language',
			m.filter_language(),
			m.filter_any_language(),
			filters.language,
			listed(withOwn(spoken, filters.language), counts.languages, languageName)
		]
	];
	return all
		.map(([name, label, any, chosen, options]) => {
			const value = chosen ?? '';
			return { name, label, any, value, options: options.filter((choice) => choice.count !== 0 || choice.value === value) };
		})
		.filter(({ options }) => options.length > 0);
}

const withOwn = (values: string[], own: string | null | undefined) => (!own || values.includes(own) ? values : [...values, own]);

function categoryChoices({ reference }: View, counts: Counts, { theme }: Partial<Filters>): Choice[] {
	return reference.categories
		.filter((one) => !theme || one.theme === theme)
		.map((one) => {
			const of = reference.themeBySlug.get(one.theme);
			const group = theme || !of ? undefined : labelOf(of.label);
			return { value: one.slug, label: labelOf(one.label), count: counts.categories[one.slug] ?? 0, ...(group && { group }) };
		});
}

function areaChoices({ reference }: View, counts: Counts): Choice[] {
	return reference.areas.map(({ slug, name, level, parent }) => {
		const group = level === 'commune' ? undefined : reference.areaBySlug.get(parent ?? '')?.name;
		return { value: slug, label: name, count: counts.areas[slug] ?? 0, ...(group && { group }) };
	});
}

/** What one needs of a place, where `wordFor` says what a place is. */
function wheelchairWords(value: string): string {
	return value === 'yes' ? m.filter_wheelchair_yes() : m.filter_wheelchair_limited();
}

/** « Vérifié depuis moins d’un an ». */
function checkedWords(days: string): string {
	const years = Math.round(Number(days) / 365);
	if (years < 1) return m.filter_checked_months({ count: Math.max(1, Math.round(Number(days) / 30.4)) });
	return m.filter_checked_years({ count: years });
}

const [evening, morning] = [19 * 60, 10 * 60];

/** Now, this evening, tomorrow, Saturday and Sunday morning: what people ask. The chosen one is always among them. */
function momentChoices(now: LocalMinute, chosen: LocalMinute | undefined): Choice[] {
	const today = dayOf(now);
	// 1970-01-01 was a Thursday.
	const next = (weekday: number) => today + 1 + ((((weekday - ((today + 3) % 7) - 1) % 7) + 7) % 7);
	const days = [...new Set([today + 1, next(5), next(6)])].sort((a, b) => a - b).map((day) => day * minutesOfDay + morning);
	const proposed = [...(now < today * minutesOfDay + evening ? [today * minutesOfDay + evening] : []), ...days];
	const all =
		chosen === undefined || chosen === now || proposed.includes(chosen) ? proposed : [...proposed, chosen].sort((a, b) => a - b);
	return [
		{ value: 'now', label: m.filter_now(), count: null },
		...all.map((at) => ({ value: formatLocalMinute(at), label: momentWords(at, now), count: null }))
	];
}
