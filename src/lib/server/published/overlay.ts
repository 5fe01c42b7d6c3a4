import type { Layer } from './layers.ts';
import { itemOf, SegmentBuilder } from './segment.ts';
import type { Dictionaries, Segment } from './segment.ts';
import { compareText } from './text.ts';

/** Lines (see record.ts) by id, each in a buffer of its own; null hides a place of the base. */
export type Changed = Map<string, Uint8Array | null>;

/**
 * What has changed since the base was built, in two segments: a few places, built anew with each batch, over those that changed before, which are
 * built anew when the few have become a hundred. One change costs the same whether it is the first or the two thousandth.
 */
export class Overlay {
	#settled: Changed = new Map();
	#new: Changed = new Map();
	readonly #mostNew: number;
	/** Of `#settled`, and what it hides of the base it lies on; null until somebody looks. */
	#below: { base: Segment; dictionaries: Dictionaries; segment: Segment | null; hidden: Uint8Array | null } | null = null;

	/** A segment costs a fiftieth of a millisecond for each of its places, and that of the newest is built anew with each batch. */
	constructor(mostNew = 100) {
		this.#mostNew = mostNew;
	}

	/** How many entries it has; a place that is both new and settled counts twice. */
	get size(): number {
		return this.#settled.size + this.#new.size;
	}

	set(id: string, line: Uint8Array | null): void {
		this.#new.set(id, line);
	}

	/** Undefined where the base knows best. */
	get(id: string): Uint8Array | null | undefined {
		const line = this.#new.get(id);
		return line === undefined ? this.#settled.get(id) : line;
	}

	/** The base and what lies on it, in layers that no later change touches. */
	over(base: Segment, dictionaries: Dictionaries): Layer[] {
		if (this.#new.size > this.#mostNew) {
			for (const [id, line] of this.#new) this.#settled.set(id, line);
			this.#new.clear();
			this.#below = null;
		}
		const below = this.#belowOver(base, dictionaries);
		const layers: Layer[] = [{ segment: base, hidden: hiding(base, this.#new.keys(), below.hidden) }];
		if (below.segment) layers.push({ segment: below.segment, hidden: hiding(below.segment, this.#new.keys(), null) });
		const newest = segmentOf(this.#new, dictionaries);
		if (newest) layers.push({ segment: newest, hidden: null });
		return layers;
	}

	#belowOver(base: Segment, dictionaries: Dictionaries) {
		if (this.#below?.base !== base || this.#below.dictionaries !== dictionaries)
			this.#below = {
				...{ base, dictionaries, segment: segmentOf(this.#settled, dictionaries) },
				hidden: hiding(base, this.#settled.keys(), null)
			};
		return this.#below;
	}

	/** Everything in it. */
	copy(): Changed {
		return new Map([...this.#settled, ...this.#new]);
	}

	/** Forgets what a base has taken over, but not what has changed again since it was copied. */
	drop(taken: Changed): void {
		for (const [id, line] of taken) {
			if (this.get(id) !== line) continue;
			// Also what it had been before: it would hide what the base knows now.
			this.#new.delete(id);
			this.#settled.delete(id);
		}
		this.#below = null;
	}
}

/** Ascending by id, without those that left. */
export function present(changed: Changed): [id: string, line: Uint8Array][] {
	const entries = [...changed].filter((entry): entry is [string, Uint8Array] => entry[1] !== null);
	return entries.sort(([a], [b]) => compareText(a, b));
}

function segmentOf(changed: Changed, dictionaries: Dictionaries): Segment | null {
	const builder = new SegmentBuilder(dictionaries, false);
	for (const [, line] of present(changed)) builder.add(line);
	return builder.size > 0 ? builder.finish() : null;
}

/** What is hidden of a segment already, and those of the ids that it has; null when that is nothing. */
export function hiding(segment: Segment, ids: Iterable<string>, before: Uint8Array | null): Uint8Array | null {
	let hidden: Uint8Array | null = null;
	for (const id of ids) {
		const item = itemOf(segment, id);
		if (item >= 0) (hidden ??= before?.slice() ?? new Uint8Array(segment.size))[item] = 1;
	}
	return hidden ?? before;
}
