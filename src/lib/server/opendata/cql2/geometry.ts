import type { Position } from 'geojson';
import type { Where } from './where.ts';
import { fail } from './where.ts';

/** The positions of a line, of which there are two at least. */
export function checkLine(positions: Position[], where: Where): Position[] {
	if (positions.length < 2) fail(where, 'expected two positions or more in a line');
	return positions;
}

/** The positions of a ring: four at least, the last of which is the first. */
export function checkRing(positions: Position[], where: Where): Position[] {
	const [first, last] = [positions[0], positions.at(-1)];
	if (positions.length < 4) fail(where, 'expected four positions or more in a ring of a polygon');
	if (first![0] !== last![0] || first![1] !== last![1]) fail(where, 'expected a ring of a polygon to end where it begins');
	return positions;
}
