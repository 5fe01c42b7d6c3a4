import type { Crs } from '../../geo/crs.ts';
import { written } from '../../geo/crs.ts';
import { dayNumber, freshnessLevels, freshnessOn } from '../../domain/freshness.ts';
import type { Freshness } from '../../domain/freshness.ts';
import type { Outline, Ref } from '../published/layers.ts';
import { featureOf } from './geojson.ts';
import type { Edition, PlaceFeature } from './geojson.ts';

/** Bytes of `[],`: the piece of no photos. */
const noPhotos = 3;
/** Bytes that a feature has beyond what is kept of it and the public origin, at the very most: its theme of now, its freshness, its position. */
const framing = 256;
const beforePosition = '{"type":"Feature","id":"","geometry":{"type":"Point","coordinates":['.length;
const afterPosition = ']'.charCodeAt(0);
const closing = '}'.charCodeAt(0);
const nothing = Buffer.alloc(0);
const freshnessTexts = Object.fromEntries(
	freshnessLevels.map((level) => [level, Buffer.from(`"freshness":"${level}",`)] as const)
) as Record<Freshness, Buffer>;

/** The feature of a place, its position in the system asked for. */
export function placedFeature(ref: Ref, edition: Edition, output: Crs): PlaceFeature {
	const feature = featureOf(edition.view.read(ref), edition);
	const [lon, lat] = feature.geometry.coordinates as [number, number];
	feature.geometry.coordinates = written(output, lon, lat);
	return feature;
}

/**
 * Writes features as text, byte for byte what `JSON.stringify` makes of `placedFeature`, out of pieces of the lines that the snapshot keeps:
 * parsing a place and writing it out again takes thirty times as long. What depends on the day, on the category of now, on the public origin
 * and on the system asked for is put between.
 */
export class FeatureWriter {
	#bytes: Buffer = nothing;
	/** Bytes to begin with. */
	#size: number;
	#length = 0;
	#edition: Edition;
	#output: Crs;
	#today: number;
	#origin: Buffer;
	#themes = new Map<string, Buffer>();

	/** @param memory to begin with, or how many bytes of it; more is taken as it must be */
	constructor(edition: Edition, output: Crs, memory: number | Buffer = 1 << 16) {
		this.#edition = edition;
		this.#output = output;
		this.#today = dayNumber(edition.today);
		this.#origin = Buffer.from(edition.origin);
		if (typeof memory === 'number') this.#size = memory;
		else this.#size = (this.#bytes = memory).length;
	}

	get length(): number {
		return this.#length;
	}

	text(text: string): void {
		this.#reserve(text.length * 3);
		this.#length += this.#bytes.write(text, this.#length);
	}

	/** @param before what separates it from the one before */
	feature(ref: Ref, before?: Uint8Array): void {
		const outline = this.#edition.view.outline(ref);
		const { slab, start, cuts, first, theme } = outline;
		const [begin, path, themeFrom, themeTo] = [cuts[first]!, cuts[first + 1]!, cuts[first + 2]!, cuts[first + 3]!];
		const [assurances, end] = [cuts[first + 6]!, cuts[first + 7]!];
		this.#reserve(end - begin + this.#origin.length + framing);
		if (before) this.#few(before);
		if (theme === null || cuts[first + 5]! - cuts[first + 4]! > noPhotos) {
			this.text(JSON.stringify(placedFeature(ref, this.#edition, this.#output)));
			return;
		}
		this.#place(outline, start + begin, start + path, end - begin);
		this.#few(this.#origin);
		const text = this.#themeText(theme);
		if (isSame(text, slab, start + themeFrom, start + themeTo)) this.#copy(slab, start + path, start + assurances);
		else {
			this.#copy(slab, start + path, start + themeFrom);
			this.#few(text);
			this.#copy(slab, start + themeTo, start + assurances);
		}
		this.#few(freshnessTexts[freshnessOn(outline, this.#today)]);
		this.#copy(slab, start + assurances, start + end);
		this.#bytes[this.#length++] = closing;
	}

	/** Of the feature that was written last. */
	foreignMember(name: string, value: number): void {
		// In the place of its last brace.
		this.#length--;
		this.text(`,${JSON.stringify(name)}:${value}}`);
	}

	/** The beginning of a feature, with its position in the system asked for. `size`: of the whole feature. */
	#place({ slab, id, lon, lat }: Outline, from: number, to: number, size: number): void {
		const [a, b] = written(this.#output, lon, lat);
		if (a === lon && b === lat) return this.#copy(slab, from, to);
		const position = from + beforePosition + id.length;
		this.#copy(slab, from, position);
		this.text(`${a},${b}`);
		this.#reserve(size + this.#origin.length + framing);
		this.#copy(slab, slab.indexOf(afterPosition, position), to);
	}

	#themeText(theme: string): Buffer {
		let text = this.#themes.get(theme);
		if (!text) this.#themes.set(theme, (text = Buffer.from(theme)));
		return text;
	}

	/** What was written since; the writer begins anew, with memory of its own once more is written. */
	take(): Buffer {
		const taken = this.#bytes.subarray(0, this.#length);
		this.#size = this.#bytes.length;
		this.#bytes = nothing;
		this.#length = 0;
		return taken;
	}

	#copy(slab: Uint8Array, from: number, to: number): void {
		this.#bytes.set(slab.subarray(from, to), this.#length);
		this.#length += to - from;
	}

	/** So few that asking anybody else to copy them takes longer. */
	#few(bytes: Uint8Array): void {
		const [into, at] = [this.#bytes, this.#length];
		for (let i = 0; i < bytes.length; i++) into[at + i] = bytes[i]!;
		this.#length = at + bytes.length;
	}

	#reserve(more: number): void {
		if (this.#length + more <= this.#bytes.length) return;
		const wider = Buffer.allocUnsafe(Math.max(this.#size, this.#bytes.length * 2, this.#length + more));
		this.#bytes.copy(wider, 0, 0, this.#length);
		this.#bytes = wider;
	}
}

/** Whether that part of a slab is these bytes. */
function isSame(bytes: Uint8Array, slab: Uint8Array, from: number, to: number): boolean {
	if (to - from !== bytes.length) return false;
	for (let i = 0; i < bytes.length; i++) if (bytes[i] !== slab[from + i]) return false;
	return true;
}
