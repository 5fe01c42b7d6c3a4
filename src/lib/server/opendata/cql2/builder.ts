import type { Geometry } from 'geojson';
import { checkCondition, checkOperation } from './check.ts';
import type {
	Box,
	DateLiteral,
	Expression,
	Interval,
	Node,
	Operator,
	Property,
	Queryables,
	TimestampLiteral
} from './expression.ts';
import type { Located, Where } from './where.ts';
import { excerpt, fail, maxDepth, maxNodes, maxVertices, tooDeep } from './where.ts';
import { instantKind, instantValue } from './instants.ts';

/** Makes the nodes of one filter, whichever encoding it comes in: the same checks, the same bounds, the same tree. */
export class TreeBuilder {
	readonly #queryables: Queryables;
	#nodes = 0;
	#vertices = 0;

	constructor(queryables: Queryables) {
		this.#queryables = queryables;
	}

	operation(op: Operator, args: readonly Located[], where: Where): Located {
		checkOperation(op, args, where);
		return this.#add({ op, args: args.map(({ node }) => node) }, where, args);
	}

	list(items: readonly Located[], where: Where): Located {
		return this.#add(
			items.map(({ node }) => node),
			where,
			items
		);
	}

	scalar(value: string | number | boolean, where: Where): Located {
		if (typeof value === 'number' && !Number.isFinite(value)) fail(where, 'expected a number that is not so large');
		// There is one zero.
		return this.#add(value === 0 ? 0 : value, where);
	}

	property(name: string, where: Where): Located<Property> {
		const queryable = Object.hasOwn(this.#queryables, name) ? this.#queryables[name] : undefined;
		if (!queryable) fail(where, `expected the name of a queryable, but there is none called ${excerpt(name)}`);
		return this.#add({ property: name, type: queryable.type }, where);
	}

	instant(kind: 'date' | 'timestamp', text: string, where: Where): Located<DateLiteral | TimestampLiteral> {
		const form = kind === 'date' ? '2026-01-31' : '2026-01-31T09:30:00Z';
		if (instantKind(text) !== kind) fail(where, `expected a ${kind} such as ${form}, but found ${excerpt(text)}`);
		return this.#add(kind === 'date' ? { date: text } : { timestamp: text }, where);
	}

	/** Bounds are texts, or properties that were made here. */
	interval(bounds: readonly [string | Located<Property>, string | Located<Property>], where: Where): Located<Interval> {
		for (const bound of bounds) {
			if (typeof bound === 'string') {
				if (bound !== '..' && instantKind(bound) === null)
					fail(where, `expected a date, a timestamp or '..' as a bound of an interval, but found ${excerpt(bound)}`);
			} else if (bound.node.type !== 'date' && bound.node.type !== 'datetime') {
				fail(
					bound.where,
					`expected a date or a timestamp as a bound of an interval, but ${excerpt(bound.node.property)} is neither`
				);
			}
		}
		const [from, to] = bounds;
		if (
			typeof from === 'string' &&
			typeof to === 'string' &&
			from !== '..' &&
			to !== '..' &&
			instantValue(from) > instantValue(to)
		)
			fail(where, 'expected an interval that begins before it ends');
		const [start, end] = [typeof from === 'string' ? from : from.node, typeof to === 'string' ? to : to.node];
		return this.#add({ interval: [start, end] }, where);
	}

	/** Four numbers, or six of which the heights are left out: places have none. */
	box(numbers: readonly number[], where: Where): Located<Box> {
		if (numbers.length !== 4 && numbers.length !== 6) fail(where, 'expected four or six numbers in a box');
		const [west, south, east, north] = numbers.length === 4 ? numbers : [0, 1, 3, 4].map((index) => numbers[index]);
		return this.#add({ bbox: [west!, south!, east!, north!] }, where);
	}

	geometry(geometry: Geometry, where: Where): Located<Geometry> {
		return this.#add(geometry, where);
	}

	/** To be called for every position before it is kept. */
	vertex(where: Where): void {
		this.#vertices += 1;
		if (this.#vertices > maxVertices) fail(where, `expected at most ${maxVertices} positions in a filter`);
	}

	/** The whole filter. */
	filter(root: Located): Expression {
		checkCondition(root);
		return root.node as Expression;
	}

	#add<N extends Node>(node: N, where: Where, below: readonly Located[] = []): Located<N> {
		this.#nodes += 1;
		if (this.#nodes > maxNodes) fail(where, `expected at most ${maxNodes} names, values and operators in a filter`);
		const depth = 1 + below.reduce((deepest, { depth }) => Math.max(deepest, depth), 0);
		if (depth > maxDepth) fail(where, tooDeep);
		return { node, depth, where };
	}
}
