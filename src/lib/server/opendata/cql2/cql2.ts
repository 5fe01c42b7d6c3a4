/**
 * CQL2, the filter language of OGC APIs (OGC 21-065r2, https://docs.ogc.org/is/21-065r2/21-065r2.html): text and JSON to one tree, the
 * tree to a function that judges a feature. Pure: no snapshot, no clock.
 */
export { boundsOf } from './bounds.ts';
export { compile } from './compile.ts';
export { FilterSyntaxError } from './expression.ts';
export type { Expression, Queryable, Queryables } from './expression.ts';
export { parseJson } from './json.ts';
export { parseText } from './text.ts';

/**
 * The conformance classes that hold, each for all of the standard's test data (test/unit/cql2-conformance.test.ts); there is none for
 * array-functions. Not among them: functions, of which we offer none.
 */
export const conformance: readonly string[] = [
	'cql2-text',
	'cql2-json',
	'basic-cql2',
	'advanced-comparison-operators',
	'case-insensitive-comparison',
	'accent-insensitive-comparison',
	'basic-spatial-functions',
	'basic-spatial-functions-plus',
	'spatial-functions',
	'temporal-functions',
	'array-functions',
	'property-property',
	'arithmetic'
].map((name) => `http://www.opengis.net/spec/cql2/1.0/conf/${name}`);
