/** Web Mercator on the unit square: x grows eastwards, y southwards; latitudes beyond ±85.05° are clamped. */
export function project(lon: number, lat: number): { x: number; y: number } {
	const sin = Math.sin((lat * Math.PI) / 180);
	const y = 0.5 - (0.25 * Math.log((1 + sin) / (1 - sin))) / Math.PI;
	return { x: lon / 360 + 0.5, y: Math.min(1, Math.max(0, y)) };
}

/** Back from the unit square to degrees. */
export function unproject(x: number, y: number): { lon: number; lat: number } {
	return { lon: (x - 0.5) * 360, lat: (360 * Math.atan(Math.exp((1 - 2 * y) * Math.PI))) / Math.PI - 90 };
}

/** Whether such a tile exists in the XYZ scheme, up to `maxZoom`. */
export function isTile(z: number, x: number, y: number, maxZoom: number): boolean {
	if (![z, x, y].every(Number.isInteger) || z < 0 || z > maxZoom) return false;
	const count = 2 ** z;
	return x >= 0 && x < count && y >= 0 && y < count;
}
