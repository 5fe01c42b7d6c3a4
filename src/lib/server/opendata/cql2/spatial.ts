import type { Geometry, Position } from 'geojson';
import type { Relation } from '../../../geo/relate.ts';
import { relate, relatePoint } from '../../../geo/relate.ts';
import type { Shape } from '../../../geo/shape.ts';
import { shapeOf } from '../../../geo/shape.ts';
import type { Box, SpatialFunction } from './expression.ts';
import { FilterSyntaxError } from './expression.ts';

/** From the reference system of the filter to longitude and latitude. */
export type ToLonLat = (position: [number, number]) => [number, number];

interface Pair {
	relation: Relation;
	/** Their dimensions. */
	a: number;
	b: number;
}

/** The predicates of simple features (OGC 21-065r2, table 4; 06-103r4 §6.1.15.3). */
const predicates: Readonly<Record<SpatialFunction, (pair: Pair) => boolean>> = {
	s_intersects: ({ relation }) => relation.intersects,
	s_disjoint: ({ relation }) => !relation.intersects,
	s_touches: ({ relation }) => relation.intersects && relation.interiors === -1,
	s_within: ({ relation }) => relation.interiors >= 0 && !relation.aOutside,
	s_contains: ({ relation }) => relation.interiors >= 0 && !relation.bOutside,
	s_equals: ({ relation, a, b }) => a === b && relation.interiors >= 0 && !relation.aOutside && !relation.bOutside,
	s_overlaps: ({ relation, a, b }) => a === b && relation.interiors === a && relation.aOutside && relation.bOutside,
	s_crosses: ({ relation, a, b }) => {
		if (a === b) return a === 1 && relation.interiors === 0;
		return relation.interiors >= 0 && (a < b ? relation.aOutside : relation.bOutside);
	}
};

/** The same predicate with its sides exchanged. */
const converses: Partial<Record<SpatialFunction, SpatialFunction>> = { s_within: 's_contains', s_contains: 's_within' };

export function converse(op: SpatialFunction): SpatialFunction {
	return converses[op] ?? op;
}

/** Whether a geometry stands in that relation to a shape; points, which places are, take a short way. */
export function isRelated(op: SpatialFunction, geometry: Geometry, shape: Shape, shapes: (geometry: Geometry) => Shape): boolean {
	if (geometry.type === 'Point') {
		const [x, y] = geometry.coordinates;
		return predicates[op]({ relation: relatePoint(x!, y!, shape), a: 0, b: shape.dimension });
	}
	return areRelated(op, shapes(geometry), shape);
}

export function areRelated(op: SpatialFunction, a: Shape, b: Shape): boolean {
	return predicates[op]({ relation: relate(a, b), a: a.dimension, b: b.dimension });
}

/** A literal geometry in longitude and latitude, taken apart once for all places. */
export function literalShape(literal: Geometry | Box, crs?: ToLonLat): Shape {
	return shapeOf('bbox' in literal && !('type' in literal) ? boxGeometry(literal, crs) : projected(literal as Geometry, crs));
}

/** West, south, east and north of a box that is one in longitude and latitude too; west is greater beyond the antimeridian. */
export function lonLatBox({ bbox }: Box, crs?: ToLonLat): [number, number, number, number] | null {
	const [x1, y1, x2, y2] = bbox;
	if (!crs) return [x1, y1, x2, y2];
	const [low, high] = [lonLat(crs, x1, y1), lonLat(crs, x2, y2)];
	// Its other corners, and the middle of its edges: a box may be even and bend all the same.
	const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
	const corners = [lonLat(crs, x1, y2), lonLat(crs, x2, y1)];
	const middles = [lonLat(crs, x, y1), lonLat(crs, x, y2), lonLat(crs, x1, y), lonLat(crs, x2, y)];
	const upright =
		corners.every(([lon, lat]) => (lon === low[0] || lon === high[0]) && (lat === low[1] || lat === high[1])) &&
		middles.every(([lon, lat]) => lon === low[0] || lon === high[0] || lat === low[1] || lat === high[1]);
	return upright ? [low[0], low[1], high[0], high[1]] : null;
}

/** How many straight pieces stand for an edge that bends in longitude and latitude. */
const piecesOfEdge = 16;

function boxGeometry(box: Box, crs?: ToLonLat): Geometry {
	const [x1, y1, x2, y2] = box.bbox;
	const upright = lonLatBox(box, crs);
	if (upright) {
		const [west, south, east, north] = upright;
		if (south > north)
			throw new FilterSyntaxError('A box needs its lower corner before its upper corner: its south lies north of its north.');
		if (west <= east) return { type: 'Polygon', coordinates: [ring(west, south, east, north)] };
		return { type: 'MultiPolygon', coordinates: [[ring(west, south, 180, north)], [ring(-180, south, east, north)]] };
	}
	if (x1 > x2 || y1 > y2) throw new FilterSyntaxError('A box needs its lower corner before its upper corner.');
	const corners = ring(x1, y1, x2, y2);
	const outline = corners.slice(1).flatMap((to, index) =>
		Array.from({ length: piecesOfEdge }, (_, step) => {
			const from = corners[index]!;
			const share = step / piecesOfEdge;
			return [from[0]! + share * (to[0]! - from[0]!), from[1]! + share * (to[1]! - from[1]!)];
		})
	);
	return projected({ type: 'Polygon', coordinates: [[...outline, corners[0]!]] }, crs);
}

function ring(west: number, south: number, east: number, north: number): Position[] {
	return [
		[west, south],
		[east, south],
		[east, north],
		[west, north],
		[west, south]
	];
}

function projected(geometry: Geometry, crs?: ToLonLat): Geometry {
	if (!crs) return geometry;
	const position = ([x, y]: Position): Position => lonLat(crs, x!, y!);
	switch (geometry.type) {
		case 'Point':
			return { ...geometry, coordinates: position(geometry.coordinates) };
		case 'MultiPoint':
		case 'LineString':
			return { ...geometry, coordinates: geometry.coordinates.map(position) };
		case 'MultiLineString':
		case 'Polygon':
			return { ...geometry, coordinates: geometry.coordinates.map((line) => line.map(position)) };
		case 'MultiPolygon':
			return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map((line) => line.map(position))) };
		case 'GeometryCollection':
			return { ...geometry, geometries: geometry.geometries.map((each) => projected(each, crs)) };
	}
}

function lonLat(crs: ToLonLat, x: number, y: number): [number, number] {
	const position = crs([x, y]);
	if (!position.every(Number.isFinite)) throw new FilterSyntaxError('A geometry lies where its reference system ends.');
	return position;
}
