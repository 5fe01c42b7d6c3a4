import type { Change, View } from '../../published/view.ts';
import { nextTurn } from '../next-turn.ts';
import { belongs } from '../belongs.ts';
import type { ChangesQuery } from './changes-query.ts';
import { featureOf } from '../geojson.ts';
import type { Edition } from '../geojson.ts';

/** Features written between two looks at other requests. */
const slice = 50;
const about =
	'What changed on the map, in the order in which it was committed. A place tells how it is now once in a page, with its last entry there: ' +
	'state "present" comes with its feature, "gone" with a tombstone, "outside" means on the map but not in what you follow (drop it if ' +
	'you have it), "later" means that a later entry of this page tells. Entries name what changed and never hold former values. ' +
	'"reload": true means that places may read differently without an entry of their own: take the whole file again. Ask for "next" at ' +
	'once while "more" is true, else when you like. All up to "seq" has been told; should it stay below your "since", this map was ' +
	'restored from a backup: take the whole file again. "freshness" turns with the days, without any change.';

/** What came after a number. `reaches`: everything up to it is told; `more`: ask again at once. */
export interface Page {
	changes: readonly Change[];
	reaches: number;
	more: boolean;
}

/** Whether this node still knows all that came after `since`. */
export function remembers(view: View, since: number): boolean {
	return since >= view.seq || (view.recent.oldest ?? Infinity) <= since + 1;
}

/** A page of the log, whoever reads it: what is followed decides which features go with it, never which entries. */
export function pageOf(view: View, { since, limit }: Pick<ChangesQuery, 'since' | 'limit'>): Page {
	const changes = view.recent.since(since, limit);
	const last = changes.at(-1)?.seq ?? since;
	const more = last < view.seq;
	return { changes, reaches: more ? last : view.seq, more };
}

/**
 * The number of the last change that what a page says depends on, for its tag. Its entries never change, but the features in it do: a page
 * of the past is anew when one of its places changed since, or anything that is not a place. Nothing may be kept without asking, since
 * what is withheld has to leave at once; asking costs a 304 as long as nothing of the page has moved.
 */
export function dependsOn(view: View, { changes, reaches, more }: Page): number {
	if (!more) return view.seq;
	const ids = new Set(changes.map(({ id }) => id));
	// Where a merged place is found now is told too.
	for (const id of ids) {
		const into = view.tombstones.get(id)?.intoId;
		if (into) ids.add(into);
	}
	for (const { seq, subject, id } of view.recent.backwards()) {
		if (seq <= reaches) break;
		if (subject !== 'place' || ids.has(id)) return seq;
	}
	return reaches;
}

/** The body of `/data/changes`, an entry to a line. */
export async function changesText(edition: Edition, query: ChangesQuery, page: Page): Promise<string> {
	const { view, origin } = edition;
	const { territory } = view.settings;
	const lastOf = new Map(page.changes.map(({ subject, id, seq }) => [`${subject} ${id}`, seq]));
	const head = {
		about,
		dataset: query.dataset,
		licence: query.selections[0]?.licence ?? view.settings.licence.id,
		source: { name: territory.name, url: `${origin}/data` },
		seq: page.reaches,
		more: page.more,
		next: nextOf(origin, query, page)
	};
	const lines: string[] = [];
	for (const [i, change] of page.changes.entries()) {
		if (i % slice === slice - 1) await nextTurn();
		const isLast = lastOf.get(`${change.subject} ${change.id}`) === change.seq;
		const { intoId, ...named } = change;
		lines.push(JSON.stringify({ ...named, into_id: intoId, ...stateOf(change, isLast, query, edition) }));
	}
	return `${JSON.stringify(head).slice(0, -1)},"changes":[${lines.map((line) => `\n${line}`).join(',')}\n]}\n`;
}

function nextOf(origin: string, { since, limit, asked }: ChangesQuery, { changes }: Page): string {
	const from = { since: String(changes.at(-1)?.seq ?? since), limit: String(limit) };
	return `${origin}/data/changes?${new URLSearchParams({ ...from, ...asked }).toString()}`;
}

interface State {
	state: 'present' | 'gone' | 'outside' | 'later' | null;
	feature: ReturnType<typeof featureOf> | null;
	tombstone: { kind: string; on: string; reason: string | null; into_id: string | null } | null;
	reload: boolean;
}

/** How the subject of an entry is now, which may be otherwise than the entry says: it is read in the view, where only the open is. */
function stateOf(change: Change, isLast: boolean, { selections }: ChangesQuery, edition: Edition): State {
	const nothing: State = { state: null, feature: null, tombstone: null, reload: reloads(change) };
	if (change.subject !== 'place') return nothing;
	if (!isLast) return { ...nothing, state: 'later' };
	const { view } = edition;
	const place = view.byId(change.id);
	if (place && selections.every((selection) => belongs(view, selection, place)))
		return { ...nothing, state: 'present', feature: featureOf(place, edition) };
	if (place) return { ...nothing, state: 'outside' };
	// Without one it left in the same moment: the entry that says so is yet to come.
	const tombstone = view.tombstone(change.id);
	if (!tombstone) return { ...nothing, state: 'gone' };
	const { kind, on, reason, intoId } = tombstone;
	return { ...nothing, state: 'gone', tombstone: { kind, on, reason, into_id: intoId } };
}

/** A category judges how fresh its places are; the territory's licence and zone say which places a file holds, and what day it is. */
function reloads({ subject, id, kind }: Change): boolean {
	return (subject === 'category' && kind === 'updated') || (subject === 'settings' && (id === 'licence' || id === 'time'));
}
