import type { Place } from '../../domain/place.ts';
import { tombstonesOf } from './departures.ts';
import { pageSize } from './load.ts';
import type { ReferenceRows } from './reference.ts';
import type { Snapshot } from './snapshot.ts';
import type { RowSource } from './source.ts';
import type { Change } from './view.ts';

/** How a look at the feed ended. `more`: look again at once. `gap`: a number is missing. `reload`: this feed is not ours any more. */
export type Look = 'same' | 'more' | 'gap' | 'reload';

const subjects: Readonly<Record<string, keyof ReferenceRows>> = {
	theme: 'themes',
	category: 'categories',
	area: 'areas',
	organisation: 'organisations',
	dataset: 'datasets',
	settings: 'settings'
};

const chunkSize = 100;

/**
 * Looks at the feed once and applies what is new. The last change we know is asked for again: when the database does not answer with
 * exactly that one it was restored or replaced, and everything must be read anew.
 */
export async function follow(source: RowSource, snapshot: Snapshot): Promise<Look> {
	const { last } = snapshot;
	const rows = await source.changes(last?.seq ?? 1, pageSize);
	if (last && !sameChange(rows.shift(), last)) return 'reload';
	const changes = contiguous(rows, (last?.seq ?? 0) + 1);
	if (changes.length === 0) {
		if (rows.length > 0) return 'gap';
		snapshot.caughtUp();
		return 'same';
	}
	const reference = await changedReference(source, changes);
	const places = await placesOf(source, snapshot, changes);
	const tombstones = tombstonesOf(changes);
	for (const [id, place] of places) if (place) tombstones.delete(id);
	snapshot.apply({ seq: changes.at(-1)!.seq, places, tombstones, reference, changes });
	return changes.length < rows.length ? 'gap' : 'more';
}

function sameChange(row: Change | undefined, known: Change): boolean {
	return row?.seq === known.seq && row.at === known.at && row.subject === known.subject && row.id === known.id;
}

/** The rows up to the first missing number: past it something may have been committed that we would never see. */
function contiguous(rows: Change[], first: number): Change[] {
	const end = rows.findIndex(({ seq }, position) => seq !== first + position);
	return end < 0 ? rows : rows.slice(0, end);
}

async function changedReference(source: RowSource, changes: Change[]): Promise<Partial<ReferenceRows>> {
	const changed: Record<string, unknown> = {};
	for (const kind of new Set(changes.map(({ subject }) => subjects[subject]))) {
		if (kind) changed[kind] = await source.reference(kind);
	}
	return changed;
}

/**
 * A category decides how open the facts of its places are: when it changes they are all read again, whether or not the feed names
 * them. A moved boundary names the places it moves.
 */
async function placesOf(source: RowSource, snapshot: Snapshot, changes: Change[]): Promise<Map<string, Place | null>> {
	const idsOf = (subject: string) => new Set(changes.filter((change) => change.subject === subject).map(({ id }) => id));
	const categories = idsOf('category');
	const ids = idsOf('place');
	if (categories.size > 0) for (const id of snapshot.view.idsOfCategories(categories)) ids.add(id);
	const places = new Map<string, Place | null>([...ids].map((id) => [id, null]));
	const wanted = [...ids];
	for (let start = 0; start < wanted.length; start += chunkSize) {
		for (const place of await source.placesById(wanted.slice(start, start + chunkSize))) places.set(place.id, place);
	}
	return places;
}
