import fc from 'fast-check';
import type { Geometry, Position } from 'geojson';
import type { Node, Operation } from '../../src/lib/server/opendata/cql2/expression.ts';
import {
	comparisonOperators,
	instantFunctions,
	intervalFunctions,
	spatialFunctions
} from '../../src/lib/server/opendata/cql2/expression.ts';
import type { Expression, Queryables } from '../../src/lib/server/opendata/cql2/cql2.ts';

/** One queryable or two of each type; some are called like keywords. */
export const queryables = {
	name: { type: 'string' },
	'élan:vital.2': { type: 'string' },
	like: { type: 'string' },
	population: { type: 'number' },
	version: { type: 'integer' },
	open: { type: 'boolean' },
	date: { type: 'date' },
	starts_on: { type: 'date' },
	updated_at: { type: 'datetime' },
	languages: { type: 'list' },
	geometry: { type: 'geometry' }
} as const satisfies Queryables;

const bare = /^[:_a-zà-ÿ][:_a-zà-ÿ.0-9]*$/i;

/** Writes a tree in the text encoding, with parentheses around all that has parts. */
export function toText(node: Node): string {
	if (typeof node === 'string') return `'${node.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
	if (typeof node === 'number' || typeof node === 'boolean') return String(node);
	if (Array.isArray(node)) return `(${(node as Node[]).map(toText).join(', ')})`;
	const one = node as Exclude<Node, string | number | boolean | readonly Node[]>;
	if ('property' in one) return bare.test(one.property) && one.property !== 'like' ? one.property : `"${one.property}"`;
	if ('date' in one) return `DATE('${one.date}')`;
	if ('timestamp' in one) return `TIMESTAMP('${one.timestamp}')`;
	if ('interval' in one)
		return `INTERVAL(${one.interval.map((bound) => (typeof bound === 'string' ? `'${bound}'` : toText(bound))).join(', ')})`;
	if ('op' in one) return operationText(one);
	return 'bbox' in one && !('type' in one) ? `BBOX(${one.bbox.join(', ')})` : wkt(one as Geometry);
}

function operationText({ op, args }: Operation): string {
	const parts = args.map(toText);
	if (op === 'not') return `(NOT ${parts[0]})`;
	if (op === 'isNull') return `(${parts[0]} IS NULL)`;
	if (op === 'between') return `(${parts[0]} BETWEEN ${parts[1]} AND ${parts[2]})`;
	if (/^([sta]_|casei|accenti)/.test(op)) return `${op.toUpperCase()}(${parts.join(', ')})`;
	return `(${parts.join(` ${op.toUpperCase()} `)})`;
}

function wkt(geometry: Geometry): string {
	const tag = geometry.type.toUpperCase();
	if (geometry.type === 'GeometryCollection') return `${tag}(${geometry.geometries.map(wkt).join(', ')})`;
	if (geometry.type === 'Point') return `${tag}(${geometry.coordinates.join(' ')})`;
	return tag + coordinatesText(geometry.coordinates);
}

function coordinatesText(coordinates: Position | Position[] | Position[][] | Position[][][]): string {
	if (typeof coordinates[0] === 'number') return coordinates.join(' ');
	return `(${(coordinates as Position[]).map((each) => coordinatesText(each)).join(', ')})`;
}

/** Writes a tree in the JSON encoding: it differs by the types of properties alone. */
export function toJson(node: Node): unknown {
	return JSON.parse(JSON.stringify(node, (_, value: unknown) => (isPropertyNode(value) ? { property: value.property } : value)));
}

function isPropertyNode(value: unknown): value is { property: string } {
	return typeof value === 'object' && value !== null && 'property' in value;
}

type Name = keyof typeof queryables;
const property = (name: Name): Node => ({ property: name, type: queryables[name].type });
const properties = (...names: Name[]) => fc.constantFrom(...names.map(property));
const operation = (op: Operation['op'], ...args: fc.Arbitrary<Node>[]): fc.Arbitrary<Operation> =>
	fc.tuple(...args).map((made) => ({ op, args: made }));
const anyOf = (ops: readonly Operation['op'][], ...args: fc.Arbitrary<Node>[]): fc.Arbitrary<Operation> =>
	fc.constantFrom(...ops).chain((op) => operation(op, ...args));

const number = fc
	.oneof(fc.integer({ min: -99, max: 99 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
	.map((value) => value || 0);
const string = fc.string({ unit: fc.constantFrom(...'aéÉßı%_\\\'" \n😀'), maxLength: 6 });
const moment = fc.date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString());
const dateText = moment.map((text) => text.slice(0, 10));
const date = dateText.map((text): Node => ({ date: text }));
const timestamp = moment.map((text): Node => ({ timestamp: text }));
const degree = fc.integer({ min: -20, max: 20 });
const position = fc.tuple(degree, degree).map((pair): Position => pair);
const geometry = fc.oneof(
	position.map((coordinates): Node => ({ type: 'Point', coordinates })),
	fc.tuple(position, position).map((coordinates): Node => ({ type: 'LineString', coordinates })),
	fc.tuple(position, position, position).map(([a, b, c]): Node => ({ type: 'Polygon', coordinates: [[a, b, c, a]] })),
	fc.tuple(degree, degree, degree, degree).map(([a, b, c, d]): Node => ({ bbox: [a, Math.min(b, d), c, Math.max(b, d)] })),
	properties('geometry')
);

const { text, term } = fc.letrec<{ text: Node; term: Node }>((tie) => ({
	text: fc.oneof(
		{ maxDepth: 3 },
		fc.oneof(string, properties('name', 'like', 'élan:vital.2')),
		anyOf(['casei', 'accenti'], tie('text'))
	),
	term: fc.oneof(
		{ maxDepth: 3 },
		fc.oneof(number, properties('population', 'version')),
		anyOf(['+', '-', '*', '/', '%', 'div', '^'], tie('term'), tie('term'))
	)
}));
const pattern = fc.oneof(
	string.map((each): Node => each),
	operation('casei', string)
);
const day = fc.oneof(date, properties('date', 'starts_on'));
const instant = fc.oneof(day, timestamp, properties('updated_at'));
const interval = fc.oneof(
	dateText.map((text): Node => ({ interval: ['..', text] })),
	fc.constant<Node>({ interval: [property('starts_on') as never, property('date') as never] })
);
const some = (each: fc.Arbitrary<Node>): fc.Arbitrary<Node> => fc.array(each, { minLength: 1, maxLength: 4 });

/** Conditions without AND, OR and NOT. */
const predicate: fc.Arbitrary<Expression> = fc.oneof(
	fc.boolean(),
	anyOf(comparisonOperators, text, text),
	anyOf(comparisonOperators, term, term),
	anyOf(comparisonOperators, instant, instant),
	anyOf(comparisonOperators, properties('open'), fc.boolean()),
	operation('like', text, pattern),
	operation('between', term, term, term),
	operation('in', text, some(text)),
	operation('in', instant, some(instant)),
	operation('isNull', fc.oneof(text, term, instant, properties('open', 'geometry', 'languages'))),
	anyOf(spatialFunctions, geometry, geometry),
	anyOf(instantFunctions, fc.oneof(instant, interval), fc.oneof(instant, interval)),
	anyOf(intervalFunctions, interval, interval),
	anyOf(['a_contains', 'a_containedBy', 'a_equals', 'a_overlaps'], properties('languages'), some(fc.oneof(text, number, date)))
);

/** Any filter over `queryables`. */
export const { condition: filters } = fc.letrec<{ condition: Expression }>((tie) => ({
	condition: fc.oneof(
		{ maxDepth: 4 },
		predicate,
		anyOf(['and', 'or'], tie('condition'), tie('condition')),
		operation('not', tie('condition'))
	)
}));

/** A feature as `read` sees it; anything may be missing. */
export const features = fc.record({
	name: fc.option(string),
	'élan:vital.2': fc.option(string),
	like: fc.option(string),
	population: fc.option(number),
	version: fc.option(fc.integer({ min: 0, max: 9 })),
	open: fc.option(fc.boolean()),
	date: fc.option(dateText),
	starts_on: fc.option(dateText),
	updated_at: fc.option(moment),
	languages: fc.option(fc.array(fc.constantFrom('fr', 'en', 'a'))),
	geometry: fc.option(position.map((coordinates) => ({ type: 'Point', coordinates })))
});
