import type { Locale } from '../../../domain/taxonomy.ts';
import type { Edition } from '../geojson.ts';
import type { Asked, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { invalid, Refusal } from './refusal.ts';
import { read } from './schema.ts';
import type { Value } from './schema.ts';

/** Where the landing page is. */
export const home = '/ogc';

interface Route {
	operation: Operation;
	parts: string[];
}

const partsOf = (path: string) => path.split('/').filter((part) => part !== '');
const routes: readonly Route[] = operations.map((operation) => ({ operation, parts: partsOf(operation.path) }));

/** The operation of a path under the landing page, and the parts of the path that it names; null when there is none. */
export function findOperation(path: string): { operation: Operation; path: Record<string, string> } | null {
	const asked = partsOf(path);
	for (const { operation, parts } of routes) {
		if (parts.length !== asked.length) continue;
		const found: Record<string, string> = {};
		const fits = parts.every((part, i) => {
			if (!part.startsWith('{')) return part === asked[i];
			found[part.slice(1, -1)] = asked[i]!;
			return true;
		});
		if (fits) return { operation, path: found };
	}
	return null;
}

/** The query, checked. An unknown parameter is refused, so that a misspelt one isn't taken for a filter that finds everything. */
function readQuery({ parameters }: Operation, query: URLSearchParams): Record<string, Value> {
	const values: Record<string, Value> = {};
	for (const [name, text] of query) {
		const parameter = parameters.find((one) => one.name === name);
		if (!parameter) throw invalid(name, `is not a parameter here; there are ${parameters.map((one) => one.name).join(', ')}.`);
		if (Object.hasOwn(values, name)) throw invalid(name, 'may be there once only.');
		values[name] = read(name, parameter.schema, text);
	}
	return values;
}

export interface Caller {
	edition: Edition;
	/** The request's, at the public origin. */
	url: URL;
	format: Asked['format'];
	locale: Locale;
	/** Milliseconds. */
	now: number;
}

/** What is asked, understood. @throws Refusal */
export function understand({ edition, url, format, locale, now }: Caller): Asked {
	const path = url.pathname.slice(home.length);
	const found = findOperation(path);
	if (!found) throw new Refusal(404, 'unknown_resource', `There is nothing at ${url.pathname}; begin at ${home}.`);
	const { operation } = found;
	for (const { name, schema } of operation.pathParameters) {
		if (schema.enum && !schema.enum.includes(found.path[name]!))
			throw new Refusal(404, 'unknown_resource', `${name} must be ${schema.enum.join(' or ')}.`);
	}
	const query = readQuery(operation, url.searchParams);
	return { operation, edition, root: edition.origin + home, url, path: found.path, query, format, locale, now };
}

/** Whether a person's page is wanted: `f` says so, else the first of the two that Accept names; whoever takes anything gets data. */
export function wantedFormat(url: URL, accept: string | null): Asked['format'] {
	const found = findOperation(url.pathname.slice(home.length));
	// What does not exist is said in the language of whoever asks.
	if (found && !found.operation.page) return 'json';
	const wanted = url.searchParams.get('f');
	if (wanted !== null) return wanted === 'html' ? 'page' : 'json';
	return weightOf(accept, /^(text\/html|application\/xhtml\+xml)$/) > weightOf(accept, /json$/) ? 'page' : 'json';
}

/** The weight that Accept gives to a media type by name (RFC 9110 §12.5.1). */
function weightOf(accept: string | null, type: RegExp): number {
	const offers = (accept ?? '').toLowerCase().split(',');
	const weights = offers.map((offer) => {
		const [name = '', ...parameters] = offer.split(';').map((part) => part.trim());
		const q = parameters.find((parameter) => parameter.startsWith('q='));
		return type.test(name.trim()) ? (q ? Number(q.slice(2)) || 0 : 1) : 0;
	});
	return Math.max(0, ...weights);
}
