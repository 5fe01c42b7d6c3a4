import type { Mask, Rectangle } from '../../domain/photo.ts';

interface Measures {
	width: number;
	height: number;
	/** 1 grey, 3 colour; 2 and 4 with transparency last. */
	channels: number;
}

/** Dark enough to be seen as a mask on anything. */
const ink = 48;

/** 0.1 + 0.2 is a little more than 0.3: not a pixel more. */
const rounding = 1e-6;

/** Paints over what the mask covers, in place: a blur can be guessed back, a flat colour cannot. Rows of `data` have no gaps. */
export function paintMask(data: Uint8Array, measures: Measures, { rectangles, strokes }: Mask): void {
	for (const rectangle of rectangles) paintRectangle(data, measures, rectangle);
	for (const { radius, points } of strokes) {
		points.forEach((point, index) => paintSegment(data, measures, points[index - 1] ?? point, point, radius));
	}
}

function cover(data: Uint8Array, { width, channels }: Measures, x: number, y: number): void {
	const at = (y * width + x) * channels;
	const colours = channels > 2 ? 3 : 1;
	data.fill(ink, at, at + colours);
	if (channels === 2 || channels === 4) data[at + colours] = 255;
}

function paintRectangle(data: Uint8Array, measures: Measures, { x, y, width, height }: Rectangle): void {
	const right = Math.min(measures.width, Math.ceil((x + width) * measures.width - rounding));
	const bottom = Math.min(measures.height, Math.ceil((y + height) * measures.height - rounding));
	for (let row = Math.floor(y * measures.height); row < bottom; row++) {
		for (let column = Math.floor(x * measures.width); column < right; column++) cover(data, measures, column, row);
	}
}

type Point = readonly [number, number];

/** Every pixel nearer to the segment than the radius. */
function paintSegment(data: Uint8Array, measures: Measures, from: Point, to: Point, radius: number): void {
	const { width, height } = measures;
	const reach = radius * Math.max(width, height);
	const [ax, ay, bx, by] = [from[0] * width, from[1] * height, to[0] * width, to[1] * height];
	const length = (bx - ax) ** 2 + (by - ay) ** 2;
	const [top, bottom] = [
		Math.max(0, Math.floor(Math.min(ay, by) - reach)),
		Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach))
	];
	const [left, right] = [
		Math.max(0, Math.floor(Math.min(ax, bx) - reach)),
		Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach))
	];
	for (let y = top; y <= bottom; y++) {
		for (let x = left; x <= right; x++) {
			const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
			if ((ax + along * (bx - ax) - x) ** 2 + (ay + along * (by - ay) - y) ** 2 <= reach ** 2) cover(data, measures, x, y);
		}
	}
}
