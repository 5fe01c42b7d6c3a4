import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Place, Tombstone } from '../../domain/place.ts';
import { tombstoneOf } from './departures.ts';
import { encodeLine } from './record.ts';
import type { ReferenceRows } from './reference.ts';
import { newDictionaries, SegmentBuilder } from './segment.ts';
import { recentLength, Snapshot } from './snapshot.ts';
import type { RowSource } from './source.ts';
import type { Change } from './view.ts';

export const pageSize = 1000;

export const referenceKinds = ['themes', 'categories', 'areas', 'organisations', 'datasets', 'settings'] as const;

/**
 * Everything from the database: first the last sequence number, then the pages, so that what changes meanwhile is followed afterwards
 * and nothing is missed; a place read in a newer state than its number says is only read once more.
 */
export async function loadSnapshot(source: RowSource, now: () => number): Promise<Snapshot> {
	const last = await source.lastChange();
	const seq = last?.seq ?? 0;
	const reference = await loadReference(source);
	const categories = new Map(reference.categories.map((category) => [category.slug, category]));
	const dictionaries = newDictionaries();
	const builder = new SegmentBuilder(dictionaries);
	const present = new Set<string>();
	await eachPage(
		(after: Place | null) => source.places(after?.id ?? null, pageSize),
		(place) => {
			builder.add(encodeLine(place, categories.get(place.category)));
			present.add(place.id);
		}
	);
	const tombstones = new Map<string, Tombstone>();
	await eachPage(
		(after: Change | null) => source.departures(after?.seq ?? 0, pageSize),
		(change) => {
			const tombstone = tombstoneOf(change);
			if (tombstone && !present.has(tombstone.id)) tombstones.set(tombstone.id, tombstone);
		}
	);
	const recent = await loadRecent(source, seq);
	const aheadTo = (await source.lastChange())?.seq ?? 0;
	const base = builder.finish();
	return new Snapshot({ base, dictionaries, reference, tombstones, seq, last, recent, loadedAt: now(), aheadTo, now });
}

/** Rows worked on between two looks at the network: a request that was only promised leaves, and bytes that came are taken in. */
const slice = 50;

/** Asks for the next page before it works on this one: the database and we compute at the same time. */
async function eachPage<T>(fetch: (after: T | null) => Promise<T[]>, use: (row: T) => void): Promise<void> {
	let page = await fetch(null);
	while (page.length > 0) {
		const next = fetch(page.at(-1)!);
		// Its failure is awaited below; until then it must not count as unhandled.
		next.catch(() => undefined);
		for (const [i, row] of page.entries()) {
			if (i % slice === 0) await nextTurn();
			use(row);
		}
		page = await next;
	}
}

async function loadReference(source: RowSource): Promise<ReferenceRows> {
	const entries: [string, unknown][] = [];
	for (const kind of referenceKinds) entries.push([kind, await source.reference(kind)]);
	return Object.fromEntries(entries) as unknown as ReferenceRows;
}

async function loadRecent(source: RowSource, seq: number): Promise<Change[]> {
	const recent: Change[] = [];
	for (let from = Math.max(1, seq - recentLength + 1); from <= seq;) {
		const page = await source.changes(from, pageSize);
		if (page.length === 0) break;
		recent.push(...page.filter((change) => change.seq <= seq));
		from = page.at(-1)!.seq + 1;
	}
	return recent;
}
