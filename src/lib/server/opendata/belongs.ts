import type { Place } from '../../domain/place.ts';
import type { Selection } from '../published/select.ts';
import type { View } from '../published/view.ts';

/** The parts of a selection that say what a dataset is; the others are questions of a moment. */
export type Belonging = Pick<Selection, 'licence' | 'theme' | 'area' | 'steward'>;

/** Whether a place is among those that `view.select` would give, judged on the place alone: also one that is no longer as it was. */
export function belongs(
	{ reference, settings }: Pick<View, 'reference' | 'settings'>,
	{ licence, theme, area, steward }: Belonging,
	place: Place
): boolean {
	if (licence !== undefined && (place.facts.licence || settings.licence.id) !== licence) return false;
	if (theme !== undefined && reference.categoryBySlug.get(place.category)?.theme !== theme) return false;
	if (area !== undefined && !reference.ancestors(place.area ?? '').includes(area)) return false;
	return steward === undefined || place.steward === steward;
}
