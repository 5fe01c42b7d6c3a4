interface LonLat {
	lon: number;
	lat: number;
}

const earthRadius = 6_371_000;
const radians = Math.PI / 180;

/** Great-circle distance in metres (haversine, the sphere geokdbush uses too). */
export function distance(from: LonLat, to: LonLat): number {
	const sinLat = Math.sin(((to.lat - from.lat) * radians) / 2);
	const sinLon = Math.sin(((to.lon - from.lon) * radians) / 2);
	const h = sinLat * sinLat + Math.cos(from.lat * radians) * Math.cos(to.lat * radians) * sinLon * sinLon;
	return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)));
}
