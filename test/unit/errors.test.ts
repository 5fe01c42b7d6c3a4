import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appCodes, Failure, failureOf, shown } from '../../src/lib/server/errors.ts';

const root = new URL('../..', import.meta.url).pathname;
const migrations = readdirSync(join(root, 'supabase/migrations'))
	.filter((file) => file.endsWith('.sql'))
	.map((file) => readFileSync(join(root, 'supabase/migrations', file), 'utf8'));

/** The arguments of a call whose opening bracket ends at `start`; quotes and brackets inside are respected. */
function argumentsFrom(sql: string, start: number): string[] {
	const found = [''];
	let [depth, quoted] = [0, false];
	for (let at = start; depth >= 0 && at < sql.length; at++) {
		const sign = sql.charAt(at);
		if (sign === "'") quoted = !quoted;
		if (!quoted) depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
		if (!quoted && depth === 0 && sign === ',') found.push('');
		else found[found.length - 1] += sign;
	}
	return found;
}

/** Every code of `private.refuse(status, code, …)`, also when a `case` gives several and when `read_choice` makes `invalid_<field>`. */
function codesOf(sql: string): string[] {
	const calls = [...sql.matchAll(/perform private\.refuse\(/g)].map(
		({ index, 0: call }) => argumentsFrom(sql, index + call.length)[1] ?? ''
	);
	const literal = calls.flatMap((code) => [...code.matchAll(/(?:^\s*|then |else )'([a-z_]+[a-z])'/g)].map(([, name]) => name!));
	const choices = [...sql.matchAll(/read_choice\(\w+, '([a-z_]+)'/g)].map(([, field]) => `invalid_${field}`);
	return [...literal, ...choices];
}
const raised = [...new Set(migrations.flatMap(codesOf))].sort();

/** The sentences of a language, from all its files. */
const words = (locale: string): Record<string, string> => {
	const folder = join(root, 'src/lib/i18n/messages', locale);
	const files = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>);
	return Object.assign({}, ...files) as Record<string, string>;
};

describe('the catalogue of failures', () => {
	it('finds the codes of the migrations', () => {
		expect(raised).toEqual(expect.arrayContaining(['outside_territory', 'unknown_place', 'not_ended', 'invalid_reason_code']));
		expect(raised.length).toBeGreaterThan(30);
	});

	it.each(['fr', 'en'])('has a sentence for each code the database raises, in %s', (locale) => {
		const known = words(locale);
		expect(raised.filter((code) => !known[`error_${code}`])).toEqual([]);
	});

	it.each(['fr', 'en'])('has a sentence for each code of the application, in %s', (locale) => {
		const known = words(locale);
		expect(appCodes.filter((code) => !known[`error_${code}`])).toEqual([]);
	});

	it('has the same sentences in both languages', () => {
		expect(Object.keys(words('fr')).sort()).toEqual(Object.keys(words('en')).sort());
	});
});

describe('an error of the database', () => {
	it('that is a refusal of ours brings its status, its code and its fact', () => {
		const failure = failureOf({ code: 'PT422', message: 'Too far.', details: 'outside_territory', hint: 'position' }, 422);
		expect(failure).toMatchObject({ code: 'outside_territory', status: 422, fact: 'position', message: 'Too far.' });
	});

	it.each([
		['no answer at all', { code: '', message: 'TypeError: fetch failed' }, 0],
		['a gateway that gave up', { message: 'Bad Gateway' }, 502],
		['a statement that took too long', { code: '57014', message: 'canceling statement' }, 500],
		['a server that shuts down', { code: '57P01', message: 'terminating connection' }, 500],
		['a lost connection', { code: '08006', message: 'connection failure' }, 500],
		['no connection left', { code: 'PGRST003', message: 'timed out' }, 504]
	])('that means %s is a database away', (_title, error, status) => {
		expect(failureOf(error, status)).toMatchObject({ code: 'database_away', status: 503 });
	});

	it.each([
		['an expired token', { code: 'PGRST301', message: 'JWT expired' }, 401, 'not_signed_in'],
		['a right that is missing', { code: '42501', message: 'permission denied' }, 403, 'forbidden'],
		['something nobody foresaw', { code: 'SUP', message: 'boom' }, 500, 'unexpected']
	])('that means %s says so', (_title, error, status, code) => {
		expect(failureOf(error, status).code).toBe(code);
	});

	it('never shows its own sentence to a reader', () => {
		const failure = failureOf({ code: 'PT403', message: 'permission denied for relation x', details: 'forbidden' }, 403);
		expect(shown(failure)).toEqual({ code: 'forbidden', fact: null, status: 403 });
	});

	it('that nobody foresaw is thrown on, to be logged', () => {
		expect(() => shown(new Failure('unexpected'))).toThrow(Failure);
		expect(() => shown(new TypeError('bug'))).toThrow(TypeError);
	});
});
