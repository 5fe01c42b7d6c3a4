declare module '@vitest/browser/context' {
	interface ScreenshotComparatorRegistry {
		halves: Record<string, unknown>;
	}
}

/** RGBA, row by row. */
export interface Picture {
	data: Uint8Array | Uint8ClampedArray;
	metadata: { width: number; height: number };
}

/** Halves may differ by so little and pass: a flat surface a few levels off does not, an edge drawn by another processor does. See `distance`. */
const tolerance = 32;
/** And so many of their pixels may be further apart: corners and edges of letters, never a whole icon. */
const strays = 8;

/** Half as wide and high, each pixel the mean of four. An odd last row or column goes. */
export function halve({ data, metadata }: Picture): Picture {
	const [width, height] = [metadata.width >> 1, metadata.height >> 1];
	const half = new Uint8ClampedArray(width * height * 4);
	const row = metadata.width * 4;
	for (let y = 0, to = 0; y < height; y++) {
		for (let x = 0, from = 2 * y * row; x < width; x++, from += 8) {
			for (let channel = 0; channel < 4; channel++, to++) {
				const at = from + channel;
				half[to] = (data[at]! + data[at + 4]! + data[at + row]! + data[at + row + 4]!) / 4;
			}
		}
	}
	return { data: half, metadata: { width, height } };
}

/** How far apart two colours look, squared: 0.5 for one level of grey, 32,858 for black and white. In YIQ, as pixelmatch does (https://github.com/mapbox/pixelmatch). */
export function distance(red: number, green: number, blue: number): number {
	const y = red * 0.29889531 + green * 0.58662247 + blue * 0.11448223;
	const i = red * 0.59597799 - green * 0.2741761 - blue * 0.32180189;
	const q = red * 0.21147017 - green * 0.52261711 + blue * 0.31114694;
	return 0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q;
}

/** Which pixels differ, by their number in the row of all. */
function differences(one: Picture, other: Picture): number[] {
	const found: number[] = [];
	const [a, b] = [one.data, other.data];
	for (let at = 0; at < a.length; at += 4) {
		if (distance(a[at]! - b[at]!, a[at + 1]! - b[at + 1]!, a[at + 2]! - b[at + 2]!) > tolerance) found.push(at / 4);
	}
	return found;
}

/** The reference, faded, with what differs in red. */
function marked({ data }: Picture, pixels: number[]): Uint8ClampedArray {
	const picture = data.map((value, at) => (at % 4 === 3 ? 255 : 255 - (255 - value) / 4));
	for (const pixel of pixels) picture.set([220, 0, 60, 255], pixel * 4);
	return new Uint8ClampedArray(picture);
}

/**
 * Compares pictures at half their size, for Vitest's `toMatchScreenshot`: references are kept so, which takes a quarter of the room and does not mind
 * how an edge is smoothed. A reference that was just renewed may still be whole.
 */
export function compareHalves(reference: Picture, actual: Picture, { createDiff }: { createDiff: boolean }) {
	const kept = reference.metadata.width < actual.metadata.width ? reference : halve(reference);
	const seen = halve(actual);
	const size = ({ metadata }: Picture) => `${metadata.width} × ${metadata.height}`;
	if (size(kept) !== size(seen)) {
		return { pass: false, diff: null, message: `Half of it measures ${size(seen)} pixels instead of ${size(kept)}.` };
	}
	const pixels = differences(kept, seen);
	const pass = pixels.length <= strays;
	const diff = createDiff && !pass && kept === reference ? marked(kept, pixels) : null;
	return { pass, diff, message: pass ? null : `${pixels.length} pixels of its half differ.` };
}
