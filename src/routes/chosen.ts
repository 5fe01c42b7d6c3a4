import { languageName, wordFor } from '$lib/i18n/labels';
import { m } from '$lib/paraglide/messages';
import type { Filters } from '$lib/server/published/filters';
import type { Choices } from './choices';

type Named = Pick<Choices, 'themes' | 'categories' | 'areas' | 'moments'>;

/** What narrows a list, in words; `open` as it stands in the address. */
export function chosenOf(listing: Named, filters: Partial<Filters>, open: string | null) {
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
		{ name: 'bbox', label: filters.bbox && m.filter_bbox() }
	] as const;
	return all.flatMap(({ name, label }) => (label ? [{ name, label }] : []));
}

const momentLabel = (moment: string) => m.filter_open_at({ moment });

/** What one needs of a place, where `wordFor` says what a place is. */
export function wheelchairWords(value: string): string {
	return value === 'yes' ? m.filter_wheelchair_yes() : m.filter_wheelchair_limited();
}
