import type { Geometry, Position } from 'geojson';
import { TreeBuilder } from './builder.ts';
import type { Expression, Operator, Property, Queryables } from './expression.ts';
import { operators } from './expression.ts';
import { checkLine, checkRing } from './geometry.ts';
import type { Located, Where } from './where.ts';
import { excerpt, fail, maxDepth, maxVertices, tooDeep } from './where.ts';

type Members = Readonly<Record<string, unknown>>;
type Single = Exclude<Geometry, { type: 'GeometryCollection' }>;

/** Parses the JSON encoding of CQL2 (OGC 21-065r2, annex C), which `JSON.parse` has read. Throws a `FilterSyntaxError`. */
export function parseJson(value: unknown, queryables: Queryables): Expression {
	const builder = new TreeBuilder(queryables);
	return builder.filter(nodeOf(value, '$', 1, builder));
}

function nodeOf(value: unknown, path: string, level: number, builder: TreeBuilder): Located {
	if (level > maxDepth) fail('$', tooDeep);
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return builder.scalar(value, path);
	if (Array.isArray(value)) {
		const items = itemsOf(value, path, (item, at) => nodeOf(item, at, level + 1, builder));
		return builder.list(items, path);
	}
	const members = membersOf(value, path);
	if (has(members, 'op')) return operationOf(members, path, level, builder);
	if (has(members, 'property')) return propertyOf(members, path, builder);
	if (has(members, 'date')) return builder.instant('date', stringOf(members['date'], `${path}.date`), `${path}.date`);
	if (has(members, 'timestamp'))
		return builder.instant('timestamp', stringOf(members['timestamp'], `${path}.timestamp`), `${path}.timestamp`);
	if (has(members, 'interval')) return intervalOf(members['interval'], `${path}.interval`, builder);
	if (has(members, 'type')) return builder.geometry(geometryOf(members, path, builder), path);
	if (has(members, 'bbox')) return builder.box(itemsOf(members['bbox'], `${path}.bbox`, numberOf), `${path}.bbox`);
	fail(path, 'expected an object with op, property, date, timestamp, interval, bbox or the type of a geometry');
}

function operationOf(members: Members, path: string, level: number, builder: TreeBuilder): Located {
	const op = stringOf(members['op'], `${path}.op`);
	if (!operators.has(op)) fail(`${path}.op`, `expected an operator or a function of CQL2, but found ${excerpt(op)}`);
	const args = itemsOf(members['args'], `${path}.args`, (arg, at) => nodeOf(arg, at, level + 1, builder));
	return builder.operation(op as Operator, args, path);
}

function propertyOf(members: Members, path: string, builder: TreeBuilder): Located<Property> {
	return builder.property(stringOf(members['property'], `${path}.property`), path);
}

function intervalOf(value: unknown, path: string, builder: TreeBuilder): Located {
	const bounds = itemsOf(value, path, (bound, at) =>
		typeof bound === 'string' ? bound : propertyOf(membersOf(bound, at), at, builder)
	);
	const [from, to] = bounds;
	if (from === undefined || to === undefined || bounds.length !== 2) fail(path, 'expected two bounds of an interval');
	return builder.interval([from, to], path);
}

function geometryOf(members: Members, path: string, builder: TreeBuilder): Geometry {
	if (members['type'] !== 'GeometryCollection') return singleOf(members, path, builder);
	const geometries = itemsOf(members['geometries'], `${path}.geometries`, (each, at) =>
		singleOf(membersOf(each, at), at, builder)
	);
	if (geometries.length === 0) fail(path, 'expected a collection that is not empty');
	return { type: 'GeometryCollection', geometries };
}

function singleOf(members: Members, path: string, builder: TreeBuilder): Single {
	const type = stringOf(members['type'], `${path}.type`);
	const position = (value: unknown, at: string): Position => {
		builder.vertex(at);
		const [x, y, ...more] = itemsOf(value, at, numberOf);
		if (x === undefined || y === undefined || more.length > 2) fail(at, 'expected a position: two numbers or three');
		return [x, y];
	};
	const positions = (value: unknown, at: string) => some(itemsOf(value, at, position), at);
	const line = (value: unknown, at: string) => checkLine(positions(value, at), at);
	const polygon = (value: unknown, at: string) =>
		some(
			itemsOf(value, at, (ring, where) => checkRing(positions(ring, where), where)),
			at
		);
	const [value, at] = [members['coordinates'], `${path}.coordinates`];
	switch (type) {
		case 'Point':
			return { type, coordinates: position(value, at) };
		case 'LineString':
			return { type, coordinates: line(value, at) };
		case 'Polygon':
			return { type, coordinates: polygon(value, at) };
		case 'MultiPoint':
			return { type, coordinates: positions(value, at) };
		case 'MultiLineString':
			return { type, coordinates: some(itemsOf(value, at, line), at) };
		case 'MultiPolygon':
			return { type, coordinates: some(itemsOf(value, at, polygon), at) };
	}
	fail(`${path}.type`, `expected the type of a GeoJSON geometry, but found ${excerpt(type)}`);
}

function has(members: Members, name: string): boolean {
	return Object.hasOwn(members, name);
}

function membersOf(value: unknown, path: Where): Members {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'expected an object');
	return value as Members;
}

function stringOf(value: unknown, path: Where): string {
	if (typeof value !== 'string') fail(path, 'expected a string');
	return value;
}

function numberOf(value: unknown, path: Where): number {
	if (typeof value !== 'number' || !Number.isFinite(value)) fail(path, 'expected a number');
	return value;
}

function itemsOf<T>(value: unknown, path: string, read: (item: unknown, at: string) => T): T[] {
	if (!Array.isArray(value)) fail(path, 'expected an array');
	if (value.length > maxVertices) fail(path, `expected at most ${maxVertices} items`);
	return value.map((item: unknown, index) => read(item, `${path}[${index}]`));
}

function some<T>(items: T[], path: Where): T[] {
	if (items.length === 0) fail(path, 'expected an array that is not empty');
	return items;
}
