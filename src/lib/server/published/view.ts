import { dayNumber, placeFreshness } from '../../domain/freshness.ts';
import type { Freshness, PlaceFreshness } from '../../domain/freshness.ts';
import { dayOf, formatLocalDay } from '../../domain/local-time.ts';
import type { LocalMinute } from '../../domain/local-time.ts';
import type { Opening } from '../../domain/opening.ts';
import type { LonLat, Place, Tombstone } from '../../domain/place.ts';
import type { BBox } from '../../geo/bbox.ts';
import { keptCount } from './counts.ts';
import type { Counts } from './counts.ts';
import { keptExtent } from './extents.ts';
import type { Filters } from './filters.ts';
import { find, findRefs } from './find.ts';
import type { Found, FoundRefs } from './find.ts';
import { findRef, idOf, marksIn, outlineOf, readPlace } from './layers.ts';
import type { Frame, Outline, Ref } from './layers.ts';
import { orderBy } from './order.ts';
import type { Order, SortKey } from './order.ts';
import type { Reference } from './reference.ts';
import { countFreshness, countStewards, select, total } from './select.ts';
import type { Selection } from './select.ts';
import { streets, suggest } from './suggest.ts';
import type { Recent } from './recent.ts';
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
	/** See `View`. */
	lostAt: number;
	loadedAt: number;
	tombstones: ReadonlyMap<string, Tombstone>;
	recent: Recent;
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
	/**
	 * The last change, as far as this node can tell, that took away something which everyone could read: what was made before may hold what was
	 * withheld, and must not be given any more. Another node, or this one started anew, may name a later one.
	 */
	readonly lostAt: number;
	/** When everything was last read from a database, milliseconds; 0 when nobody knows. Before, it may have been another one. */
	readonly loadedAt: number;
	/** The last changes this node has followed. */
	readonly recent: Recent;
	readonly size: number;
	#state: ViewState;

	constructor(state: ViewState) {
		this.#state = state;
		this.seq = state.seq;
		this.changedAt = state.changedAt;
		this.builtAt = state.builtAt;
		this.lostAt = state.lostAt;
		this.loadedAt = state.loadedAt;
		this.recent = state.recent;
		this.size = state.layers.reduce((sum, { segment, hidden }) => {
			return sum + segment.size - (hidden ? marksIn(hidden) : 0);
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
		const ref = this.find(id);
		return ref && this.read(ref);
	}

	/** The same, not yet read. */
	find(id: string): Ref | null {
		return findRef(this.#state, id);
	}

	/** What everyone may know of a photo: an open place shows it, showed it once, or neither. */
	photo(id: string): 'shown' | 'gone' | null {
		const holds = (index: 'photos' | 'formerPhotos') =>
			this.#state.layers.some(({ segment, hidden }) => segment[index].get(id)?.some((item) => !hidden?.[item]));
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

	/** Those of the filters, ascending by id; the ones after an id, to go on where one stopped, without the first `skip` of them. */
	*select(selection: Selection, after: string | null = null, skip = 0): Generator<Place> {
		for (const ref of this.refs(selection, after, skip)) yield readPlace(this.#state, ref);
	}

	/** The same, not yet read: see `read` and `outline`. */
	*refs(selection: Selection, after: string | null = null, skip = 0): Generator<Ref> {
		let left = skip;
		for (const ref of select(this.#state, selection, after)) if (left-- <= 0) yield ref;
	}

	/** The place of a reference that this view gave. */
	read(ref: Ref): Place {
		return readPlace(this.#state, ref);
	}

	/** @see Outline */
	outline(ref: Ref): Outline {
		return outlineOf(this.#state, ref);
	}

	/** Its line (see record.ts). */
	line({ layer, item }: Ref): Uint8Array {
		return layer.segment.lines.at(item);
	}

	/** Puts references of this view in an order. */
	orderBy(keys: readonly SortKey[]): Order {
		return orderBy(this.#state, keys);
	}

	/** How many those are; none is parsed. */
	total(selection: Selection): number {
		return total(this.#state, selection);
	}

	/** The smallest box that has those in it; null when there are none. */
	extent(selection: Selection): BBox | null {
		return keptExtent(this.#state, selection);
	}

	/** How many of those are how fresh on a day of the territory. */
	countFreshness(selection: Selection, today: string): Record<Freshness, number> {
		return countFreshness(this.#state, selection, dayNumber(today));
	}

	/** How many of those each organisation takes care of. */
	countStewards(selection: Selection): Record<string, number> {
		return countStewards(this.#state, selection);
	}

	/** Every licence that some place is under, sorted. */
	licences(): string[] {
		const otherwise = this.settings.licence.id;
		const known = new Set(this.#state.dictionaries.licences.slugs.map((own) => own || otherwise));
		return [...known].filter((licence) => !select(this.#state, { licence }).next().done).sort(compareText);
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

	/** The lines (see record.ts) of all places, or of those of the filters, ascending by id; none is parsed. */
	*lines(selection?: Selection): Generator<Uint8Array> {
		for (const { layer, item } of selection ? select(this.#state, selection) : this.#ordered())
			yield layer.segment.lines.at(item);
	}

	/** Those of the filters from one id (itself too) up to another (exclusive), not yet read; null for no bound. */
	*refsBetween(selection: Selection, from: string | null, until: string | null): Generator<Ref> {
		for (const ref of select(this.#state, selection, from, true)) {
			if (until !== null && idOf(ref) >= until) return;
			yield ref;
		}
	}

	get tombstones(): ReadonlyMap<string, Tombstone> {
		return this.#state.tombstones;
	}

	/** A page of places: nearest first with `near`, best first with `q`, else by name. `total`, when the caller knows it or does not ask. */
	list(filters: PageFilters = {}, total?: number): Found {
		return find(this.#state, { limit: 50, offset: 0, ...filters }, total);
	}

	/** The same page, its places not yet read. */
	listRefs(filters: PageFilters = {}): FoundRefs {
		return findRefs(this.#state, { limit: 50, offset: 0, ...filters });
	}

	/** @see list */
	search(q: string, filters: PageFilters = {}): Found {
		return this.list({ ...filters, q });
	}

	/** @see list */
	nearby(near: LonLat, filters: PageFilters = {}, total?: number): Found {
		return this.list({ ...filters, near }, total);
	}

	/** The numbers beside the filters; `near`, `limit` and `offset` play no part. `at`: when the open ones are counted. */
	counts(filters: PageFilters = {}, at?: LocalMinute): Readonly<Counts> {
		return keptCount(this.#state, filters, at);
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
		return formatLocalDay(dayOf(this.clock(now)));
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
