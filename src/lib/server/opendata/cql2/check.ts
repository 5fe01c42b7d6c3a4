import type { Node, Operator, Type } from './expression.ts';
import {
	arithmeticOperators,
	arrayFunctions,
	comparisonOperators,
	instantFunctions,
	intervalFunctions,
	isList,
	isOperation,
	isProperty,
	spatialFunctions,
	textFunctions,
	typeOf
} from './expression.ts';
import type { Located, Where } from './where.ts';
import { fail } from './where.ts';

const words: Record<Type, string> = {
	string: 'a text',
	number: 'a number',
	boolean: 'true or false',
	date: 'a date',
	datetime: 'a timestamp',
	interval: 'an interval',
	list: 'a list',
	geometry: 'a geometry'
};
const scalars: readonly Type[] = ['string', 'number', 'boolean', 'date', 'datetime'];

const maxPattern = 1000;

type Check = (args: readonly Located[], where: Where) => void;

const each = (operators: readonly Operator[], check: Check): [Operator, Check][] => operators.map((op) => [op, check]);

const checks: ReadonlyMap<Operator, Check> = new Map([
	...each(['and', 'or'], (args, where) => {
		if (args.length < 2) fail(where, 'expected two conditions or more');
		args.forEach(checkCondition);
	}),
	...each(
		['not'],
		counted(1, ([inner]) => checkCondition(inner!))
	),
	...each(
		comparisonOperators,
		counted(2, ([left, right]) => comparable(left!, right!))
	),
	...each(
		['between'],
		counted(3, ([value, low, high]) => {
			comparable(value!, low!);
			comparable(value!, high!);
		})
	),
	...each(
		['in'],
		counted(2, ([value, items]) => {
			const { node, where } = items!;
			if (!isList(node) || node.length === 0) fail(where, 'expected a list of values');
			oneOf(value!, scalars);
			for (const item of node) comparable(value!, { node: item, depth: 0, where });
		})
	),
	...each(
		['like'],
		counted(2, ([value, pattern]) => {
			oneOf(value!, ['string']);
			const text = patternOf(pattern!.node);
			if (text === null) fail(pattern!.where, 'expected a pattern: a text in quotes, or CASEI or ACCENTI of one');
			if (text.length > maxPattern) fail(pattern!.where, `expected a pattern of at most ${maxPattern} characters`);
		})
	),
	...each(
		['isNull'],
		counted(1, ([value]) => {
			if (isList(value!.node)) fail(value!.where, 'expected a single value');
		})
	),
	...each(textFunctions, all(1, ['string'])),
	...each(arithmeticOperators, all(2, ['number'])),
	...each(spatialFunctions, all(2, ['geometry'])),
	...each(instantFunctions, all(2, ['date', 'datetime', 'interval'])),
	...each(intervalFunctions, all(2, ['interval'])),
	...each(
		arrayFunctions,
		counted(2, (args) => {
			for (const arg of args) {
				oneOf(arg, ['list']);
				if (isList(arg.node)) for (const item of arg.node) oneOf({ node: item, depth: 0, where: arg.where }, scalars);
			}
		})
	)
]);

/** Refuses arguments that the operator cannot take: their number, their types. */
export function checkOperation(op: Operator, args: readonly Located[], where: Where): void {
	checks.get(op)?.(args, where);
}

function counted(count: number, check: Check): Check {
	return (args, where) => {
		if (args.length !== count) fail(where, `expected ${['', 'one argument', 'two arguments', 'three arguments'][count]}`);
		check(args, where);
	};
}

function all(count: number, types: readonly Type[]): Check {
	return counted(count, (args) => args.forEach((arg) => oneOf(arg, types)));
}

function oneOf({ node, where }: Located, types: readonly Type[]): void {
	const type = typeOf(node);
	if (!types.includes(type)) fail(where, `expected ${types.map((each) => words[each]).join(' or ')}, but found ${words[type]}`);
}

/** A property alone is a value: `open = true` is a condition, `open` is not (rule booleanPrimary). */
export function checkCondition({ node, where }: Located): void {
	if (typeof node === 'boolean' || (isOperation(node) && typeOf(node) === 'boolean')) return;
	const found = isProperty(node) && node.type === 'boolean' ? 'only a name: write that it = true' : words[typeOf(node)];
	fail(where, `expected a condition, but found ${found}`);
}

function comparable(left: Located, right: Located): void {
	oneOf(left, scalars);
	const [type, other] = [typeOf(left.node), typeOf(right.node)];
	if (type === other || (isInstant(type) && isInstant(other))) return;
	const hint = isInstant(type) && other === 'string' ? `: write DATE('…') or TIMESTAMP('…')` : '';
	fail(right.where, `expected ${words[type]} to compare with, but found ${words[other]}${hint}`);
}

function isInstant(type: Type): boolean {
	return type === 'date' || type === 'datetime';
}

function patternOf(node: Node): string | null {
	if (typeof node === 'string') return node;
	return isOperation(node) && (node.op === 'casei' || node.op === 'accenti') ? patternOf(node.args[0]!) : null;
}
