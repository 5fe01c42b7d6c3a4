type Value = string | number | true;

/** What is kept of its memory for the next tile, bytes. */
const usualScratch = 1 << 18;
/** Bytes before the features of a tile: its name and a dozen keys. */
const usualHead = 1 << 10;
/** Bytes of an id and a name, most of the time. */
const usualText = 80;
/** Of a number, at most. */
const varintBytes = 10;

/** Whole, not negative, below 2⁵³. Gives where it ends. */
function putVarint(buffer: Uint8Array, start: number, value: number): number {
	let [at, rest] = [start, value];
	while (rest > 127) {
		buffer[at++] = (rest % 128) | 128;
		rest = Math.floor(rest / 128);
	}
	buffer[at++] = rest;
	return at;
}

/** Bytes of a protocol buffer that grow. https://protobuf.dev/programming-guides/encoding/ */
class Bytes {
	buffer: Buffer;
	length = 0;

	constructor(size = usualScratch) {
		this.buffer = Buffer.allocUnsafeSlow(size);
	}

	room(bytes: number): void {
		if (this.length + bytes <= this.buffer.length) return;
		const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + bytes));
		this.buffer.copy(larger, 0, 0, this.length);
		this.buffer = larger;
	}

	/** Whole, not negative. There must be room. */
	varint(value: number): void {
		this.length = putVarint(this.buffer, this.length, value);
	}

	/** As UTF-8 with its length before it. */
	text(text: string): void {
		this.room(text.length * 3 + varintBytes);
		const bytes = this.buffer.write(text, this.length + 1);
		if (bytes > 127) this.buffer.copyWithin(this.length + sizeOf(bytes), this.length + 1, this.length + 1 + bytes);
		this.varint(bytes);
		this.length += bytes;
	}

	/** Puts a field's number and length before what was written two bytes behind `start`. */
	close(start: number, field: number): void {
		const bytes = this.length - start - 2;
		if (bytes > 127) {
			this.room(varintBytes);
			this.buffer.copyWithin(start + 1 + sizeOf(bytes), start + 2, this.length);
		}
		this.length = start;
		this.varint(field);
		this.varint(bytes);
		this.length += bytes;
	}

	/** A value as the list of a layer's has it. */
	value(value: Value): void {
		this.room(4 * varintBytes);
		const start = this.length;
		// A value is a message of one field, seldom longer than its length of one byte says.
		this.length += 2;
		if (typeof value === 'string') {
			this.varint(ofValue.text);
			this.text(value);
		} else {
			this.varint(typeof value === 'number' ? ofValue.number : ofValue.flag);
			this.varint(Number(value));
		}
		this.close(start, fields.value);
	}
}

const features = new Bytes();
const values = new Bytes();
const part = new Bytes();

/** Numbers of fields, with the kind of what follows in the last three bits. */
const fields = { layer: 26, version: 120, name: 10, feature: 18, key: 26, value: 34, extent: 40 };
const ofValue = { text: 10, number: 40, flag: 56 };
const ofFeature = { tags: 18, type: 24, geometry: 34 };
const [point, moveToOne] = [1, 9];

const sizeOf = (value: number) => (value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4);
const zigzag = (value: number) => (value < 0 ? -value * 2 - 1 : value * 2);

/**
 * The bytes of a Mapbox Vector Tile of one layer of points, written while they are found: no object for each feature, which took most of
 * the time of a tile of a thousand places. https://github.com/mapbox/vector-tile-spec/blob/master/2.1/vector_tile.proto
 * One at a time: they share their memory.
 */
export class TileWriter {
	readonly #layer: { name: string; extent: number };
	readonly #keys = new Map<string, number>();
	readonly #known = new Map<Value, number>();
	#valueCount = 0;

	constructor(layer: { name: string; extent: number }) {
		this.#layer = layer;
		for (const bytes of [features, values]) {
			bytes.length = 0;
			if (bytes.buffer.length > 4 * usualScratch) bytes.buffer = Buffer.allocUnsafeSlow(usualScratch);
		}
	}

