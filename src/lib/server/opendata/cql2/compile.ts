import type {
	ArrayFunction,
	ComparisonOperator,
	Expression,
	Node,
	Operation,
	SpatialFunction,
	TemporalFunction
} from './expression.ts';
import { hasProperty, isList, isOperation, isProperty, spatialFunctions, typeOf } from './expression.ts';
import { likeMatcher } from './like.ts';
import { areRelated, converse, isRelated, literalShape } from './spatial.ts';
import type { ToLonLat } from './spatial.ts';
import { compareText } from './strings.ts';
import { isByDay, temporalRelations } from './temporal.ts';
import type { Evaluator, Read } from './values.ts';
import { truth, Values } from './values.ts';

const outcomes: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
	'=': (order) => order === 0,
	'<>': (order) => order !== 0,
	'<': (order) => order < 0,
	'>': (order) => order > 0,
	'<=': (order) => order <= 0,
	'>=': (order) => order >= 0
};

const setRelations: Readonly<Record<ArrayFunction, (a: ReadonlySet<string>, b: ReadonlySet<string>) => boolean>> = {
	a_contains: (a, b) => b.isSubsetOf(a),
	a_containedBy: (a, b) => a.isSubsetOf(b),
	a_equals: (a, b) => a.size === b.size && a.isSubsetOf(b),
	a_overlaps: (a, b) => !a.isDisjointFrom(b)
};

const spatial: ReadonlySet<string> = new Set(spatialFunctions);

/**
 * Makes a filter ready: `read` gives the values of one feature (dates as `YYYY-MM-DD`, instants in ISO 8601, geometries as GeoJSON,
 * null where there is none), the answer is true, false, or null for unknown. `crs` turns literal geometries into longitude and
 * latitude; a box that is none there throws a `FilterSyntaxError`.
 */
export function compile(expression: Expression, options: { crs?: ToLonLat } = {}): (read: Read) => boolean | null {
	return new Compiler(options.crs).condition(expression);
}

class Compiler {
	readonly #values = new Values();
	readonly #crs: ToLonLat | undefined;

	constructor(crs: ToLonLat | undefined) {
		this.#crs = crs;
	}

	/** Of anything that is true or false. */
	condition(node: Node): Evaluator<boolean> {
		if (typeof node === 'boolean') return () => node;
		if (isProperty(node)) return (read) => truth(read(node.property));
		const { op, args } = node as Operation;
		const [first, second, third] = args as readonly [Node, Node, Node];
		switch (op) {
			case 'and':
				return this.#all(args, true);
			case 'or':
				return this.#all(args, false);
			case 'not':
				return mapped(this.condition(first), (value) => !value);
			case 'isNull':
				return this.#isNull(first);
			case 'like':
				return this.#like(first, second);
			case 'in':
				return this.#in(first, second);
			case 'between':
				return this.#every([this.#compare('>=', first, second), this.#compare('<=', first, third)], true);
		}
		if (op in outcomes) return this.#compare(op as ComparisonOperator, first, second);
		if (op in setRelations) return both(this.#values.set(first), this.#values.set(second), setRelations[op as ArrayFunction]);
		if (spatial.has(op)) return this.#spatial(op as SpatialFunction, first, second);
		const byDay = isByDay([first, second]);
		return both(this.#values.span(first, byDay), this.#values.span(second, byDay), temporalRelations[op as TemporalFunction]);
	}

	#all(nodes: readonly Node[], neutral: boolean): Evaluator<boolean> {
		return this.#every(
			nodes.map((node) => this.condition(node)),
			neutral
		);
	}

	/** AND of conditions, or OR where `neutral` is false: the other value decides, else an unknown makes all unknown. */
	#every(conditions: readonly Evaluator<boolean>[], neutral: boolean): Evaluator<boolean> {
		return (read) => {
			let answer: boolean | null = neutral;
			for (const condition of conditions) {
				const value = condition(read);
				if (value === !neutral) return value;
				if (value === null) answer = null;
			}
			return answer;
		};
	}

	#compare(op: ComparisonOperator, left: Node, right: Node): Evaluator<boolean> {
		const outcome = outcomes[op];
		switch (typeOf(left)) {
			case 'string':
				return both(this.#values.text(left), this.#values.text(right), (a, b) => outcome(compareText(a, b)));
			case 'number':
				return both(this.#values.number(left), this.#values.number(right), (a, b) => outcome(a - b));
			case 'boolean':
				return both(this.condition(left), this.condition(right), (a, b) => outcome(Number(a) - Number(b)));
		}
		const byDay = isByDay([left, right]);
		return both(this.#values.instant(left, byDay), this.#values.instant(right, byDay), (a, b) => outcome(a - b));
	}

	#in(value: Node, items: Node): Evaluator<boolean> {
		const list = isList(items) ? items : [];
		if (typeOf(value) !== 'string' || list.some(hasProperty))
			return this.#every(
				list.map((item) => this.#compare('=', value, item)),
				false
			);
		const texts = new Set(list.map((item) => this.#values.text(item)(() => null)));
		return mapped(this.#values.text(value), (text) => texts.has(text));
	}

	#like(value: Node, pattern: Node): Evaluator<boolean> {
		const matches = likeMatcher(this.#values.text(pattern)(() => null) ?? '');
		return mapped(this.#values.text(value), matches);
	}

	#isNull(node: Node): Evaluator<boolean> {
		if (isProperty(node)) return (read) => read(node.property) == null;
		if (!isOperation(node)) return () => false;
		const type = typeOf(node);
		const value =
			type === 'string' ? this.#values.text(node) : type === 'number' ? this.#values.number(node) : this.condition(node);
		return (read) => value(read) === null;
	}

	#spatial(op: SpatialFunction, left: Node, right: Node): Evaluator<boolean> {
		if (!isProperty(left)) {
			// A literal comes second, where it is made ready once.
			if (isProperty(right)) return this.#spatial(converse(op), right, left);
			const answer = areRelated(op, this.#literal(left), this.#literal(right));
			return () => answer;
		}
		const { shape } = this.#values;
		const geometry = this.#values.geometry(left.property);
		if (isProperty(right))
			return both(geometry, this.#values.geometry(right.property), (a, b) => areRelated(op, shape(a), shape(b)));
		const literal = this.#literal(right);
		return mapped(geometry, (found) => isRelated(op, found, literal, shape));
	}

	#literal(node: Node) {
		return literalShape(node as Parameters<typeof literalShape>[0], this.#crs);
	}
}

function mapped<A, B>(value: Evaluator<A>, answer: (value: A) => B): Evaluator<B> {
	return (read) => {
		const found = value(read);
		return found === null ? null : answer(found);
	};
}

function both<A, B, C>(left: Evaluator<A>, right: Evaluator<B>, answer: (a: A, b: B) => C): Evaluator<C> {
	return (read) => {
		const a = left(read);
		if (a === null) return null;
		const b = right(read);
		return b === null ? null : answer(a, b);
	};
}
