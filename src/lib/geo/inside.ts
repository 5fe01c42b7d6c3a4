import { booleanPointInPolygon } from '@turf/turf';
import type { MultiPolygon, Polygon } from 'geojson';

/** Whether a polygon covers a point, its border included. Degrees. */
export function isInside(polygon: Polygon | MultiPolygon, lon: number, lat: number): boolean {
	return booleanPointInPolygon([lon, lat], polygon);
}
