import { distance as turfDistance } from '@turf/turf';

interface LonLat {
	lon: number;
	lat: number;
}

/** Great-circle distance in metres (haversine). */
export function distance(from: LonLat, to: LonLat): number {
	return turfDistance([from.lon, from.lat], [to.lon, to.lat], { units: 'meters' });
}
