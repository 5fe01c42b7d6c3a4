import KDBush from 'kdbush';
import { project } from '../../geo/tile.ts';
import type { Place } from '../../domain/place.ts';
import { fields, PostingsBuilder } from './postings.ts';
import type { Postings } from './postings.ts';
import { decodePlace, encodePlace } from './record.ts';
import { fold } from './text.ts';

/** Slugs as small numbers, shared by the segments; it only grows. */
export class Dictionary {
	readonly slugs: string[] = [];
	#codes = new Map<string, number>();

	code(slug: string): number {
		let code = this.#codes.get(slug);
		if (code === undefined) {
			this.#codes.set(slug, (code = this.slugs.length));
			this.slugs.push(slug);
		}
		return code;
	}

	/** −1 when no place ever had it. */
	find(slug: string): number {
		return this.#codes.get(slug) ?? -1;
	}
}

export interface Dictionaries {
	categories: Dictionary;
	/** The empty slug stands for "outside". */
	areas: Dictionary;
}

export const newDictionaries = (): Dictionaries => ({ categories: new Dictionary(), areas: new Dictionary() });

/**
 * Places by item number, ascending by id: columns for what is filtered and drawn, bytes for the rest. Never changed once built:
 * changes make a second, small segment that hides items of the first.
 */
export interface Segment {
	size: number;
	ids: string[];
	names: string[];
	/** Folded names, and the items in their order (then by id). */
	sortKeys: string[];
	byName: Uint32Array;
	/** 0 service, 1 initiative */
	kinds: Uint8Array;
	categories: Uint32Array;
	areas: Uint32Array;
	lon: Float64Array;
	lat: Float64Array;
	/** Web Mercator on the unit square. */
	x: Float64Array;
	y: Float64Array;
	tree: KDBush;
	postings: Postings;
	itemOf: Map<string, number>;
	bytes: Uint8Array[];
}

/** The bytes of an item, as `encodePlace` wrote them. */
export function recordOf(segment: Segment, item: number): Uint8Array {
	return segment.bytes[item]!;
}

const decoder = new TextDecoder();

/** The whole place of an item, parsed anew: whoever receives it may keep it. */
export function placeAt(segment: Segment, item: number): Place {
	return decodePlace(decoder.decode(recordOf(segment, item)));
}

const slabBytes = 1 << 22;

/** Builds a segment from places added in ascending order of id. */
export class SegmentBuilder {
	#dictionaries: Dictionaries;
	#ids: string[] = [];
	#names: string[] = [];
	#columns: { kind: number; category: number; area: number; lon: number; lat: number }[] = [];
	#postings = new PostingsBuilder();
	#bytes: Uint8Array[] = [];
	#slab = Buffer.alloc(0);
	#used = 0;

	constructor(dictionaries: Dictionaries) {
		this.#dictionaries = dictionaries;
	}

	get size(): number {
		return this.#ids.length;
	}

	/** `record` saves encoding again what is known already. */
	add(place: Place, record?: Uint8Array): void {
		const item = this.#ids.length;
		const { facts } = place;
		this.#ids.push(place.id);
		this.#names.push(facts.name);
		this.#columns.push({
			kind: place.kind === 'service' ? 0 : 1,
			category: this.#dictionaries.categories.code(place.category),
			area: this.#dictionaries.areas.code(place.area ?? ''),
			lon: place.position.lon,
			lat: place.position.lat
		});
		this.#postings.add(item, fields.name, facts.name);
		if (facts.summary) this.#postings.add(item, fields.text, facts.summary);
		for (const offer of place.offers) this.#postings.add(item, fields.text, offer.name);
		for (const text of [facts.address, facts.postcode, facts.city]) if (text) this.#postings.add(item, fields.where, text);
		this.#bytes.push(this.#keep(record ?? Buffer.from(encodePlace(place))));
	}

	/** Copies into slabs of 4 MB outside the heap: neither 100,000 small buffers nor one that must be copied to grow. */
	#keep(record: Uint8Array): Uint8Array {
		if (this.#used + record.length > this.#slab.length) {
			this.#slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, record.length));
			this.#used = 0;
		}
		const start = this.#used;
		this.#slab.set(record, start);
		this.#used += record.length;
		return this.#slab.subarray(start, this.#used);
	}

	finish(): Segment {
		const size = this.#ids.length;
		const sortKeys = this.#names.map(fold);
		const column = (value: (i: number) => number) => Float64Array.from({ length: size }, (_, i) => value(i));
		const lon = column((i) => this.#columns[i]!.lon);
		const lat = column((i) => this.#columns[i]!.lat);
		const tree = new KDBush(size);
		for (let i = 0; i < size; i++) tree.add(lon[i]!, lat[i]!);
		return {
			size,
			ids: this.#ids,
			names: this.#names,
			sortKeys,
			byName: orderByName(sortKeys, this.#ids),
			kinds: Uint8Array.from(this.#columns, ({ kind }) => kind),
			categories: Uint32Array.from(this.#columns, ({ category }) => category),
			areas: Uint32Array.from(this.#columns, ({ area }) => area),
			lon,
			lat,
			x: column((i) => project(lon[i]!, lat[i]!).x),
			y: column((i) => project(lon[i]!, lat[i]!).y),
			tree: tree.finish(),
			postings: this.#postings.finish(),
			itemOf: new Map(this.#ids.map((id, item) => [id, item])),
			bytes: this.#bytes
		};
	}
}

function orderByName(keys: string[], ids: string[]): Uint32Array {
	const items = Array.from(keys, (_, item) => item);
	items.sort((a, b) => compareText(keys[a]!, keys[b]!) || compareText(ids[a]!, ids[b]!));
	return Uint32Array.from(items);
}

/** By code unit: the same on every node, whatever its locale data. */
export function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
