import type { AppealItem } from './appeal.ts';
import type { DatasetReport } from './dataset-report.ts';
import type { ProposalItem } from './decision.ts';
import { dayOf, formatLocalDay, localMinuteOf } from './local-time.ts';
import type { QueuedReport } from './report.ts';
import type { Label } from './taxonomy.ts';
import { workingDays } from './working-days.ts';

/** Everything that can wait on a moderator's desk, told apart by `type`. Another kind of item joins here, in `isUrgent` and on the page. */
export type QueueItem = ProposalItem | AppealItem | QueuedReport | DatasetReport;

/** What the list beside the item shows of each; the same for all kinds. */
export interface QueueEntry {
	type: QueueItem['type'];
	id: string;
	/** A proposal's kind, `report` of either kind, or `appeal`: what the queue is filtered by. */
	kind: string;
	/** What a report says is wrong. */
	detail: string | null;
	name: string | null;
	/** Instead of a name: of a dataset. */
	title: Label | null;
	createdAt: string;
	area: string | null;
	theme: string | null;
	author: string;
	urgent: boolean;
	/** Working days beyond the delay that the town has set itself; 0 while there is time. */
	late: number;
	/** Why she need not read it, in this order of strength. */
	standing: 'mine' | 'not_hers' | 'handed_on' | 'claimed' | 'asked' | 'begun' | 'handed_to_me' | 'free';
	handedName: string | null;
	conflict: boolean;
}

/** Something hidden from everybody waits for its decision; a person who contests has waited once already. */
function isUrgent(item: QueueItem): boolean {
	if (item.type === 'report' || item.type === 'dataset_report') return item.urgent;
	if (item.type === 'appeal') return false;
	return item.withheld || item.operations.some(({ fact }) => item.withheldFacts.includes(fact));
}

function standingOf(item: QueueItem): QueueEntry['standing'] {
	if (item.mine) return 'mine';
	if (item.type === 'appeal') return item.hearable ? 'free' : 'not_hers';
	const handed = item.type === 'proposal' ? item.handed : null;
	if (handed && !handed.toMe) return 'handed_on';
	if (item.claimed) return 'claimed';
	if (item.state === 'asked') return 'asked';
	if (item.type === 'dataset_report' && item.publicState) return 'begun';
	return handed ? 'handed_to_me' : 'free';
}

export interface Pace {
	/** A day of the territory. */
	today: string;
	/** Its zone (IANA): what came in its night came on its day. */
	zone: string;
	/** Working days within which an answer is owed. */
	targetDays: number;
}

export function entryOf(item: QueueItem, { today, zone, targetDays }: Pace): QueueEntry {
	const standing = standingOf(item);
	const reports = item.type === 'report' || item.type === 'dataset_report';
	const cameOn = formatLocalDay(dayOf(localMinuteOf(Date.parse(item.createdAt), zone)));
	return {
		type: item.type,
		id: item.id,
		kind: item.type === 'proposal' ? item.kind : reports ? 'report' : item.type,
		detail: reports ? item.kind : null,
		name: item.type === 'dataset_report' ? null : item.placeName,
		title: item.type === 'dataset_report' ? item.datasetTitle : null,
		createdAt: item.createdAt,
		area: item.area,
		theme: item.theme,
		author: item.authorRole,
		urgent: isUrgent(item),
		// What was read in public keeps nobody waiting for a first word.
		late: standing === 'begun' ? 0 : Math.max(0, workingDays(cameOn, today) - targetDays),
		standing,
		handedName: item.type === 'proposal' ? (item.handed?.name ?? null) : null,
		conflict: item.type === 'proposal' && item.operations.some(({ outcome }) => outcome === 'conflict')
	};
}

/** Urgent first, then oldest. */
export function inOrder(entries: readonly QueueEntry[]): QueueEntry[] {
	return [...entries].sort(
		(a, b) => Number(b.urgent) - Number(a.urgent) || compare(a.createdAt, b.createdAt) || compare(a.id, b.id)
	);
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const facets = ['area', 'theme', 'kind', 'author'] as const;
export type Facet = (typeof facets)[number];
export const desks = ['', 'me', 'others', 'asked'] as const;
export type Desk = (typeof desks)[number];

/** As in the page's address; an absent facet filters nothing. `desk`: handed to me, handed to others, waiting for the author's answer. */
export type QueueFilters = Partial<Record<Facet, string>> & { desk: Desk };

/** Unknown parameters are left out, so that an old link still opens the queue. */
export function readFilters(query: URLSearchParams): QueueFilters {
	const filters: QueueFilters = { desk: desks.find((desk) => desk === query.get('desk')) ?? '' };
	for (const facet of facets) {
		const value = query.get(facet);
		if (value && value.length <= 100) filters[facet] = value;
	}
	return filters;
}

/** The same in an address, with `item` shown. */
export function queueQuery(filters: QueueFilters, item?: string | null): string {
	const query = new URLSearchParams();
	for (const facet of facets) if (filters[facet]) query.set(facet, filters[facet]);
	if (filters.desk) query.set('desk', filters.desk);
	if (item) query.set('item', item);
	const text = query.toString();
	return text ? `?${text}` : '';
}

function isOnDesk({ standing }: QueueEntry, desk: Desk): boolean {
	if (desk === 'me') return standing === 'handed_to_me';
	if (desk === 'others') return standing === 'handed_on';
	if (desk === 'asked') return standing === 'asked';
	return standing !== 'handed_on';
}

/** `ancestors`: an area and those around it, so that a commune shows its quartiers. */
type Ancestors = (area: string) => readonly string[];

function matches(entry: QueueEntry, filters: QueueFilters, ancestors: Ancestors, except?: Facet): boolean {
	return facets.every((facet) => {
		const wanted = filters[facet];
		if (!wanted || facet === except) return true;
		if (facet === 'area' && entry.area !== null) return ancestors(entry.area).includes(wanted);
		return (entry[facet] ?? 'none') === wanted;
	});
}

export function filtered(entries: readonly QueueEntry[], filters: QueueFilters, ancestors: Ancestors): QueueEntry[] {
	return entries.filter((entry) => isOnDesk(entry, filters.desk) && matches(entry, filters, ancestors));
}

export interface QueueCounts {
	facets: Record<Facet, Record<string, number>>;
	desks: Record<Desk, number>;
}

/** The number beside each choice: what would be shown if it were chosen and the rest stayed. `none`: outside, or of no theme. */
export function countsOf(entries: readonly QueueEntry[], filters: QueueFilters, ancestors: Ancestors): QueueCounts {
	const counts: QueueCounts = {
		facets: { area: {}, theme: {}, kind: {}, author: {} },
		desks: { '': 0, me: 0, others: 0, asked: 0 }
	};
	for (const entry of entries) {
		for (const desk of desks) if (isOnDesk(entry, desk) && matches(entry, filters, ancestors)) counts.desks[desk]++;
		if (!isOnDesk(entry, filters.desk)) continue;
		for (const facet of facets) {
			if (!matches(entry, filters, ancestors, facet)) continue;
			const values = facet === 'area' && entry.area !== null ? ancestors(entry.area) : [entry[facet] ?? 'none'];
			for (const value of values) counts.facets[facet][value] = (counts.facets[facet][value] ?? 0) + 1;
		}
	}
	return counts;
}
