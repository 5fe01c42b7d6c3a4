import type { Place, Tombstone } from '../../domain/place.ts';
import { Losses } from './losses.ts';
import { Openings } from './openings.ts';
import { Recent } from './recent.ts';
import { mergeChanges } from './merge.ts';
import { Overlay } from './overlay.ts';
import { makeReference } from './reference.ts';
import type { ReferenceRows } from './reference.ts';
import { encodeLine } from './record.ts';
import { itemOf, newDictionaries, SegmentBuilder } from './segment.ts';
import type { Dictionaries, Segment } from './segment.ts';
import { View } from './view.ts';
import type { Change } from './view.ts';

/**
 * How many of the last changes `/data/changes` and its feeds are answered from: weeks of a metropolis, or a whole import with what it
 * corrects. Six megabytes, and twenty requests of a start. At the same sequence number every node remembers the same.
 */
export const recentLength = 20_000;

/** Lets requests in between: the work of minutes must never hold up one of milliseconds. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

export interface SnapshotParts {
	base: Segment;
	dictionaries: Dictionaries;
	reference: ReferenceRows;
	tombstones: Map<string, Tombstone>;
	seq: number;
	last: Change | null;
	recent: Change[];
	/** See `View`. */
	loadedAt: number;
	/** Up to this change the places may be in a newer state than the sequence number says. */
	aheadTo: number;
	now: () => number;
}

/** What one batch of changes does. */
export interface Batch {
	seq: number;
	/** Present rows of the changed places; null where there is none any more. */
	places: Map<string, Place | null>;
	tombstones: Map<string, Tombstone>;
	reference: Partial<ReferenceRows>;
	changes: Change[];
}

/** The published truth as it grows: a large segment, and the changes since on top of it. `compact` folds them together in slices between requests. */
export class Snapshot {
	view: View;
	/** The last change this snapshot contains: the database must still know it, else it is not the database we followed. */
	last: Change | null;
	reference: ReferenceRows;
	#dictionaries: Dictionaries;
	#base: Segment;
	#overlay = new Overlay();
	#tombstones: Map<string, Tombstone>;
	#recent: Recent;
	#openings: Openings;
	#seq: number;
	#losses: Losses;
	#loadedAt: number;
	#compacting = false;
	#now: () => number;

	constructor(parts: SnapshotParts) {
		this.#base = parts.base;
		this.#dictionaries = parts.dictionaries;
		this.reference = parts.reference;
		this.#tombstones = parts.tombstones;
		this.#openings = new Openings(parts.reference.settings);
		this.#seq = parts.seq;
		this.#losses = new Losses(parts);
		this.#loadedAt = parts.loadedAt;
		this.#recent = new Recent(parts.recent);
		this.#now = parts.now;
		this.last = parts.last;
		this.view = this.#look(makeReference(parts.reference));
	}

	/** How many places wait for the next compaction. */
	get pending(): number {
		return this.#overlay.size;
	}

	/** Swaps in a view with the batch applied: all of it or nothing. */
	apply(batch: Batch): void {
		const renamed = Object.keys(batch.reference).length > 0;
		if (renamed) this.reference = { ...this.reference, ...batch.reference };
		const reference = renamed ? makeReference(this.reference) : this.view.reference;
		for (const [id, place] of batch.places) {
			const line = place && alone(encodeLine(place, reference.categoryBySlug.get(place.category)));
			this.#losses.compare(batch.seq, id, this.#lineOf(id), line);
			this.#overlay.set(id, line);
		}
		this.#losses.hear(batch.changes);
		this.#tombstones = withTombstones(this.#tombstones, batch);
		this.#seq = batch.seq;
		this.last = batch.changes.at(-1) ?? this.last;
		this.#recent = this.#recent.and(batch.changes, recentLength);
		this.view = this.#look(reference);
	}

	/** The feed has nothing more to name: no place is in a newer state than the sequence number says. */
	caughtUp(): void {
		this.#losses.caughtUp();
	}

	#lineOf(id: string): Uint8Array | null {
		const changed = this.#overlay.get(id);
		if (changed !== undefined) return changed;
		const item = itemOf(this.#base, id);
		return item < 0 ? null : this.#base.lines.at(item);
	}

	/** Folds the changes into the base, a slice at a time; changes that arrive meanwhile stay on top. */
	async compact(): Promise<void> {
		if (this.#compacting || this.#overlay.size === 0) return;
		this.#compacting = true;
		try {
			const captured = this.#overlay.copy();
			const merged = await mergeChanges({ segment: this.#base, dictionaries: this.#dictionaries }, captured, breathe);
			this.#base = merged.segment;
			this.#dictionaries = merged.dictionaries;
			this.#overlay.drop(captured);
			this.view = this.#look(this.view.reference);
		} finally {
			this.#compacting = false;
		}
	}

	#look(reference: View['reference']): View {
		if (Openings.keyOf(reference.settings) !== this.#openings.key) this.#openings = new Openings(reference.settings);
		return new View({
			layers: this.#overlay.over(this.#base, this.#dictionaries),
			reference,
			dictionaries: this.#dictionaries,
			openings: this.#openings,
			seq: this.#seq,
			changedAt: this.last?.at ?? null,
			builtAt: this.#now(),
			lostAt: this.#losses.lastAt,
			loadedAt: this.#loadedAt,
			tombstones: this.#tombstones,
			recent: this.#recent
		});
	}
}

/** Bytes of their own: a small buffer is a part of a pool of 64 kB, which two thousand waiting lines would keep alive each. */
function alone(line: Buffer): Buffer {
	const own = Buffer.allocUnsafeSlow(line.length);
	line.copy(own);
	return own;
}

/** The same map when nothing in it changes. */
function withTombstones(known: Map<string, Tombstone>, { places, tombstones }: Batch): Map<string, Tombstone> {
	const back = [...places].filter(([id, place]) => place && known.has(id));
	if (back.length === 0 && tombstones.size === 0) return known;
	const after = new Map(known);
	for (const [id] of back) after.delete(id);
	for (const [id, tombstone] of tombstones) after.set(id, tombstone);
	return after;
}

/** A snapshot that knows nothing yet: for tests and for an empty database. */
export function emptyParts(reference: ReferenceRows, now: () => number): SnapshotParts {
	const dictionaries = newDictionaries();
	const base = new SegmentBuilder(dictionaries).finish();
	return { base, dictionaries, reference, tombstones: new Map(), seq: 0, last: null, recent: [], loadedAt: 0, aheadTo: 0, now };
}
