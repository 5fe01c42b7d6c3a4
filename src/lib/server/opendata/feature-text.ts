import type { Crs } from '../../geo/crs.ts';
import { written } from '../../geo/crs.ts';
import { dayNumber, freshnessLevels, freshnessOn } from '../../domain/freshness.ts';
import type { Freshness } from '../../domain/freshness.ts';
import type { Outline, Ref } from '../published/layers.ts';
import { featureOf } from './geojson.ts';
import type { Edition, PlaceFeature } from './geojson.ts';

/** Bytes of `[],`: the piece of no photos. */
const noPhotos = 3;
/** Bytes that a feature has beyond its line and the public origin, at the very most. */
const framing = 256;
const beforePosition = '{"type":"Feature","id":"","geometry":{"type":"Point","coordinates":['.length;
const afterPosition = ']'.charCodeAt(0);
const closing = '}'.charCodeAt(0);
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
	#bytes: Buffer;
	#length = 0;
	#edition: Edition;
	#output: Crs;
	#today: number;
	#origin: Buffer;
	#themes = new Map<string, Buffer>();

	/** @param size bytes to begin with; it grows as it must */
	constructor(edition: Edition, output: Crs, size = 1 << 16) {
		this.#edition = edition;
		this.#output = output;
		this.#today = dayNumber(edition.today);
		this.#origin = Buffer.from(edition.origin);
		this.#bytes = Buffer.allocUnsafe(size);
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
		const { line, cuts, first, theme } = outline;
		this.#reserve(line.length + this.#origin.length + framing);
		if (before) this.#few(before);
		if (theme === null || cuts[first + 5]! - cuts[first + 4]! > noPhotos) {
			this.text(JSON.stringify(placedFeature(ref, this.#edition, this.#output)));
			return;
		}
		this.#place(line, cuts[first]!, cuts[first + 1]!, outline);
		this.#few(this.#origin);
		const [themeFrom, themeTo] = [cuts[first + 2]!, cuts[first + 3]!];
		const text = this.#themeText(theme);
		if (isSame(text, line, themeFrom, themeTo)) this.#copy(line, cuts[first + 1]!, cuts[first + 6]!);
		else {
			this.#copy(line, cuts[first + 1]!, themeFrom);
			this.#few(text);
			this.#copy(line, themeTo, cuts[first + 6]!);
		}
		this.#few(freshnessTexts[freshnessOn(outline, this.#today)]);
		this.#copy(line, cuts[first + 6]!, cuts[first + 7]!);
		this.#bytes[this.#length++] = closing;
	}

	/** Of the feature that was written last. */
	foreignMember(name: string, value: number): void {
		// In the place of its last brace.
		this.#length--;
		this.text(`,${JSON.stringify(name)}:${value}}`);
	}

	/** The beginning of a feature, with its position in the system asked for. */
	#place(line: Uint8Array, from: number, to: number, { id, lon, lat }: Outline): void {
		const [a, b] = written(this.#output, lon, lat);
		if (a === lon && b === lat) return this.#copy(line, from, to);
		const start = from + beforePosition + id.length;
		this.#copy(line, from, start);
		this.text(`${a},${b}`);
		this.#reserve(line.length + framing);
		this.#copy(line, line.indexOf(afterPosition, start), to);
	}

	#themeText(theme: string): Buffer {
		let text = this.#themes.get(theme);
		if (!text) this.#themes.set(theme, (text = Buffer.from(theme)));
		return text;
	}

	/** What was written since; the writer begins anew. */
	take(): Buffer {
		const taken = this.#bytes.subarray(0, this.#length);
		this.#bytes = Buffer.allocUnsafe(this.#bytes.length);
		this.#length = 0;
		return taken;
	}

	#copy(line: Uint8Array, from: number, to: number): void {
		this.#bytes.set(line.subarray(from, to), this.#length);
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
		const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
		this.#bytes.copy(wider, 0, 0, this.#length);
		this.#bytes = wider;
	}
}

/** Whether that part of a line is these bytes. */
function isSame(bytes: Uint8Array, line: Uint8Array, from: number, to: number): boolean {
	if (to - from !== bytes.length) return false;
	for (let i = 0; i < bytes.length; i++) if (bytes[i] !== line[from + i]) return false;
	return true;
}