	/** The number of a key, for `point`. */
	key(name: string): number {
		let key = this.#keys.get(name);
		if (key === undefined) this.#keys.set(name, (key = this.#keys.size));
		return key;
	}

	/** The number of a value that may come again. */
	value(value: Value): number {
		let known = this.#known.get(value);
		if (known === undefined) {
			values.value(value);
			this.#known.set(value, (known = this.#valueCount++));
		}
		return known;
	}

	/** The numbers of two values that are bytes already and do not come again: the first, and the one after it. */
	pair({ bytes, starts }: Texts, nth: number): number {
		const [from, to] = [starts[nth]!, starts[nth + 1]!];
		values.room(to - from);
		const { buffer, length } = values;
		// So few that asking anybody else to copy them takes longer.
		for (let i = from; i < to; i++) buffer[length + i - from] = bytes[i]!;
		values.length = length + to - from;
		this.#valueCount += 2;
		return this.#valueCount - 2;
	}

	/** A point in parts of the extent, and the numbers of its keys and values in turn. */
	point(x: number, y: number, tags: readonly number[]): void {
		const [dx, dy] = [zigzag(x), zigzag(y)];
		let tagBytes = 0;
		for (let i = 0; i < tags.length; i++) tagBytes += sizeOf(tags[i]!);
		const geometryBytes = 1 + sizeOf(dx) + sizeOf(dy);
		features.room(tagBytes + 8 * varintBytes);
		const { buffer } = features;
		let at = features.length;
		buffer[at++] = fields.feature;
		at = putVarint(buffer, at, 1 + sizeOf(tagBytes) + tagBytes + 2 + 2 + geometryBytes);
		buffer[at++] = ofFeature.tags;
		at = putVarint(buffer, at, tagBytes);
		for (let i = 0; i < tags.length; i++) at = putVarint(buffer, at, tags[i]!);
		buffer[at++] = ofFeature.type;
		buffer[at++] = point;
		buffer[at++] = ofFeature.geometry;
		buffer[at++] = geometryBytes;
		buffer[at++] = moveToOne;
		at = putVarint(buffer, at, dx);
		features.length = putVarint(buffer, at, dy);
	}

	/** The whole tile; no bytes without a feature. */
	finish(): Uint8Array {
		if (features.length === 0) return new Uint8Array(0);
		const head = new Bytes(usualHead);
		head.varint(fields.version);
		head.varint(2);
		head.varint(fields.name);
		head.text(this.#layer.name);
		head.varint(fields.extent);
		head.varint(this.#layer.extent);
		for (const key of this.#keys.keys()) {
			head.room(varintBytes);
			head.varint(fields.key);
			head.text(key);
		}
		part.length = 0;
		part.varint(fields.layer);
		part.varint(head.length + features.length + values.length);
		const parts = [part, head, features, values];
		// Of its own: a tile that is kept must not keep a pool alive.
		const tile = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
		let at = 0;
		for (const { buffer, length } of parts) {
			tile.set(buffer.subarray(0, length), at);
			at += length;
		}
		return tile;
	}
}

/** Pairs of values as a tile has them, one after another. */
export interface Texts {
	bytes: Uint8Array;
	/** Of each pair; the last is beyond the end. */
	starts: Uint32Array;
}

const sliceTexts = 5000;

/**
 * The id and the name of each item of an order, for `TileWriter.pair`: in a tile of a thousand places they are most of the work. Yields
 * now and then.
 */
export function* textsOf(order: Uint32Array, ids: string[], names: string[]): Generator<void, Texts> {
	const all = new Bytes(order.length * usualText);
	const starts = new Uint32Array(order.length + 1);
	for (let nth = 0; nth < order.length; nth++) {
		all.value(ids[order[nth]!]!);
		all.value(names[order[nth]!]!);
		starts[nth + 1] = all.length;
		if (nth % sliceTexts === sliceTexts - 1) yield;
	}
	// Copied: a part of a buffer keeps all of it.
	return { bytes: new Uint8Array(all.buffer.subarray(0, all.length)), starts };
}
