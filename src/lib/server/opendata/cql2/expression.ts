import type { Geometry } from 'geojson';

/** A name that a filter may use. A `list` is an array of strings. */
export interface Queryable {
	type: 'string' | 'number' | 'integer' | 'boolean' | 'date' | 'datetime' | 'list' | 'geometry';
}
export type Queryables = Readonly<Record<string, Queryable>>;

/** A filter that means nothing. Its message is one English sentence for whoever wrote the filter: where, and what was expected there. */
export class FilterSyntaxError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'FilterSyntaxError';
	}
}

export const logicOperators = ['and', 'or', 'not'] as const;
export const comparisonOperators = ['=', '<>', '<', '>', '<=', '>='] as const;
export const arithmeticOperators = ['+', '-', '*', '/', '%', 'div', '^'] as const;
export const textFunctions = ['casei', 'accenti'] as const;
export const spatialFunctions = [
	's_contains',
	's_crosses',
	's_disjoint',
	's_equals',
	's_intersects',
	's_overlaps',
	's_touches',
	's_within'
] as const;
/** The only ones that take an instant as well as an interval (table 6 of the standard). */
export const instantFunctions = ['t_after', 't_before', 't_disjoint', 't_equals', 't_intersects'] as const;
export const intervalFunctions = [
	't_contains',
	't_during',
	't_finishedBy',
	't_finishes',
	't_meets',
	't_metBy',
	't_overlappedBy',
	't_overlaps',
	't_startedBy',
	't_starts'
] as const;
export const arrayFunctions = ['a_containedBy', 'a_contains', 'a_equals', 'a_overlaps'] as const;
const otherOperators = ['like', 'between', 'in', 'isNull'] as const;

export type ComparisonOperator = (typeof comparisonOperators)[number];
export type ArithmeticOperator = (typeof arithmeticOperators)[number];
export type SpatialFunction = (typeof spatialFunctions)[number];
export type TemporalFunction = (typeof instantFunctions)[number] | (typeof intervalFunctions)[number];
export type ArrayFunction = (typeof arrayFunctions)[number];
export type Operator =
	| (typeof logicOperators)[number]
	| ComparisonOperator
	| ArithmeticOperator
	| (typeof textFunctions)[number]
	| SpatialFunction
	| TemporalFunction
	| ArrayFunction
	| (typeof otherOperators)[number];

/** Every operator by its name in JSON. */
export const operators: ReadonlySet<string> = new Set<Operator>([
	...logicOperators,
	...comparisonOperators,
	...arithmeticOperators,
	...textFunctions,
	...spatialFunctions,
	...instantFunctions,
	...intervalFunctions,
	...arrayFunctions,
	...otherOperators
]);

export interface Operation {
	op: Operator;
	args: readonly Node[];
}
/** A queryable; its type is kept so that nothing has to be looked up again. */
export interface Property {
	property: string;
	type: Queryable['type'];
}
/** `YYYY-MM-DD`, a day of the Gregorian calendar. */
export interface DateLiteral {
	date: string;
}
/** `YYYY-MM-DDThh:mm:ss[.s]Z`. */
export interface TimestampLiteral {
	timestamp: string;
}
/** A date, a timestamp, or `..` where there is no bound. */
export type IntervalBound = string | Property;
export interface Interval {
	interval: readonly [IntervalBound, IntervalBound];
}
/** Lower then upper corner, in the axis order of the filter's reference system. */
export interface Box {
	bbox: readonly [number, number, number, number];
}
export type Node =
	Operation | Property | DateLiteral | TimestampLiteral | Interval | Box | Geometry | string | number | boolean | readonly Node[];

/** A filter: the JSON encoding of CQL2 (OGC 21-065r2 §8), whichever encoding it came in, with the types of its properties. */
export type Expression = Operation | boolean;

/** What a node gives. */
export type Type = 'string' | 'number' | 'boolean' | 'date' | 'datetime' | 'interval' | 'list' | 'geometry';

const arithmetic: ReadonlySet<string> = new Set(arithmeticOperators);
const texts: ReadonlySet<string> = new Set(textFunctions);

export function isOperation(node: Node): node is Operation {
	return typeof node === 'object' && 'op' in node;
}

export function isProperty(node: Node): node is Property {
	return typeof node === 'object' && 'property' in node;
}

export function isList(node: Node): node is readonly Node[] {
	return Array.isArray(node);
}

/** Whether its value depends on the feature. */
export function hasProperty(node: Node): boolean {
	if (typeof node !== 'object') return false;
	if ('interval' in node) return node.interval.some((bound) => typeof bound !== 'string');
	const below: readonly Node[] = isList(node) ? node : isOperation(node) ? node.args : [];
	return isProperty(node) || below.some(hasProperty);
}

export function typeOf(node: Node): Type {
	if (typeof node === 'string') return 'string';
	if (typeof node === 'number') return 'number';
	if (typeof node === 'boolean') return 'boolean';
	if (isList(node)) return 'list';
	if (isOperation(node)) return arithmetic.has(node.op) ? 'number' : texts.has(node.op) ? 'string' : 'boolean';
	if (isProperty(node)) return node.type === 'integer' ? 'number' : node.type;
	if ('date' in node) return 'date';
	if ('timestamp' in node) return 'datetime';
	if ('interval' in node) return 'interval';
	return 'geometry';
}
