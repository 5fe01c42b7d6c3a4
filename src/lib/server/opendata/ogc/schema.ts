import { isDay } from '../../../domain/fact-parse.ts';
import { invalid } from './refusal.ts';

/** The part of JSON Schema that parameters and queryables are described with, the same in OpenAPI 3.0 and in JSON Schema 2020-12. */
export interface Schema {
	type?: 'string' | 'integer' | 'number' | 'array';
	title?: string;
	description?: string;
	enum?: readonly string[];
	default?: string | number;
	format?: string;
	minimum?: number;
	maximum?: number;
	minItems?: number;
	maxItems?: number;
	maxLength?: number;
	pattern?: string;
	items?: Schema;
}

export type Value = string | number | number[];

const formats: Record<string, { pattern: RegExp; says: string }> = {
	uuid: { pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, says: 'a UUID' },
	date: { pattern: /^\d{4}-\d{2}-\d{2}$/, says: 'a day such as 2026-11-21' },
	'date-time': { pattern: /^\d{4}-\d{2}-\d{2}T/, says: 'an instant such as 2026-11-21T10:00:00Z' }
};

/** The value of a parameter, as its schema describes it. @throws Refusal that names the parameter and says what is allowed */
export function read(name: string, schema: Schema, text: string): Value {
	// Which words there may be is known where they are understood.
	if (schema.type === 'array') return schema.items?.type === 'string' ? text : list(name, schema, text);
	if (schema.type === 'integer' || schema.type === 'number') return amount(name, schema, text);
	if (schema.enum && !schema.enum.includes(text)) throw invalid(name, `must be ${schema.enum.join(' or ')}.`);
	if (text.length > (schema.maxLength ?? Infinity)) throw invalid(name, `must have ${schema.maxLength} characters at most.`);
	const format = formats[schema.format ?? ''];
	const isWrong = (pattern: RegExp) =>
		!pattern.test(text) || (schema.format !== 'uuid' && (Number.isNaN(Date.parse(text)) || !isDay(text.slice(0, 10))));
	if (format && isWrong(format.pattern)) throw invalid(name, `must be ${format.says}.`);
	return text;
}

function amount(name: string, { type, minimum = -Infinity, maximum = Infinity }: Schema, text: string): number {
	const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
	const whole = type === 'integer';
	if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value)))
		throw invalid(name, whole ? 'must be a whole number.' : 'must be made of numbers.');
	if (value < minimum) throw invalid(name, `must be at least ${minimum}.`);
	// More than there is at once is as much as there is at once (/req/core/fc-limit-response-1).
	return Math.min(value, maximum);
}

function list(name: string, { items = {}, minItems = 0, maxItems = Infinity }: Schema, text: string): number[] {
	const values = text.split(',').map((part) => amount(name, items, part.trim()));
	if (values.length < minItems || values.length > maxItems || values.length % 2 === 1)
		throw invalid(name, `must be ${minItems} or ${maxItems} numbers between commas.`);
	return values;
}
