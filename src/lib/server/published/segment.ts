import KDBush from 'kdbush';
import type { Place } from '../../domain/place.ts';
import { fields, PostingsBuilder } from './postings.ts';
import type { Postings } from './postings.ts';
import { squareAt } from './curve.ts';
import { LinesBuilder } from './lines.ts';
import type { Lines } from './lines.ts';
import { cardOf, placeOf } from './record.ts';
import { Tally } from './tally.ts';
import { compareText, wordsIn } from './text.ts';

/** Slugs, or any text that many places share, as small numbers, shared by the segments; it grows until the next compaction. */
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
	/** See `scheduleOfText`; the empty one says nothing. */
	schedules: Dictionary;
	/** Sets of languages, see `Card`. */
	languages: Dictionary;
	/** The empty one stands for the territory's licence, for nobody. */
	licences: Dictionary;
	stewards: Dictionary;
}

export const newDictionaries = (): Dictionaries => ({
	categories: new Dictionary(),
	areas: new Dictionary(),
	schedules: new Dictionary(),
	languages: new Dictionary(),
	licences: new Dictionary(),
	stewards: new Dictionary()
});

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
	/** Where each item stands in that order. */
	nameRanks: Uint32Array;
	/** 0 service, 1 initiative */
	kinds: Uint8Array;
	categories: Uint32Array;
	areas: Uint32Array;
	schedules: Uint32Array;
	languages: Uint32Array;
	licences: Uint32Array;
	stewards: Uint32Array;
	/** Sets as bits, in the order of the options in domain/facts.ts. */
	wheelchair: Uint8Array;
	costs: Uint8Array;
	audiences: Uint16Array;
	/** Days since 1970; 0 when something that matters was never vouched for. */
	verified: Int32Array;
	/** Days since 1970 from which it is not fresh any more, and stale. */
	ageingFrom: Int32Array;
	staleFrom: Int32Array;
	/** Microseconds since 1970. */
	updated: Float64Array;
	lon: Float64Array;
	lat: Float64Array;
	tree: KDBush;
	postings: Postings;
	/** Items, ascending, by the photos they show, and by those they showed once. */
	photos: Map<string, number[]>;
	formerPhotos: Map<string, number[]>;
	lines: Lines;
	tally: Tally;
}

/** The item of a place; −1 when it is not in the segment. */
export function itemOf({ ids }: Segment, id: string): number {
	const item = firstFrom(ids, id);
	return ids[item] === id ? item : -1;
}

