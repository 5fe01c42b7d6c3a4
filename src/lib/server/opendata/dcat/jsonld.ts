import { isNode, prefixes, safeIri } from './graph.ts';
import type { Node, Value } from './graph.ts';

/**
 * JSON-LD 1.1, compacted against a context that stands in the document: one that has to be fetched is what harvesters fail on most.
 */
export function jsonld(root: Node): string {
	return JSON.stringify({ '@context': prefixes, ...object(root) }, null, '\t');
}

function object({ id, types, says }: Node): Record<string, unknown> {
	return {
		...(id === undefined ? {} : { '@id': safeIri(id) }),
		...(types.length === 0 ? {} : { '@type': one(types) }),
		...Object.fromEntries(Object.entries(says).map(([name, values]) => [name, one(values.map(written))]))
	};
}

function written(value: Value): unknown {
	if (isNode(value)) return object(value);
	const { value: said, language, datatype } = value;
	if (language !== undefined) return { '@value': said, '@language': language };
	return datatype === undefined ? said : { '@value': said, '@type': datatype };
}

const one = <T>(values: T[]): T | T[] => (values.length === 1 ? values[0]! : values);
