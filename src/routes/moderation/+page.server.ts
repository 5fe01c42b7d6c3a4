import { dayIn } from '$lib/i18n/format';
import { queue } from '$lib/server/db/moderation';
import { queue as reportQueue, unproven } from '$lib/server/db/reports';
import { published } from '$lib/server/published/instance';
import { isHttpError } from '@sveltejs/kit';
import type { QueueItem } from '$lib/domain/decision';
import type { QueuedReport } from '$lib/domain/report';
import { orErrorPage } from '../failing.server';
import { names, queueActions, requireModerator } from './deciding.server';
import { reportActions } from './settling.server';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { searchParams } = event.url;
	const { items, away } = await waiting(event);
	const { reports, unprovenCount, urgentCount } = away ? noReports : await besideProposals(event.locals.supabase);
	const urgent = searchParams.has('item') ? undefined : reports.find(({ urgent, mine }) => urgent && !mine);
	const report =
		reports.find(({ id }) => id === searchParams.get('report')) ?? urgent ?? (items.length === 0 ? reports[0] : null) ?? null;
	const wanted = items.find(({ id }) => id === searchParams.get('item'));
	const current = wanted ?? items.find(({ mine, claimed, state }) => !mine && !claimed && state === 'open') ?? items[0] ?? null;
	const after = items.slice(items.findIndex(({ id }) => id === current?.id) + 1);
	return {
		...names(),
		today: dayIn(published().current().settings.time.zone, new Date()),
		bbox: published().current().settings.territory.bbox,
		items: items.map(summary),
		current: report ? null : current,
		reports,
		report,
		unprovenCount,
		urgentCount,
		settled: searchParams.get('settled'),
		next: (after[0] ?? items.find(({ id }) => id !== current?.id))?.id ?? null,
		away,
		done: searchParams.get('done'),
		decision: searchParams.get('decision')
	};
};

const noReports = { reports: [] as QueuedReport[], unprovenCount: 0, urgentCount: 0 };

/** Reports, and how much waits beside the queue without proof. */
async function besideProposals(client: Parameters<typeof unproven>[0]) {
	const [reports, beside] = await orErrorPage(Promise.all([reportQueue(client), unproven(client)]));
	return { reports, unprovenCount: beside.length, urgentCount: beside.filter(({ urgent }) => urgent).length };
}

/** The queue; after a post that failed because the database is away, nothing rather than another failure: what was typed is shown. */
async function waiting(event: Parameters<PageServerLoad>[0]): Promise<{ items: QueueItem[]; away: boolean }> {
	try {
		await requireModerator(event);
		return { items: await orErrorPage(queue(event.locals.supabase)), away: false };
	} catch (thrown) {
		const isAway = isHttpError(thrown, 503);
		if (event.request.method === 'POST' && isAway) return { items: [], away: true };
		throw thrown;
	}
}

/** What the list beside the item shows of each. */
function summary({ id, kind, placeName, state, createdAt, area, claimed, mine, operations }: QueueItem) {
	const facts = operations.map(({ fact }) => fact);
	return {
		id,
		kind,
		placeName,
		state,
		createdAt,
		area,
		claimed,
		mine,
		facts,
		conflict: operations.some(({ outcome }) => outcome === 'conflict')
	};
}

export const actions = { ...queueActions, ...reportActions };