/** The first of ascending texts that is not less than another. */
export function firstFrom(ascending: string[], text: string): number {
	let [low, high] = [0, ascending.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (compareText(ascending[middle]!, text) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The whole place of an item, parsed anew: whoever receives it may keep it. */
export function placeAt(segment: Segment, item: number): Place {
	return placeOf(segment.lines.at(item));
}

/** Builds a segment from the lines of places (see record.ts) added in ascending order of id. */
export class SegmentBuilder {
	#dictionaries: Dictionaries;
	#ids: string[] = [];
	#names: string[] = [];
	#sortKeys: string[] = [];
	#kinds: number[] = [];
	#categories: number[] = [];
	#areas: number[] = [];
	#schedules: number[] = [];
	#languages: number[] = [];
	#licences: number[] = [];
	#stewards: number[] = [];
	#wheelchair: number[] = [];
	#costs: number[] = [];
	#audiences: number[] = [];
	#verified: number[] = [];
	#ageingFrom: number[] = [];
	#staleFrom: number[] = [];
	#updated: number[] = [];
	#lon: number[] = [];
	#lat: number[] = [];
	#postings = new PostingsBuilder();
	#lines: LinesBuilder;
	#photos = new Map<string, number[]>();
	#formerPhotos = new Map<string, number[]>();

	/** @param copies see `LinesBuilder` */
	constructor(dictionaries: Dictionaries, copies = true) {
		this.#dictionaries = dictionaries;
		this.#lines = new LinesBuilder(copies);
	}

	get size(): number {
		return this.#ids.length;
	}

	add(line: Uint8Array): void {
		const card = cardOf(line);
		const item = this.#ids.length;
		this.#ids.push(card.id);
		this.#names.push(card.name);
		this.#sortKeys.push(card.sortKey);
		this.#kinds.push(card.kind === 'service' ? 0 : 1);
		this.#categories.push(this.#dictionaries.categories.code(card.category));
		this.#areas.push(this.#dictionaries.areas.code(card.area));
		this.#schedules.push(this.#dictionaries.schedules.code(card.schedule));
		this.#languages.push(this.#dictionaries.languages.code(card.languages));
		this.#licences.push(this.#dictionaries.licences.code(card.licence));
		this.#stewards.push(this.#dictionaries.stewards.code(card.steward));
		this.#wheelchair.push(card.wheelchair);
		this.#costs.push(card.costs);
		this.#audiences.push(card.audiences);
		this.#verified.push(card.verified);
		this.#ageingFrom.push(card.ageingFrom);
		this.#staleFrom.push(card.staleFrom);
		this.#updated.push(card.updated);
		this.#lon.push(card.lon);
		this.#lat.push(card.lat);
		this.#postings.add(item, fields.name, wordsIn(card.sortKey));
		if (card.text !== '') this.#postings.add(item, fields.text, card.text.split(' '));
		if (card.where !== '') this.#postings.add(item, fields.where, card.where.split(' '));
		for (const id of card.photos) note(this.#photos, id, item);
		for (const id of card.formerPhotos) note(this.#formerPhotos, id, item);
		this.#lines.add(line, card.cuts, squareAt(card.lon, card.lat));
	}

	/** From now on nobody looks at the lines that were added, when they are copied. */
	settle(): void {
		this.#lines.settle();
	}

	/** The same as `finish`; `breathe` is awaited between its steps, for an import that changed thousands. */
	async finishSlowly(breathe: () => Promise<void>): Promise<Segment> {
		await breathe();
		const byName = orderByName(this.#sortKeys, this.#ids);
		await breathe();
		const postings = this.#postings.finish();
		await breathe();
		return this.#assemble(byName, postings);
	}

	finish(): Segment {
		return this.#assemble(orderByName(this.#sortKeys, this.#ids), this.#postings.finish());
	}

	#assemble(byName: Uint32Array, postings: Postings): Segment {
		const size = this.#ids.length;
		const lon = Float64Array.from(this.#lon);
		const lat = Float64Array.from(this.#lat);
		return {
			size,
			ids: this.#ids,
			names: this.#names,
			sortKeys: this.#sortKeys,
			byName,
			nameRanks: ranksOf(byName),
			kinds: Uint8Array.from(this.#kinds),
			categories: Uint32Array.from(this.#categories),
			areas: Uint32Array.from(this.#areas),
			schedules: Uint32Array.from(this.#schedules),
			languages: Uint32Array.from(this.#languages),
			licences: Uint32Array.from(this.#licences),
			stewards: Uint32Array.from(this.#stewards),
			wheelchair: Uint8Array.from(this.#wheelchair),
			costs: Uint8Array.from(this.#costs),
			audiences: Uint16Array.from(this.#audiences),
			verified: Int32Array.from(this.#verified),
			ageingFrom: Int32Array.from(this.#ageingFrom),
			staleFrom: Int32Array.from(this.#staleFrom),
			updated: Float64Array.from(this.#updated),
			lon,
			lat,
			tree: treeOf({ size, lon, lat }),
			postings,
			photos: this.#photos,
			formerPhotos: this.#formerPhotos,
			lines: this.#lines.finish(),
			tally: new Tally(size)
		};
	}
}

/** Adds an item to those of a photo. */
export function note(items: Map<string, number[]>, photo: string, item: number): void {
	const known = items.get(photo);
	if (known) known.push(item);
	else items.set(photo, [item]);
}

/** For whoever asks what is near. */
export function treeOf({ size, lon, lat }: Pick<Segment, 'size' | 'lon' | 'lat'>): KDBush {
	const tree = new KDBush(size);
	for (let item = 0; item < size; item++) tree.add(lon[item]!, lat[item]!);
	return tree.finish();
}

/** Where each stands in an order of all. */
export function ranksOf(order: Uint32Array): Uint32Array {
	const ranks = new Uint32Array(order.length);
	for (let rank = 0; rank < order.length; rank++) ranks[order[rank]!] = rank;
	return ranks;
}

function orderByName(keys: string[], ids: string[]): Uint32Array {
	const items = Array.from(keys, (_, item) => item);
	items.sort((a, b) => compareText(keys[a]!, keys[b]!) || compareText(ids[a]!, ids[b]!));
	return Uint32Array.from(items);
}
