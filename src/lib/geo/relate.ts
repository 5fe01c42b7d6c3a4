import type { Position } from 'geojson';
import { orientation } from './orientation.ts';
import type { Rings, Shape } from './shape.ts';
import { boundsMeet, isOnSegment, locate, locateInPolygons, pointInside } from './shape.ts';

/** How two shapes lie to each other: what of the nine intersections (DE-9IM) the named predicates are made of. */
export interface Relation {
	intersects: boolean;
	/** The dimension of what their interiors share; -1 when they share nothing. */
	interiors: -1 | 0 | 1 | 2;
	/** Whether some of the interior of the first lies outside the second, and the other way round. */
	aOutside: boolean;
	bOutside: boolean;
}

/**
 * How two shapes lie to each other, in the plane. Which points lie on what is decided exactly; only the middle of a stretch between two
 * crossings is rounded, and that lies on nothing. The parts of a collection are taken one by one.
 */
export function relate(a: Shape, b: Shape): Relation {
	if (!boundsMeet(a.bounds, b.bounds)) return { intersects: false, interiors: -1, aOutside: true, bOutside: true };
	const first = compare(a, b);
	const second = compare(b, a);
	const interiors = Math.max(first.interiors, second.interiors) as Relation['interiors'];
	return {
		intersects: interiors >= 0 || first.meets || second.meets,
		interiors,
		aOutside: first.outside || second.inside,
		bOutside: second.outside || first.inside
	};
}

/** The same for a single point, at once: `location` is where it lies in the shape. */
export function relatePoint(x: number, y: number, shape: Shape): Relation {
	const location = locate(shape, x, y);
	return {
		intersects: location !== 'exterior',
		interiors: location === 'interior' ? 0 : -1,
		aOutside: location === 'exterior',
		bOutside: shape.dimension > 0 || shape.points.some((point) => point[0] !== x || point[1] !== y)
	};
}

interface Comparison {
	meets: boolean;
	interiors: Relation['interiors'];
	/** Some of the interior of the first is outside the second. */
	outside: boolean;
	/** Some of the interior of the second is outside the first, because the outline of the first runs through it. */
	inside: boolean;
}

/** What is seen going along the first: its points, its lines, the outlines of its polygons. */
function compare(a: Shape, b: Shape): Comparison {
	const seen: Comparison = { meets: false, interiors: -1, outside: a.dimension > b.dimension, inside: b.dimension > a.dimension };
	const share = (dimension: Relation['interiors']): void => {
		if (dimension > seen.interiors) seen.interiors = dimension;
	};
	for (const [x, y] of a.points as readonly [number, number][]) {
		const location = locate(b, x, y);
		if (location !== 'exterior') seen.meets = true;
		if (location === 'interior') share(0);
		if (location === 'exterior') seen.outside = true;
	}
	for (const line of a.lines) {
		const trace = follow(line, b);
		if (meets(trace)) seen.meets = true;
		if (trace.inside || (trace.along && b.lines.length > 0)) share(1);
		if (trace.outside) seen.outside = true;
		if (b.lines.length > 0 && (trace.crosses || trace.contacts.some((point) => isInterior(a, point) && isInterior(b, point))))
			share(0);
	}
	for (const { rings } of a.polygons) {
		for (const ring of rings) {
			const trace = follow(ring, b);
			if (meets(trace)) seen.meets = true;
			if (trace.inside) {
				share(2);
				seen.inside = true;
			}
			if (trace.outside) seen.outside = true;
		}
		if (b.polygons.length > 0) compareInside(rings, b, seen, share);
	}
	return seen;
}

/** Outlines that never enter the other's interior say nothing when they are the same: a point within does. */
function compareInside(rings: Rings, b: Shape, seen: Comparison, share: (dimension: 2) => void): void {
	const point = pointInside(rings);
	const location = point ? locateInPolygons(b, point[0]!, point[1]!) : 'boundary';
	if (location === 'interior') share(2);
	if (location === 'exterior') seen.outside = true;
}

function meets({ contacts, crosses, along, inside }: Trace): boolean {
	return crosses || along || inside || contacts.length > 0;
}

function isInterior(shape: Shape, point: Position): boolean {
	return locate(shape, point[0]!, point[1]!) === 'interior';
}

