import { bearing } from '@turf/turf';

export const compassPoints = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;
export type CompassPoint = (typeof compassPoints)[number];

/** The eighth of the compass towards which one goes from here to there. */
export function compassPoint(from: { lon: number; lat: number }, to: { lon: number; lat: number }): CompassPoint {
	const degrees = bearing([from.lon, from.lat], [to.lon, to.lat]);
	return compassPoints[Math.round((degrees + 360) / 45) % 8]!;
}
