import { placeFreshness } from '../../domain/freshness.ts';
import type { PlaceFreshness } from '../../domain/freshness.ts';
import type { LocalMinute } from '../../domain/local-time.ts';
import type { Opening } from '../../domain/opening.ts';
import type { LonLat, Place, Tombstone } from '../../domain/place.ts';
import { count } from './counts.ts';
import type { Counts } from './counts.ts';
import type { Filters } from './filters.ts';
import { find } from './find.ts';
import type { Found } from './find.ts';
import { findRef, idOf, readPlace } from './layers.ts';
import type { Frame, Ref } from './layers.ts';
import type { Reference } from './reference.ts';
import { streets, suggest } from './suggest.ts';
import type { Street, Suggestions } from './suggest.ts';
import { compareText } from './text.ts';
import { drawTile } from './tiles.ts';

/** One entry of the change feed: names, never values. */
export interface Change {
	seq: number;
	at: string;
	subject: string;
	id: string;
	version: number | null;
	kind: string;
	facts: string[];
	reason: string | null;
	intoId: string | null;
}

export interface ViewState extends Frame {
	seq: number;
	/** Instant of the last change, or null before the first; the same on every node, unlike `builtAt`. */
	changedAt: string | null;
	builtAt: number;
	tombstones: ReadonlyMap<string, Tombstone>;
	/** The last changes this node has followed, ascending. */
	recent: readonly Change[];
}

type PageFilters = Partial<Filters>;

/**
 * Everything the public may read, as of one sequence number. A view never changes: take one per request and keep it for its length.
 * Places are parsed anew at each reading: the caller may keep and change them.
 */
export class View {
	readonly seq: number;
	readonly changedAt: string | null;
	readonly builtAt: number;
	readonly recent: readonly Change[];
	readonly size: number;
	#state: ViewState;

	constructor(state: ViewState) {
		this.#state = state;
		this.seq = state.seq;
		this.changedAt = state.changedAt;
		this.builtAt = state.builtAt;
		this.recent = state.recent;
		this.size = state.layers.reduce((sum, { segment, hidden }) => {
			return sum + segment.size - (hidden?.reduce((dead, flag) => dead + flag, 0) ?? 0);
		}, 0);
	}

	/** Themes, categories, areas, organisations, datasets and settings: sorted arrays, and maps by slug. */
	get reference(): Reference {
		return this.#state.reference;
	}

	get settings(): Reference['settings'] {
		return this.#state.reference.settings;
	}

	byId(id: string): Place | null {
		const ref = findRef(this.#state, id);
		return ref && readPlace(this.#state, ref);
	}

	/** What everyone may know of a photo: an open place shows it, showed it once, or neither. */
	photo(id: string): 'shown' | 'gone' | null {
		const holds = (index: 'photos' | 'formerPhotos') =>
			this.#state.layers.some(({ segment, hidden }) => {
				const item = segment[index].get(id);
				return item !== undefined && !hidden?.[item];
			});
		return holds('photos') ? 'shown' : holds('formerPhotos') ? 'gone' : null;
	}

	/**
	 * What became of a place that is not here. The end of a chain of mergers is followed: `intoId` is a place that is here, or null when
	 * that one left too.
	 */
	tombstone(id: string): Tombstone | null {
		const { tombstones } = this.#state;
		const first = tombstones.get(id);
		if (!first || findRef(this.#state, id)) return null;
		const seen = new Set([id]);
		let into = first.intoId;
		while (into !== null && !findRef(this.#state, into)) {
			if (seen.has(into)) into = null;
			else {
				seen.add(into);
				into = tombstones.get(into)?.intoId ?? null;
			}
		}
		return { ...first, intoId: into };
	}

	/** All places, ascending by id: the order of exports. */
	*all(): Generator<Place> {
		for (const ref of this.#ordered()) yield readPlace(this.#state, ref);
	}

	*#ordered(): Generator<Ref> {
		const cursors = this.#state.layers.map((layer) => ({ layer, item: 0 }));
		for (;;) {
			let next: (typeof cursors)[number] | null = null;
			for (const cursor of cursors) {
				while (cursor.layer.hidden?.[cursor.item]) cursor.item++;
				if (cursor.item >= cursor.layer.segment.size) continue;
				if (!next || compareText(idOf(cursor), idOf(next)) < 0) next = cursor;
			}
			if (!next) return;
			yield { layer: next.layer, item: next.item };
			next.item++;
		}
	}

	/** Ids only, without parsing any place. */
	idsOfCategories(slugs: ReadonlySet<string>): string[] {
		const found: string[] = [];
		for (const ref of this.#ordered()) {
			const { segment } = ref.layer;
			if (slugs.has(this.#state.dictionaries.categories.slugs[segment.categories[ref.item]!]!)) found.push(idOf(ref));
		}
		return found;
	}

	/** The lines of all places (see record.ts), ascending by id. */
	*lines(): Generator<Uint8Array> {
		for (const { layer, item } of this.#ordered()) yield layer.segment.lines[item]!;
	}

	get tombstones(): ReadonlyMap<string, Tombstone> {
		return this.#state.tombstones;
	}

	/** A page of places: nearest first with `near`, best first with `q`, else by name. */
	list(filters: PageFilters = {}): Found {
		return find(this.#state, { limit: 50, offset: 0, ...filters });
	}

	/** @see list */
	search(q: string, filters: PageFilters = {}): Found {
		return this.list({ ...filters, q });
	}

	/** @see list */
	nearby(near: LonLat, filters: PageFilters = {}): Found {
		return this.list({ ...filters, near });
	}

	/** The numbers beside the filters; `near`, `limit` and `offset` play no part. `at`: when the open ones are counted. */
	counts(filters: PageFilters = {}, at?: LocalMinute): Counts {
		return count(this.#state, filters, at);
	}

	/** What somebody may mean who has typed so much. */
	suggest(typed: string): Suggestions {
		return suggest(this.#state, typed);
	}

	/** Streets in which places of this map stand. */
	streets(typed: string): Street[] {
		return streets(this.#state, typed);
	}

	/** Mapbox Vector Tile bytes; empty when nothing is there, null when there is no such tile. */
	tile(z: number, x: number, y: number, filters: PageFilters = {}): Uint8Array | null {
		return drawTile(this.#state, z, x, y, filters);
	}

	/** The day in the territory's zone, `YYYY-MM-DD`, on which freshness depends. `now` in milliseconds. */
	today(now: number): string {
		return new Intl.DateTimeFormat('sv-SE', { timeZone: this.settings.time.zone }).format(now);
	}

	/** What a clock of the territory shows. `now` in milliseconds. */
	clock(now: number): LocalMinute {
		return this.#state.openings.clock(now);
	}

	/** Whether a place is open at a moment, and until when; null when nothing is known of its hours. */
	opening(place: Pick<Place, 'facts' | 'offers'>, at: LocalMinute): Opening | null {
		return this.#state.openings.of(place, at);
	}

	/** How fresh a place is on a day; a category this node does not know yet has no key facts. */
	freshness(place: Place, today: string): PlaceFreshness {
		return placeFreshness(place, this.reference.categoryBySlug.get(place.category) ?? { halfLives: {}, keyFacts: [] }, today);
	}
}
