import { labelOf } from '$lib/i18n/words';
import { listShared } from '$lib/server/db/places';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../../failing.server';
import { uuid } from '$lib/domain/uuid';
import { requireViewer } from '../../places/proposing.server';
import type { PageServerLoad } from './$types';

const pageLength = 50;

/** Places that are shared among partners and are on no public page; each one listed is logged as read. */
export const load: PageServerLoad = async (event) => {
	await requireViewer(event);
	event.setHeaders({ 'cache-control': 'no-store' });
	const asked = event.url.searchParams.get('after') ?? '';
	const found = await orErrorPage(listShared(event.locals.supabase, uuid.test(asked) ? asked : null));
	const { categoryBySlug, areaBySlug, organisationBySlug } = published().current().reference;
	return {
		places: found.map(({ id, name, category, area, steward }) => {
			const label = categoryBySlug.get(category)?.label;
			const about = [label && labelOf(label), areaBySlug.get(area ?? '')?.name, organisationBySlug.get(steward ?? '')?.name];
			return { id, name, about: about.filter(Boolean).join(', ') };
		}),
		after: found.length === pageLength ? (found.at(-1)?.id ?? null) : null
	};
};
