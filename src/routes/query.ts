import { narrowing } from '../lib/domain/narrowing.ts';

/** What a link of the list keeps, in the order of the address. */
const kept = ['q', ...narrowing, 'near', 'bbox', 'page'] as const;
export type Query = Partial<Record<(typeof kept)[number], string | null | undefined>>;

/**
 * The address of the list with some parameters changed; an empty one leaves the address. The page starts again at 1 unless it is what
 * changes, and another theme drops the category, which belongs to one theme.
 */
export function listHref(present: URLSearchParams, change: Query): string {
	const drop = { ...(!('page' in change) && { page: null }), ...('theme' in change && { category: null }) };
	const wanted: Query = { ...drop, ...change };
	const query = new URLSearchParams();
	for (const name of kept) {
		const value = name in wanted ? wanted[name] : present.get(name);
		if (value && !(name === 'page' && value === '1')) query.set(name, value);
	}
	const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
	return text ? `/?${text}` : '/';
}
