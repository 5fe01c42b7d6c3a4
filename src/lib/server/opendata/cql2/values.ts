import type { Geometry } from 'geojson';
import type { Shape } from '../../../geo/shape.ts';
import { shapeOf } from '../../../geo/shape.ts';
import type { ArithmeticOperator, IntervalBound, Node, Operation } from './expression.ts';
import { hasProperty, isList, isOperation, isProperty, typeOf } from './expression.ts';
import { dayOf, instantValue } from './instants.ts';
import { kept, remember } from './remember.ts';
import { fold } from './strings.ts';
import type { Span } from './temporal.ts';

/** Gives the value of a queryable of one feature. */
export type Read = (name: string) => unknown;
/** Null is the unknown of three-valued logic. */
export type Evaluator<T> = (read: Read) => T | null;

const arithmetic: Readonly<Record<ArithmeticOperator, (a: number, b: number) => number>> = {
	'+': (a, b) => a + b,
	'-': (a, b) => a - b,
	'*': (a, b) => a * b,
	'/': (a, b) => a / b,
	'%': (a, b) => a % b,
	div: (a, b) => Math.trunc(a / b),
	'^': (a, b) => a ** b
};

/**
 * Evaluators of what is not a condition. What costs something (folding a text, reading a date) is worked out once per feature and
 * property, however often the filter names it.
 */
export class Values {
	readonly #texts = new Map<string, (raw: string) => string>();
	readonly #instants = new Map<string, (raw: string) => number>();
	readonly #sets = new Map<string, (raw: readonly unknown[]) => ReadonlySet<string>>();
	readonly #shapes = new WeakMap<Geometry, Shape>();

	/** A text, as it is compared. */
	text(node: Node): Evaluator<string> {
		const folding = { casei: false, accenti: false };
		let inner = node;
		while (isOperation(inner) && (inner.op === 'casei' || inner.op === 'accenti')) {
			folding[inner.op] = true;
			inner = inner.args[0]!;
		}
		if (!isProperty(inner)) {
			const literal = fold(String(inner), folding);
			return () => literal;
		}
		const { property } = inner;
		const key = JSON.stringify([folding.casei, folding.accenti, property]);
		const folded = kept(this.#texts, key, () => remember((raw: string) => fold(raw, folding)));
		return (read) => {
			const raw = read(property);
			return typeof raw === 'string' ? folded(raw) : null;
		};
	}

	number(node: Node): Evaluator<number> {
		if (typeof node === 'number') return () => node;
		if (isProperty(node)) return finite((read) => read(node.property));
		const { op, args } = node as Operation;
		const [left, right] = [this.number(args[0]!), this.number(args[1]!)];
		const calculate = arithmetic[op as ArithmeticOperator];
		return finite((read) => {
			const [a, b] = [left(read), right(read)];
			return a === null || b === null ? null : calculate(a, b);
		});
	}

	/** Milliseconds; of the beginning of the day when days are compared. */
	instant(node: Node, byDay: boolean): Evaluator<number> {
		const exact = this.#exactInstant(node);
		if (!byDay) return exact;
		return (read) => {
			const value = exact(read);
			return value === null ? null : dayOf(value);
		};
	}

	#exactInstant(node: Node): Evaluator<number> {
		if (!isProperty(node)) {
			const value = instantValue(literalText(node));
			return () => value;
		}
		const value = kept(this.#instants, node.property, () => remember(instantValue));
		return finite((read) => {
			const raw = read(node.property);
			return typeof raw === 'string' ? value(raw) : null;
		});
	}

	/** An instant begins and ends at once; an interval one of whose bounds is unknown is unknown. */
	span(node: Node, byDay: boolean): Evaluator<Span> {
		if (typeof node === 'object' && 'interval' in node) {
			const [from, to] = node.interval;
			const [start, end] = [this.#bound(from, -Infinity, byDay), this.#bound(to, Infinity, byDay)];
			return (read) => {
				const [first, last] = [start(read), end(read)];
				return first === null || last === null ? null : [first, last];
			};
		}
		const instant = this.instant(node, byDay);
		return (read) => {
			const value = instant(read);
			return value === null ? null : [value, value];
		};
	}

	#bound(bound: IntervalBound, unbounded: number, byDay: boolean): Evaluator<number> {
		if (bound === '..') return () => unbounded;
		return this.instant(typeof bound === 'string' ? { date: bound } : bound, byDay);
	}

	/** The members of a set, each under a key that tells 1 from '1'. */
	set(node: Node): Evaluator<ReadonlySet<string>> {
		if (isList(node)) {
			const members = node.map((item) => this.#member(item));
			if (!node.some(hasProperty)) {
				const constant = keysOf(members, () => null);
				return () => constant;
			}
			return (read) => keysOf(members, read);
		}
		if (!isProperty(node)) return () => null;
		const keys = kept(this.#sets, node.property, () => remember(setOfTexts));
		return (read) => {
			const raw = read(node.property);
			return Array.isArray(raw) ? keys(raw) : null;
		};
	}

	#member(node: Node): Evaluator<string> {
		const type = typeOf(node);
		const value: Evaluator<string | number | boolean> =
			type === 'string'
				? this.text(node)
				: type === 'number'
					? this.number(node)
					: type === 'boolean'
						? (read) => (isProperty(node) ? truth(read(node.property)) : node === true)
						: this.instant(node, false);
		return (read) => {
			const found = value(read);
			return found === null ? null : keyOf(type, found);
		};
	}

	geometry(name: string): Evaluator<Geometry> {
		return (read) => {
			const raw = read(name);
			return typeof raw === 'object' && raw !== null && 'type' in raw ? (raw as Geometry) : null;
		};
	}

	readonly shape = (geometry: Geometry): Shape => {
		const known = this.#shapes.get(geometry);
		if (known) return known;
		const shape = shapeOf(geometry);
		this.#shapes.set(geometry, shape);
		return shape;
	};
}

export function truth(raw: unknown): boolean | null {
	return typeof raw === 'boolean' ? raw : null;
}

function literalText(node: Node): string {
	if (typeof node === 'object' && 'date' in node) return node.date;
	return typeof node === 'object' && 'timestamp' in node ? node.timestamp : '';
}

/** Null when one of them is unknown. */
function keysOf(members: readonly Evaluator<string>[], read: Read): ReadonlySet<string> | null {
	const keys = new Set<string>();
	for (const member of members) {
		const key = member(read);
		if (key === null) return null;
		keys.add(key);
	}
	return keys;
}

function setOfTexts(raw: readonly unknown[]): ReadonlySet<string> {
	return new Set(raw.map((item) => keyOf('string', String(item).normalize('NFC'))));
}

function keyOf(type: string, value: string | number | boolean): string {
	return `${type} ${value}`;
}

/** What has no finite value, such as a division by zero, is unknown. */
function finite(value: (read: Read) => unknown): Evaluator<number> {
	return (read) => {
		const found = value(read);
		return typeof found === 'number' && Number.isFinite(found) ? found : null;
	};
}
