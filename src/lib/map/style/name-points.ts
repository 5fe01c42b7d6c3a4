/** An area as the map draws it. */
export type MapAreas = GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, { name: string; level: string }>;

const scanlines = 24;

/**
 * Where each area's name is written: once, in the middle of its widest stretch from west to east, because names are wide. MapLibre alone
 * would write a polygon's name again in each tile that it touches.
 */
export function namePoints(areas: MapAreas): GeoJSON.FeatureCollection<GeoJSON.Point> {
	const features = areas.features.map(({ geometry, properties }): GeoJSON.Feature<GeoJSON.Point> => {
		const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
		// A dash belongs to the end of a line, not to the beginning of the next.
		const name = properties.name.replaceAll(' – ', '\u00a0– ');
		return {
			type: 'Feature',
			properties: { name, level: properties.level },
			geometry: { type: 'Point', coordinates: widestMiddle(polygons) }
		};
	});
	return { type: 'FeatureCollection', features };
}

function widestMiddle(polygons: GeoJSON.Position[][][]): GeoJSON.Position {
	const lats = polygons.flat(2).map((position) => position[1] ?? 0);
	const [south, north] = [Math.min(...lats), Math.max(...lats)];
	let best = { score: -1, position: polygons[0]?.[0]?.[0] ?? [0, 0] };
	for (let line = 1; line < scanlines; line++) {
		const share = line / scanlines;
		const lat = south + (north - south) * share;
		// A stretch near the middle is worth more than one as wide at the edge.
		const weight = 1 - Math.abs(share - 0.5);
		for (const polygon of polygons) {
			const crossings = polygon.flatMap((ring) => ringCrossings(ring, lat)).sort((a, b) => a - b);
			for (let i = 0; i + 1 < crossings.length; i += 2) {
				const [west = 0, east = 0] = [crossings[i], crossings[i + 1]];
				const score = (east - west) * weight;
				if (score > best.score) best = { score, position: [(west + east) / 2, lat] };
			}
		}
	}
	return best.position;
}

/** Longitudes where a ring crosses a parallel. */
function ringCrossings(ring: GeoJSON.Position[], lat: number): number[] {
	const crossings: number[] = [];
	for (let i = 1; i < ring.length; i++) {
		const [x1 = 0, y1 = 0] = ring[i - 1] ?? [];
		const [x2 = 0, y2 = 0] = ring[i] ?? [];
		if (y1 > lat !== y2 > lat) crossings.push(x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
	}
	return crossings;
}
