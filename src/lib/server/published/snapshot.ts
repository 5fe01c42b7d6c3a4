import type { Place, Tombstone } from '../../domain/place.ts';
import { Openings } from './openings.ts';
import { makeReference } from './reference.ts';
import type { ReferenceRows } from './reference.ts';
import { encodeLine } from './record.ts';
import { newDictionaries, SegmentBuilder } from './segment.ts';
import type { Dictionaries, Segment } from './segment.ts';
import { compareText } from './text.ts';
import { View } from './view.ts';
import type { Change } from './view.ts';

/** How far back `/data/changes` can be answered from memory. */
export const recentLength = 5000;
const sliceItems = 500;

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

/**
 * The published truth as it grows: a large segment, and the changes since in a small one that is built anew at each batch (a thousand
 * places take 30 ms). `compact` folds them together in slices between requests.
 */
export class Snapshot {
	view: View;
	/** The last change this snapshot contains: the database must still know it, else it is not the database we followed. */
	last: Change | null;
	reference: ReferenceRows;
	#dictionaries: Dictionaries;
	#base: Segment;
	/** Lines (see record.ts) by id; null hides a place of the base. */
	#changed: Changed = new Map();
	#tombstones: Map<string, Tombstone>;
	#recent: Change[];
	#openings: Openings;
	#seq: number;
	#compacting = false;
	#now: () => number;

	constructor(parts: SnapshotParts) {
		this.#base = parts.base;
		this.#dictionaries = parts.dictionaries;
		this.reference = parts.reference;
		this.#tombstones = parts.tombstones;
		this.#openings = new Openings(parts.reference.settings);
		this.#seq = parts.seq;
		this.#recent = parts.recent;
		this.#now = parts.now;
		this.last = parts.last;
		this.view = this.#look(makeReference(parts.reference));
	}

	/** How many places wait for the next compaction. */
	get pending(): number {
		return this.#changed.size;
	}

	/** Swaps in a view with the batch applied: all of it or nothing. */
	apply(batch: Batch): void {
		const renamed = Object.keys(batch.reference).length > 0;
		if (renamed) this.reference = { ...this.reference, ...batch.reference };
		const reference = renamed ? makeReference(this.reference) : this.view.reference;
		for (const [id, place] of batch.places)
			this.#changed.set(id, place && encodeLine(place, reference.categoryBySlug.get(place.category)));
		const tombstones = new Map(this.#tombstones);
		for (const [id, place] of batch.places) if (place) tombstones.delete(id);
		for (const [id, tombstone] of batch.tombstones) tombstones.set(id, tombstone);
		this.#tombstones = tombstones;
		this.#seq = batch.seq;
		this.last = batch.changes.at(-1) ?? this.last;
		this.#recent = [...this.#recent, ...batch.changes].slice(-recentLength);
		this.view = this.#look(reference);
	}

	/** Folds the changes into the base, a slice at a time; changes that arrive meanwhile stay on top. */
	async compact(): Promise<void> {
		if (this.#compacting || this.#changed.size === 0) return;
		this.#compacting = true;
		try {
			const captured = new Map(this.#changed);
			// Anew: hours that no place has any more are forgotten with the changes that took them away.
			const dictionaries = newDictionaries();
			const builder = new SegmentBuilder(dictionaries);
			const copy = isWasteful(this.#base);
			for (const [line, isNew] of merge(this.#base, captured)) {
				builder.add(line, copy || isNew);
				if (builder.size % sliceItems === 0) await breathe();
			}
			this.#base = await builder.finishSlowly(breathe);
			this.#dictionaries = dictionaries;
			for (const [id, line] of captured) if (this.#changed.get(id) === line) this.#changed.delete(id);
			this.view = this.#look(this.view.reference);
		} finally {
			this.#compacting = false;
		}
	}

	#look(reference: View['reference']): View {
		if (Openings.keyOf(reference.settings) !== this.#openings.key) this.#openings = new Openings(reference.settings);
		const builder = new SegmentBuilder(this.#dictionaries);
		for (const [, line] of present(this.#changed)) builder.add(line, true);
		let hidden: Uint8Array | null = null;
		for (const id of this.#changed.keys()) {
			const item = this.#base.itemOf.get(id);
			if (item !== undefined) (hidden ??= new Uint8Array(this.#base.size))[item] = 1;
		}
		const layers = [{ segment: this.#base, hidden }];
		if (builder.size > 0) layers.push({ segment: builder.finish(), hidden: null });
		return new View({
			layers,
			reference,
			dictionaries: this.#dictionaries,
			openings: this.#openings,
			seq: this.#seq,
			changedAt: this.last?.at ?? null,
			builtAt: this.#now(),
			tombstones: this.#tombstones,
			recent: this.#recent
		});
	}
}

type Changed = Map<string, Uint8Array | null>;

/** Ascending by id, without those that left. */
function present(changed: Changed): [id: string, line: Uint8Array][] {
	const entries = [...changed].filter((entry): entry is [string, Uint8Array] => entry[1] !== null);
	return entries.sort(([a], [b]) => compareText(a, b));
}

/** Base and changes in one ascending pass. */
function* merge(base: Segment, changed: Changed): Generator<[line: Uint8Array, isNew: boolean]> {
	const added = present(changed);
	let next = 0;
	for (let item = 0; item < base.size; item++) {
		const id = base.ids[item]!;
		while (next < added.length && compareText(added[next]![0], id) < 0) yield [added[next++]![1], true];
		if (!changed.has(id)) yield [base.lines[item]!, false];
	}
	while (next < added.length) yield [added[next++]![1], true];
}

/** Whether a third of what the lines keep in memory are lines of the past. */
function isWasteful({ lines }: Segment): boolean {
	let alive = 0;
	let kept = 0;
	for (const buffer of new Set(lines.map((line) => line.buffer))) kept += buffer.byteLength;
	for (const line of lines) alive += line.length;
	return alive < kept * (2 / 3);
}

/** A snapshot that knows nothing yet: for tests and for an empty database. */
export function emptyParts(reference: ReferenceRows, now: () => number): SnapshotParts {
	const dictionaries = newDictionaries();
	const base = new SegmentBuilder(dictionaries).finish();
	return { base, dictionaries, reference, tombstones: new Map(), seq: 0, last: null, recent: [], now };
}
