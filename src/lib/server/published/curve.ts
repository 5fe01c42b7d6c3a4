import { project } from '../../geo/tile.ts';

/** Bits of a position on each axis: a centimetre, and sums of a million of them are exact, in whatever order they are added. */
export const positionBits = 32;
/** The zoom of the squares that a Z-shaped curve goes through (https://en.wikipedia.org/wiki/Z-order_curve), one after the other. */
export const curveZoom = 16;
const half = positionBits - curveZoom;

/** A share of the world's side in parts of 2³². */
export const quantised = (share: number) => Math.min(2 ** positionBits - 1, Math.max(0, Math.floor(share * 2 ** positionBits)));

/** Which square on the curve a position in parts of 2³² is in. */
export function squareOf(x: number, y: number): number {
	return interleave(x >>> half, y >>> half);
}

/** Which square on the curve a place is in, 600 m wide at the equator: neighbours have numbers that are near each other. */
export function squareAt(lon: number, lat: number): number {
	const { x, y } = project(lon, lat);
	return squareOf(quantised(x), quantised(y));
}

/** Two numbers of 16 bits, bit by bit. */
export function interleave(x: number, y: number): number {
	return (spread(x) | (spread(y) << 1)) >>> 0;
}

function spread(bits: number): number {
	let wide = bits;
	wide = (wide | (wide << 8)) & 0x00ff00ff;
	wide = (wide | (wide << 4)) & 0x0f0f0f0f;
	wide = (wide | (wide << 2)) & 0x33333333;
	return (wide | (wide << 1)) & 0x55555555;
}
