import { narrowing } from '$lib/domain/narrowing';
import type { Filters } from '$lib/server/published/filters';
import type { View } from '$lib/server/published/view';

const asking = ['q', ...narrowing, 'bbox'] as const;

export interface Drop {
	name: (typeof asking)[number];
	/** How many places that shows. */
	total: number;
	/** Keep this one alone, instead of leaving it out. */
	only: boolean;
}

/** Where nothing is found: how many places each filter alone keeps out; where that helps nowhere, what each finds by itself. */
export function dropsOf(view: View, filters: Partial<Filters>): Drop[] {
	const asked = asking.filter((name) => filters[name] !== undefined);
	const without = asked.flatMap((name) => {
		const rest = Object.fromEntries(
			Object.entries(filters).filter(([key]) => key !== name && (name !== 'theme' || key !== 'category'))
		);
		const { total } = view.list({ ...rest, limit: 1 });
		return total > 0 ? [{ name, total, only: false }] : [];
	});
	if (without.length > 0 || asked.length < 2) return without;
	return asked.flatMap((name) => {
		const { total } = view.list({ [name]: filters[name], limit: 1 });
		return total > 0 ? [{ name, total, only: true }] : [];
	});
}
