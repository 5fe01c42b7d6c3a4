import { isHttpError } from '@sveltejs/kit';
import type { ItemAbout } from '$lib/domain/decision';
import { countsOf, entryOf, filtered, inOrder, queueQuery, readFilters } from '$lib/domain/queue';
import type { QueueItem } from '$lib/domain/queue';
import { dayIn } from '$lib/i18n/format';
import { appeals } from '$lib/server/db/appeals';
import { queue as datasetReportQueue } from '$lib/server/db/dataset-reports';
import { aboutItem, queue } from '$lib/server/db/moderation';
import { queue as reportQueue, unproven } from '$lib/server/db/reports';
import { shown } from '$lib/server/errors';
import { published } from '$lib/server/published/instance';
import { orErrorPage } from '../failing.server';
import { names, queueActions, requireModerator } from './deciding.server';
import { beside } from './beside.server';
import { photosOf } from './photos.server';
import { reportActions } from './settling.server';
import type { PageServerLoad } from './$types';

/** Working days, while the town has not said. */
const defaultTarget = 5;

export const load: PageServerLoad = async (event) => {
	const { searchParams } = event.url;
	const { settings, reference } = published().current();
	const { items, away, ...waitsBeside } = await waiting(event);
	const today = dayIn(settings.time.zone, new Date());
	const target = settings.moderation?.target_days ?? defaultTarget;
	const filters = readFilters(searchParams);
	const entries = inOrder(items.map((item) => entryOf(item, { today, zone: settings.time.zone, targetDays: target })));
	const shownEntries = filtered(entries, filters, reference.ancestors);
	const wanted = searchParams.get('item');
	const id = items.some((item) => item.id === wanted) ? wanted : chosen(shownEntries);
	const current = items.find((item) => item.id === id) ?? null;
	const at = shownEntries.findIndex((entry) => entry.id === id);
	return {
		...names(),
		...{ today, target, filters, current, away },
		bbox: settings.territory.bbox,
		entries: shownEntries,
		total: entries.length,
		counts: countsOf(entries, filters, reference.ancestors),
		about: current?.type === 'proposal' ? await aboutOf(event, current.id) : null,
		beside: current?.type === 'proposal' || current?.type === 'appeal' ? beside(published().current(), current) : null,
		query: queueQuery(filters, id),
		next: hrefOf(shownEntries[at + 1]?.id ?? shownEntries.find((entry) => entry.id !== id)?.id),
		previous: at > 0 ? hrefOf(shownEntries[at - 1]?.id) : null,
		photos: await photosOf(event, current?.type === 'proposal' ? current : null),
		...waitsBeside,
		settled: searchParams.get('settled'),
		done: searchParams.get('done'),
		decision: searchParams.get('decision')
	};
	function hrefOf(item: string | undefined): string | null {
		return item === undefined ? null : `/moderation${queueQuery(filters, item)}`;
	}
};

/** The first that waits for her, else the first. */
function chosen(entries: ReturnType<typeof inOrder>): string | null {
	const free = entries.find(({ standing }) => standing === 'free' || standing === 'handed_to_me');
	return (free ?? entries[0])?.id ?? null;
}

interface Waiting {
	items: QueueItem[];
	away: boolean;
	/** What came without proof waits beside the queue. */
	unprovenCount: number;
	urgentCount: number;
}

/** The queue; after a post that failed because the database is away, nothing rather than another failure: what was typed is shown. */
async function waiting(event: Parameters<PageServerLoad>[0]): Promise<Waiting> {
	try {
		await requireModerator(event);
		const { supabase } = event.locals;
		const [proposals, contested, reports, ofDatasets, outside] = await orErrorPage(
			Promise.all([queue(supabase), appeals(supabase), reportQueue(supabase), datasetReportQueue(supabase), unproven(supabase)])
		);
		return {
			items: [...proposals, ...contested, ...reports, ...ofDatasets],
			away: false,
			unprovenCount: outside.length,
			urgentCount: outside.filter(({ urgent }) => urgent).length
		};
	} catch (thrown) {
		const isAway = isHttpError(thrown, 503);
		if (event.request.method === 'POST' && isAway) return { items: [], away: true, unprovenCount: 0, urgentCount: 0 };
		throw thrown;
	}
}

/** What helps with this one; nothing when it was decided since the list was read, or when it comes too late to wait for. */
async function aboutOf({ locals }: Parameters<PageServerLoad>[0], id: string): Promise<ItemAbout | null> {
	try {
		return await aboutItem(locals.supabase, id);
	} catch (thrown) {
		shown(thrown);
		return null;
	}
}

export const actions = { ...queueActions, ...reportActions };
