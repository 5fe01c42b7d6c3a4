import { bboxContains } from './bbox.ts';
import type { BBox } from './bbox.ts';
import type { Crs } from './crs.ts';

export interface Box {
	/** A box of degrees that has in it all that the other has. */
	cover: BBox;
	/** Whether a position is in the box as asked; null when `cover` is that box. */
	contains: ((lon: number, lat: number) => boolean) | null;
}

/** A box's edges are curves in degrees: so many steps along each, and a little room for what lies between two of them. */
const steps = 16;
const room = 0.01;

/**
 * The box of four or six numbers in a system: lower corner, upper corner, axes in the system's order, heights in third place. A first
 * longitude that is greater than the second crosses the antimeridian. Null when it is no box of that system.
 */
export function boxIn(crs: Crs, numbers: readonly number[]): Box | null {
	const [a1, b1, a2, b2] = numbers.length === 6 ? [0, 1, 3, 4].map((i) => numbers[i]!) : numbers;
	if (a1 === undefined || b1 === undefined || a2 === undefined || b2 === undefined) return null;
	const low = crs.toLonLat([a1, b1]);
	const high = crs.toLonLat([a2, b2]);
	if (!low || !high) return null;
	if (crs.aligned) return low[1] > high[1] || (isMetres(crs) && a1 > a2) ? null : exact([...low, ...high]);
	if (a1 > a2 || b1 > b2) return null;
	const edge = along([a1, b1, a2, b2]).map((pair) => crs.toLonLat(pair));
	if (edge.some((position) => position === null)) return null;
	const [lons, lats] = [edge.map((position) => position![0]), edge.map((position) => position![1])];
	return {
		cover: [
			Math.max(-180, Math.min(...lons) - room),
			Math.max(-90, Math.min(...lats) - room),
			Math.min(180, Math.max(...lons) + room),
			Math.min(90, Math.max(...lats) + room)
		],
		contains: (lon, lat) => {
			const [a, b] = crs.fromLonLat(lon, lat);
			return a >= a1 && a <= a2 && b >= b1 && b <= b2;
		}
	};
}

const isMetres = ({ decimals }: Crs) => decimals < 7;
const exact = (cover: BBox): Box => ({ cover, contains: null });

function along([a1, b1, a2, b2]: BBox): [number, number][] {
	const shares = Array.from({ length: steps + 1 }, (_, i) => i / steps);
	return shares.flatMap((share): [number, number][] => {
		const [a, b] = [a1 + (a2 - a1) * share, b1 + (b2 - b1) * share];
		return [
			[a, b1],
			[a, b2],
			[a1, b],
			[a2, b]
		];
	});
}

/** What both boxes have in common; null when nothing. Neither crosses the antimeridian, else the first is all that is said. */
export function narrower(one: BBox, other: BBox): BBox | null {
	if (one[0] > one[2] || other[0] > other[2]) return one;
	const both: BBox = [
		Math.max(one[0], other[0]),
		Math.max(one[1], other[1]),
		Math.min(one[2], other[2]),
		Math.min(one[3], other[3])
	];
	return both[0] <= both[2] && both[1] <= both[3] ? both : null;
}

/** Whether a position is in a box. */
export const inBox = ({ cover, contains }: Box, lon: number, lat: number): boolean =>
	bboxContains(cover, lon, lat) && (contains === null || contains(lon, lat));
