/** west, south, east, north in degrees; west > east crosses the antimeridian (RFC 7946 §5.2). */
export type BBox = [number, number, number, number];

/** Whether a point lies in the box, edges included. */
export function bboxContains([west, south, east, north]: BBox, lon: number, lat: number): boolean {
	if (lat < south || lat > north) return false;
	return west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
}

/** Parses `west,south,east,north`; null when it is not a box on earth. */
export function parseBBox(text: string): BBox | null {
	const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
	const [west, south, east, north] = numbers;
	if (numbers.length !== 4 || west === undefined || south === undefined || east === undefined || north === undefined) return null;
	if (![west, south, east, north].every(Number.isFinite) || south > north) return null;
	if (Math.abs(west) > 180 || Math.abs(east) > 180 || south < -90 || north > 90) return null;
	return [west, south, east, north];
}
