import type { Geometry, Position } from 'geojson';
import type { TreeBuilder } from './builder.ts';
import { checkLine, checkRing } from './geometry.ts';
import type { Cursor } from './lexer.ts';
import type { Located } from './where.ts';
import { fail } from './where.ts';

type Single = Exclude<Geometry, { type: 'GeometryCollection' }>;

const tags = new Map<string, Geometry['type'] | 'Box'>([
	['POINT', 'Point'],
	['LINESTRING', 'LineString'],
	['POLYGON', 'Polygon'],
	['MULTIPOINT', 'MultiPoint'],
	['MULTILINESTRING', 'MultiLineString'],
	['MULTIPOLYGON', 'MultiPolygon'],
	['GEOMETRYCOLLECTION', 'GeometryCollection'],
	['BBOX', 'Box']
]);

/** Whether a geometry begins here, and not a property that is called `point`. */
export function isGeometryWord({ token, following }: Cursor): boolean {
	if (token.kind !== 'word' || !tags.has(token.value.toUpperCase())) return false;
	return following.kind === 'symbol' ? following.value === '(' : following.kind === 'word' && /^z$/i.test(following.value);
}

/** A geometry in well-known text (rule spatialInstance); heights are left out: places have none. */
export function parseGeometry(cursor: Cursor, builder: TreeBuilder): Located {
	const { at } = cursor.token;
	if (cursor.isWord('BBOX')) {
		cursor.next();
		return builder.box(
			list(cursor, () => coordinate(cursor)),
			at
		);
	}
	if (!cursor.isWord('GEOMETRYCOLLECTION')) return builder.geometry(single(cursor, builder), at);
	cursor.next();
	cursor.takeWord('Z');
	const geometries = list(cursor, () => single(cursor, builder));
	return builder.geometry({ type: 'GeometryCollection', geometries }, at);
}

function single(cursor: Cursor, builder: TreeBuilder): Single {
	const type = isGeometryWord(cursor) ? tags.get(cursor.token.value.toUpperCase()) : undefined;
	if (type === undefined || type === 'Box' || type === 'GeometryCollection') cursor.refuse('a point, a line or a polygon');
	cursor.next();
	cursor.takeWord('Z');
	const one = (): Position => {
		const [only, ...more] = list(cursor, () => position(cursor, builder));
		if (more.length > 0) cursor.refuse('one position in a point');
		return only!;
	};
	const at = () => cursor.token.at;
	const line = (): Position[] =>
		checkLine(
			list(cursor, () => position(cursor, builder)),
			at()
		);
	const ring = (): Position[] =>
		checkRing(
			list(cursor, () => position(cursor, builder)),
			at()
		);
	const polygon = (): Position[][] => list(cursor, ring);
	switch (type) {
		case 'Point':
			return { type, coordinates: one() };
		case 'LineString':
			return { type, coordinates: line() };
		case 'Polygon':
			return { type, coordinates: polygon() };
		case 'MultiPoint':
			return { type, coordinates: list(cursor, () => (cursor.isSymbol('(') ? one() : position(cursor, builder))) };
		case 'MultiLineString':
			return { type, coordinates: list(cursor, line) };
		case 'MultiPolygon':
			return { type, coordinates: list(cursor, polygon) };
	}
}

function list<T>(cursor: Cursor, part: () => T): T[] {
	cursor.expectSymbol('(');
	const parts = [part()];
	while (cursor.takeSymbol(',')) parts.push(part());
	cursor.expectSymbol(')');
	return parts;
}

function position(cursor: Cursor, builder: TreeBuilder): Position {
	builder.vertex(cursor.token.at);
	const x = coordinate(cursor);
	const y = coordinate(cursor);
	if (cursor.token.kind === 'number' || cursor.isSymbol('+', '-')) coordinate(cursor);
	return [x, y];
}

function coordinate(cursor: Cursor): number {
	const { at } = cursor.token;
	const sign = cursor.isSymbol('+', '-') ? cursor.next().value : '';
	if (cursor.token.kind !== 'number') cursor.refuse('a number');
	const value = Number(sign + cursor.next().value);
	if (!Number.isFinite(value)) fail(at, 'expected a number that is not so large');
	return value;
}
