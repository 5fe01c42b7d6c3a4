import { createHash } from 'node:crypto';
import type { Place } from '../../../domain/place.ts';
import { tombstoneOf } from '../../published/departures.ts';
import type { Change, View } from '../../published/view.ts';
import { nextTurn } from '../next-turn.ts';
import { belongs } from '../belongs.ts';
import { selectionOfScope } from './changes-query.ts';
import type { Scope } from './changes-query.ts';

/** What people are told of: more has scrolled away, and looking farther back for a quiet corner would keep other requests waiting. */
const depth = 5000;
const most = 50;
/** Places read between two looks at other requests. */
const slice = 50;

/** Something that happened to a place, told with the place as it is now; null when it has left and nothing of it may be said. */
export interface News {
	change: Change;
	place: Place | null;
	/** Where a merged place is found now; null for the others. */
	into: Place | null;
}

/**
 * What a resident may want to know of the last changes, newest first: places that came, changed or left, but not those that somebody
 * found to be right still. Of one that left only its leaving is told, without a name, and in a narrowed feed not at all (nobody knows
 * any more where it was), unless it was merged into one that is there.
 */
export async function newsOf(view: View, scope: Scope): Promise<News[]> {
	const selection = selectionOfScope(scope);
	const isWhole = Object.keys(selection).length === 0;
	const news: News[] = [];
	const looked = new Map<string, Pick<News, 'place' | 'into'>>();
	for (const change of view.recent.backwards().take(depth)) {
		if (change.subject !== 'place' || change.kind === 'verified' || isSilent(change)) continue;
		const known = looked.get(change.id);
		const found = known ?? look(view, change.id);
		if (!known) {
			looked.set(change.id, found);
			if (looked.size % slice === 0) await nextTurn();
		}
		const { place, into } = found;
		if (!place && (known || !tombstoneOf(change))) continue;
		const shown = place ?? into;
		if (shown ? belongs(view, selection, shown) : isWhole) news.push({ change, place, into });
		if (news.length === most) break;
	}
	return news;
}

/** A change that names nothing was of something that is not public. */
const isSilent = ({ kind, facts }: Change) => kind === 'updated' && facts.length === 0;

function look(view: View, id: string): Pick<News, 'place' | 'into'> {
	const place = view.byId(id);
	const into = place ? null : (view.tombstone(id)?.intoId ?? null);
	return { place, into: into === null ? null : view.byId(into) };
}

/** A name for a change that is the same on every node and wherever the map moves to: a version 5 UUID (RFC 9562) in the place's own. */
export function changeId({ id, seq, at }: Change): string {
	const digest = createHash('sha1')
		.update(Buffer.from(id.replaceAll('-', ''), 'hex'))
		.update(`change ${seq} ${at}`)
		.digest();
	digest[6] = (digest[6]! & 0x0f) | 0x50;
	digest[8] = (digest[8]! & 0x3f) | 0x80;
	const hex = digest.toString('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
