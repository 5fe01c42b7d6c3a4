import type { Geometry, Position } from 'geojson';
import { orientation } from './orientation.ts';

/** Rings of a polygon: the outline, then its holes. */
export type Rings = readonly (readonly Position[])[];

/** A geometry taken apart, with the box around it: west, south, east, north, in the plane. */
export interface Shape {
	points: readonly Position[];
	lines: readonly (readonly Position[])[];
	polygons: readonly Polygon[];
	bounds: Bounds;
	/** Of its largest part. */
	dimension: 0 | 1 | 2;
}
interface Polygon {
	rings: Rings;
	/** Both ends of every edge of every ring, four numbers each: what is asked of thousands of points has to be quick. */
	edges: Float64Array;
	bounds: Bounds;
}
export type Bounds = readonly [number, number, number, number];
/** Where a point lies; the ends of a line are its boundary. */
export type Location = 'interior' | 'boundary' | 'exterior';

/** Takes a geometry apart. */
export function shapeOf(geometry: Geometry): Shape {
	const points: Position[] = [];
	const lines: Position[][] = [];
	const polygons: Position[][][] = [];
	collect(geometry, points, lines, polygons);
	const bounds = boundsOf([...points, ...lines.flat(), ...polygons.flatMap((rings) => rings[0] ?? [])]);
	return {
		points,
		lines,
		polygons: polygons.map((rings) => ({ rings, edges: edgesOf(rings), bounds: boundsOf(rings[0] ?? []) })),
		bounds,
		dimension: polygons.length > 0 ? 2 : lines.length > 0 ? 1 : 0
	};
}

function collect(geometry: Geometry, points: Position[], lines: Position[][], polygons: Position[][][]): void {
	switch (geometry.type) {
		case 'Point':
			points.push(geometry.coordinates);
			break;
		case 'MultiPoint':
			points.push(...geometry.coordinates);
			break;
		case 'LineString':
			lines.push(geometry.coordinates);
			break;
		case 'MultiLineString':
			lines.push(...geometry.coordinates);
			break;
		case 'Polygon':
			polygons.push(geometry.coordinates);
			break;
		case 'MultiPolygon':
			polygons.push(...geometry.coordinates);
			break;
		case 'GeometryCollection':
			for (const each of geometry.geometries) collect(each, points, lines, polygons);
	}
}

function edgesOf(rings: Rings): Float64Array {
	return Float64Array.from(
		rings.flatMap((ring) => ring.slice(1).flatMap(([x, y], index) => [...ring[index]!.slice(0, 2), x!, y!]))
	);
}

function boundsOf(positions: readonly Position[]): Bounds {
	let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const position of positions) {
		const [x, y] = [position[0]!, position[1]!];
		if (x < west) west = x;
		if (x > east) east = x;
		if (y < south) south = y;
		if (y > north) north = y;
	}
	return [west, south, east, north];
}

export function boundsMeet(a: Bounds, b: Bounds): boolean {
	return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

export function inBounds([west, south, east, north]: Bounds, x: number, y: number): boolean {
	return x >= west && x <= east && y >= south && y <= north;
}

/** Where a point lies in a shape: in the interior of any part, else on the boundary of any. */
export function locate(shape: Shape, x: number, y: number): Location {
	if (!inBounds(shape.bounds, x, y)) return 'exterior';
	let location = locateInPolygons(shape, x, y);
	if (location === 'interior' || shape.points.some((point) => point[0] === x && point[1] === y)) return 'interior';
	const inLines = locateInLines(shape.lines, x, y);
	if (inLines !== 'exterior') location = inLines;
	return location;
}

export function locateInPolygons({ polygons }: Shape, x: number, y: number): Location {
	let location: Location = 'exterior';
	for (const { edges, bounds } of polygons) {
		const found = inBounds(bounds, x, y) ? locateInPolygon(edges, x, y) : 'exterior';
		if (found === 'interior') return found;
		if (found === 'boundary') location = found;
	}
	return location;
}

function locateInPolygon(edges: Float64Array, x: number, y: number): Location {
	let inside = false;
	for (let index = 0; index < edges.length; index += 4) {
		const ay = edges[index + 1]!;
		const by = edges[index + 3]!;
		if ((ay > y && by > y) || (ay < y && by < y)) continue;
		const ax = edges[index]!;
		const bx = edges[index + 2]!;
		if (ax < x && bx < x) continue;
		const straddles = ay > y !== by > y;
		if (ax > x && bx > x) {
			if (straddles) inside = !inside;
			continue;
		}
		const side = orientation(ax, ay, bx, by, x, y);
		if (side === 0) return 'boundary';
		if (straddles && side > 0 === by > ay) inside = !inside;
	}
	return inside ? 'interior' : 'exterior';
}

function locateInLines(lines: Shape['lines'], x: number, y: number): Location {
	let ends = 0;
	let carried = false;
	for (const line of lines) {
		const [first, last] = [line[0]!, line.at(-1)!];
		if (first[0] === x && first[1] === y) ends += 1;
		if (last[0] === x && last[1] === y) ends += 1;
		for (let index = 1; index < line.length && !carried; index++) carried = isOnSegment(line[index - 1]!, line[index]!, x, y);
	}
	if (!carried) return 'exterior';
	return ends % 2 === 1 ? 'boundary' : 'interior';
}

/** Whether a point lies on a segment, ends included. */
export function isOnSegment(a: Position, b: Position, x: number, y: number): boolean {
	const [ax, ay, bx, by] = [a[0]!, a[1]!, b[0]!, b[1]!];
	if (x < Math.min(ax, bx) || x > Math.max(ax, bx) || y < Math.min(ay, by) || y > Math.max(ay, by)) return false;
	return orientation(ax, ay, bx, by, x, y) === 0;
}

/** A point in the interior of a polygon; null for one without area. */
export function pointInside(rings: Rings): Position | null {
	const heights = [...new Set(rings.flat().map((position) => position[1]!))].sort((a, b) => a - b);
	const middle = Math.floor(heights.length / 2);
	const [below, above] = [heights[middle - 1], heights[middle]];
	if (below === undefined || above === undefined) return null;
	const y = (below + above) / 2;
	const crossings = rings.flatMap((ring) =>
		ring.slice(1).flatMap((b, index) => {
			const a = ring[index]!;
			if (a[1]! > y === b[1]! > y) return [];
			return [a[0]! + ((y - a[1]!) / (b[1]! - a[1]!)) * (b[0]! - a[0]!)];
		})
	);
	crossings.sort((a, b) => a - b);
	let widest = 0;
	let x: number | null = null;
	for (let index = 1; index < crossings.length; index += 2) {
		const [from, to] = [crossings[index - 1]!, crossings[index]!];
		if (to - from > widest) [widest, x] = [to - from, (from + to) / 2];
	}
	return x === null ? null : [x, y];
}
