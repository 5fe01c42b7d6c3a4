import { languageName, wordFor } from '$lib/i18n/labels';
import { m } from '$lib/paraglide/messages';
import type { Filters } from '$lib/server/published/filters';
import type { Choices } from './choices';

type Named = Pick<Choices, 'themes' | 'categories' | 'areas' | 'moments'>;

/** As it stands in the address, where « now » stays now. */
export interface Asked {
	/** « now » or a moment. */
	open: string | null;
	/** Days. */
	checked: string | null;
}

/** What narrows a list, in words. */
export function chosenOf(listing: Named, filters: Partial<Filters>, { open, checked }: Asked) {
	const labelIn = (choices: { value: string; label: string }[], value: string | null | undefined) =>
		choices.find((choice) => choice.value === value)?.label;
	const all = [
		{ name: 'q', label: filters.q },
		{ name: 'theme', label: labelIn(listing.themes, filters.theme) },
		{ name: 'category', label: labelIn(listing.categories, filters.category) },
		{ name: 'area', label: labelIn(listing.areas, filters.area) },
		{ name: 'kind', label: filters.kind && wordFor('kind', filters.kind) },
		{ name: 'open', label: open === 'now' ? m.filter_open_now() : open && momentLabel(labelIn(listing.moments, open) ?? open) },
		{ name: 'wheelchair', label: filters.wheelchair && wheelchairWords(filters.wheelchair) },
		{ name: 'cost', label: filters.cost && wordFor('cost', filters.cost) },
		{ name: 'audience', label: filters.audience && wordFor('audience', filters.audience) },
		{ name: 'language', label: filters.language && languageName(filters.language) },
		{ name: 'checked', label: checked && checkedWords(checked) },
		{ name: 'bbox', label: filters.bbox && m.filter_bbox() }
	] as const;
	return all.flatMap(({ name, label }) => (label ? [{ name, label }] : []));
}

const momentLabel = (moment: string) => m.filter_open_at({ moment });

/** What one needs of a place, where `wordFor` says what a place is. */
export function wheelchairWords(value: string): string {
	return value === 'yes' ? m.filter_wheelchair_yes() : m.filter_wheelchair_limited();
}

/** « Vérifié depuis moins d’un an ». */
export function checkedWords(days: string): string {
	const years = Math.round(Number(days) / 365);
	if (years < 1) return m.filter_checked_months({ count: Math.max(1, Math.round(Number(days) / 30.4)) });
	return m.filter_checked_years({ count: years });
}