interface Trace {
	/** Stretches of the line lie in the interior of a polygon, on a line or an outline, outside. */
	inside: boolean;
	along: boolean;
	outside: boolean;
	/** It crosses a segment between its ends. */
	crosses: boolean;
	/** Ends of segments, of either, that lie on the other. */
	contacts: Position[];
}

/** Goes along a line and says where it runs with regard to the shape. */
function follow(line: readonly Position[], shape: Shape): Trace {
	const trace: Trace = { inside: false, along: false, outside: false, crosses: false, contacts: [] };
	const obstacles = [...shape.lines, ...shape.polygons.flatMap(({ rings }) => rings)];
	for (let index = 1; index < line.length; index++) {
		const [from, to] = [line[index - 1]!, line[index]!];
		if (from[0] === to[0] && from[1] === to[1]) {
			if (locate(shape, from[0]!, from[1]!) !== 'exterior') trace.contacts.push(from);
			continue;
		}
		const { cuts, shared } = meetings(from, to, obstacles, trace);
		for (let cut = 1; cut < cuts.length; cut++) {
			const [start, end] = [cuts[cut - 1]!, cuts[cut]!];
			// Crossings that are the same but for rounding.
			if (end - start < 1e-13) continue;
			const middle = (start + end) / 2;
			if (shared.some(([low, high]) => middle > low && middle < high)) trace.along = true;
			else {
				const x = from[0]! + middle * (to[0]! - from[0]!);
				const y = from[1]! + middle * (to[1]! - from[1]!);
				trace[locateInPolygons(shape, x, y) === 'exterior' ? 'outside' : 'inside'] = true;
			}
		}
	}
	for (const point of shape.points) {
		if (line.some((to, index) => index > 0 && isOnSegment(line[index - 1]!, to, point[0]!, point[1]!)))
			trace.contacts.push(point);
	}
	return trace;
}

/** Where, from 0 to 1, a segment meets others, in order, and the stretches that it shares with them. */
function meetings(from: Position, to: Position, obstacles: readonly (readonly Position[])[], trace: Trace) {
	const [ax, ay, bx, by] = [from[0]!, from[1]!, to[0]!, to[1]!];
	const cuts = [0, 1];
	const shared: [number, number][] = [];
	const along = ([x, y]: Position): number =>
		Math.abs(bx - ax) > Math.abs(by - ay) ? (x! - ax) / (bx - ax) : (y! - ay) / (by - ay);
	for (const obstacle of obstacles) {
		for (let index = 1; index < obstacle.length; index++) {
			const [c, d] = [obstacle[index - 1]!, obstacle[index]!];
			const [cx, cy, dx, dy] = [c[0]!, c[1]!, d[0]!, d[1]!];
			if (Math.max(cx, dx) < Math.min(ax, bx) || Math.min(cx, dx) > Math.max(ax, bx)) continue;
			if (Math.max(cy, dy) < Math.min(ay, by) || Math.min(cy, dy) > Math.max(ay, by)) continue;
			const [sideC, sideD] = [orientation(ax, ay, bx, by, cx, cy), orientation(ax, ay, bx, by, dx, dy)];
			if ((sideC > 0 && sideD > 0) || (sideC < 0 && sideD < 0)) continue;
			const [sideA, sideB] = [orientation(cx, cy, dx, dy, ax, ay), orientation(cx, cy, dx, dy, bx, by)];
			if ((sideA > 0 && sideB > 0) || (sideA < 0 && sideB < 0)) continue;
			if (sideA !== 0 && sideB !== 0 && sideC !== 0 && sideD !== 0) {
				trace.crosses = true;
				cuts.push(sideA / (sideA - sideB));
				continue;
			}
			for (const end of [c, d]) {
				if (!isOnSegment(from, to, end[0]!, end[1]!)) continue;
				trace.contacts.push(end);
				cuts.push(along(end));
			}
			if (isOnSegment(c, d, ax, ay)) trace.contacts.push(from);
			if (isOnSegment(c, d, bx, by)) trace.contacts.push(to);
			if (sideC === 0 && sideD === 0) {
				const [low, high] = [along(c), along(d)].sort((one, other) => one - other);
				shared.push([Math.max(low!, 0), Math.min(high!, 1)]);
			}
		}
	}
	return { cuts: cuts.filter((cut) => cut >= 0 && cut <= 1).sort((one, other) => one - other), shared };
}
