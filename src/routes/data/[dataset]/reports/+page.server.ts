import { error } from '@sveltejs/kit';
import { mayCoordinate } from '$lib/domain/roles';
import { m } from '$lib/paraglide/messages';
import { ofDataset } from '$lib/server/db/dataset-reports';
import { orErrorPage } from '../../../failing.server';
import { settleDatasetReport } from '../../../moderation/settling.server';
import { requireViewer } from '../../../places/proposing.server';
import { currentView } from '../../../view';
import { datasetOfPage } from '../reported.server';
import type { Actions, PageServerLoad } from './$types';

/** For who answers for the dataset: the coordination, and the members of its organisation. What each may read the database decides. */
export const load: PageServerLoad = async (event) => {
	const { slug, title, organisation } = datasetOfPage(currentView(), event.params.dataset, 'reports');
	event.setHeaders({ 'cache-control': 'private, no-store' });
	const viewer = await requireViewer(event);
	if (!mayCoordinate(viewer) && !viewer.organisations.some((one) => one.slug === organisation)) error(403, m.trouble_not_yours());
	return {
		slug,
		title,
		...(await orErrorPage(ofDataset(event.locals.supabase, slug))),
		done: event.url.searchParams.get('settled')
	};
};

export const actions: Actions = {
	settle: (event) => settleDatasetReport(event, (settled) => `/data/${event.params.dataset}/reports?settled=${settled}`)
};
