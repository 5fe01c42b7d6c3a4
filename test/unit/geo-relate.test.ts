import fc from 'fast-check';
import type { Geometry, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { orientation } from '../../src/lib/geo/orientation.ts';
import { relate, relatePoint } from '../../src/lib/geo/relate.ts';
import type { Relation } from '../../src/lib/geo/relate.ts';
import { locate, pointInside, shapeOf } from '../../src/lib/geo/shape.ts';

const line = (...coordinates: Position[]): Geometry => ({ type: 'LineString', coordinates });
const polygon = (...rings: Position[][]): Geometry => ({
	type: 'Polygon',
	coordinates: rings.map((ring) => [...ring, ring[0]!])
});
const box = (west: number, south: number, east: number, north: number): Position[] => [
	[west, south],
	[east, south],
	[east, north],
	[west, north]
];
const square = polygon(box(0, 0, 4, 4));
const ring = polygon(box(0, 0, 4, 4), box(1, 1, 3, 3));
const cross: Geometry = {
	type: 'MultiLineString',
	coordinates: [
		[
			[0, 2],
			[4, 2]
		],
		[
			[2, 0],
			[2, 4]
		]
	]
};
const point = (x: number, y: number): Geometry => ({ type: 'Point', coordinates: [x, y] });

/** As letters: meets, dimension of the shared interior, a outside b, b outside a. */
const letters = ({ intersects, interiors, aOutside, bOutside }: Relation) =>
	`${intersects ? 'meets' : 'apart'} ${interiors === -1 ? '-' : interiors} ${aOutside ? 'a' : '-'}${bOutside ? 'b' : '-'}`;

describe('how two geometries lie to each other', () => {
	it.each<[string, Geometry, Geometry, string]>([
		['squares side by side', square, polygon(box(4, 1, 6, 3)), 'meets - ab'],
		['squares at a corner', square, polygon(box(4, 4, 6, 6)), 'meets - ab'],
		['squares that overlap', square, polygon(box(2, 2, 6, 6)), 'meets 2 ab'],
		['squares whose outlines cross, no corner in the other', square, polygon(box(1, -1, 3, 5)), 'meets 2 ab'],
		['a square in another', polygon(box(1, 1, 2, 2)), square, 'meets 2 -b'],
		['a square in the corner of another', polygon(box(0, 0, 2, 2)), square, 'meets 2 -b'],
		[
			'the same square, begun elsewhere',
			polygon([...box(0, 0, 4, 4).slice(2), ...box(0, 0, 4, 4).slice(0, 2)]),
			square,
			'meets 2 --'
		],
		['the same square, the other way round', polygon(box(0, 0, 4, 4).reverse()), square, 'meets 2 --'],
		['the same square with one position more', polygon([[2, 0], ...box(0, 0, 4, 4).slice(1), [0, 0]]), square, 'meets 2 --'],
		['a square that fills a hole', polygon(box(1, 1, 3, 3)), ring, 'meets - ab'],
		['a square in a hole', polygon(box(1.5, 1.5, 2, 2)), ring, 'apart - ab'],
		['a ring and the square it was cut from', ring, square, 'meets 2 -b'],
		['squares far apart', square, polygon(box(5, 5, 6, 6)), 'apart - ab'],
		['a line along an outline', line([1, 0], [3, 0]), square, 'meets - -b'],
		['a line from an outline outwards', line([4, 2], [6, 2]), square, 'meets - ab'],
		['a line through', line([-1, 2], [5, 2]), square, 'meets 1 ab'],
		['a line inside, from side to side', line([0, 2], [4, 2]), square, 'meets 1 -b'],
		['a line over a hole', line([0.5, 2], [3.5, 2]), ring, 'meets 1 ab'],
		['lines that cross', line([0, 0], [2, 2]), line([0, 2], [2, 0]), 'meets 0 ab'],
		['lines that share a stretch', line([0, 0], [2, 2]), line([1, 1], [3, 3]), 'meets 1 ab'],
		['a line in another', line([1, 1], [2, 2]), line([0, 0], [3, 3]), 'meets 1 -b'],
		['lines end to end', line([0, 0], [1, 1]), line([1, 1], [2, 0]), 'meets - ab'],
		['a line that ends on another', line([0, 0], [1, 1]), line([0, 2], [2, 0]), 'meets - ab'],
		['lines that cross where both bend', line([0, 0], [1, 1], [2, 2]), line([0, 2], [1, 1], [2, 0]), 'meets 0 ab'],
		['a line over the crossing of two', line([1, 1], [3, 3]), cross, 'meets 0 ab'],
		['a point on the end of a line', point(0, 0), line([0, 0], [3, 3]), 'meets - -b'],
		['a point on a line', point(1, 1), line([0, 0], [3, 3]), 'meets 0 -b'],
		['a point on a corner', point(0, 0), square, 'meets - -b'],
		['a point in a hole', point(2, 2), ring, 'apart - ab'],
		[
			'a point among others',
			point(1, 1),
			{
				type: 'MultiPoint',
				coordinates: [
					[0, 0],
					[1, 1]
				]
			},
			'meets 0 -b'
		],
		['a point and itself', point(1, 1), point(1, 1), 'meets 0 --']
	])('%s', (_, a, b, expected) => {
		const turned = expected.replace(/(\S)(\S)$/, (_, a, b) => (b === 'b' ? 'a' : '-') + (a === 'a' ? 'b' : '-'));
		expect(letters(relate(shapeOf(a), shapeOf(b)))).toBe(expected);
		expect(letters(relate(shapeOf(b), shapeOf(a)))).toBe(turned);
		if (a.type === 'Point') expect(letters(relatePoint(a.coordinates[0]!, a.coordinates[1]!, shapeOf(b)))).toBe(expected);
	});

	it('is the same the other way round, and when both are moved', () => {
		const number = fc.integer({ min: 0, max: 5 });
		const position = fc.tuple(number, number);
		const geometry = fc.oneof(
			position.map(([x, y]) => point(x, y)),
			fc.array(position, { minLength: 2, maxLength: 4 }).map((positions) => line(...positions)),
			fc.tuple(position, position, position).map((positions) => polygon(positions))
		);
		const moved = (value: Geometry): Geometry =>
			JSON.parse(JSON.stringify(value), (_, each: unknown) => (typeof each === 'number' ? each * 8 - 1024 : each)) as Geometry;
		fc.assert(
			fc.property(geometry, geometry, (a, b) => {
				const relation = relate(shapeOf(a), shapeOf(b));
				expect(relate(shapeOf(b), shapeOf(a))).toEqual({ ...relation, aOutside: relation.bOutside, bOutside: relation.aOutside });
				expect(relate(shapeOf(moved(a)), shapeOf(moved(b)))).toEqual(relation);
			}),
			{ numRuns: 500, seed: 1 }
		);
	});

	it('is told exactly: a point that nearly lies on an edge does not', () => {
		expect(orientation(0.1, 0.1, 0.7, 0.7, 0.3, 0.3)).toBe(0);
		expect(orientation(0.1, 0.1, 0.7, 0.7, 0.3, 0.1 + 0.2)).toBeGreaterThan(0);
		expect(orientation(12, 12, 24, 24, 0.5, 0.5 - 2 ** -54)).toBeLessThan(0);
		const triangle = shapeOf(
			polygon([
				[12, 12],
				[24, 24],
				[24, 0]
			])
		);
		expect(locate(triangle, 18, 18)).toBe('boundary');
		expect(locate(triangle, 18, 18 + 2 ** -48)).toBe('exterior');
		expect(locate(triangle, 18, 18 - 2 ** -48)).toBe('interior');
	});

	it('a point inside is found in any polygon with an area', () => {
		for (const geometry of [
			square,
			ring,
			polygon([
				[0, 0],
				[9, 1],
				[0, 2],
				[8, 1]
			])
		]) {
			const shape = shapeOf(geometry);
			const [x, y] = pointInside(shape.polygons[0]!.rings)!;
			expect(locate(shape, x!, y!)).toBe('interior');
		}
		expect(
			pointInside([
				[
					[0, 0],
					[1, 0],
					[2, 0],
					[0, 0]
				]
			])
		).toBeNull();
	});
});
