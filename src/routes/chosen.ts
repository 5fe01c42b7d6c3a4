import { m } from '$lib/paraglide/messages';
import type { Filters } from '$lib/server/published/filters';
import type { Select, ThemeChoice } from './choices';
import type { Query } from './query';

/** One thing that narrows a list, in words. */
export interface Chosen {
	name: keyof Query;
	label: string;
}

/** What narrows a list. */
export function chosenOf(themes: ThemeChoice[], selects: Select[], { q, theme, bbox }: Partial<Filters>): Chosen[] {
	const one = (name: keyof Query, label: string | undefined) => (label ? [{ name, label }] : []);
	return [
		...one('q', q),
		...one('theme', themes.find(({ value }) => value === theme)?.label),
		...selects.flatMap(({ name, value, options }) => {
			if (value === '') return [];
			const label = options.find((option) => option.value === value)?.label ?? value;
			if (name !== 'open') return one(name, label);
			return one(name, value === 'now' ? m.filter_open_now() : m.filter_open_at({ moment: label }));
		}),
		...one('bbox', bbox && m.filter_bbox())
	];
}
