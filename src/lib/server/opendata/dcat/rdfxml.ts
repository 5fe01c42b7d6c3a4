import { xmlText } from '../xml.ts';
import { expand, isNode, prefixes, safeIri } from './graph.ts';
import type { Name, Node, Value } from './graph.ts';

/**
 * RDF/XML, things inside what points at them (« striped »). Written here because no library that is still kept writes it; its readers in
 * portals are XML-only, and its grammar for a tree without lists or reified statements is these two elements.
 * https://www.w3.org/TR/rdf-syntax-grammar/
 */
export function rdfxml(root: Node): string {
	const spaces = Object.entries(prefixes).map(([prefix, address]) => ` xmlns:${prefix}="${xmlText(address)}"`);
	return `<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF${spaces.join('')}>\n${element(root, '\t')}</rdf:RDF>\n`;
}

function element({ id, types, says }: Node, indent: string): string {
	const [first = 'rdf:Description' as Name, ...others] = types;
	const about = id === undefined ? '' : ` rdf:about="${xmlText(safeIri(id))}"`;
	const lines = [
		...others.map((type) => `${indent}\t<rdf:type rdf:resource="${xmlText(expand(type))}"/>\n`),
		...Object.entries(says).flatMap(([name, values]) => values.map((value) => property(name, value, `${indent}\t`)))
	];
	return lines.length === 0
		? `${indent}<${first}${about}/>\n`
		: `${indent}<${first}${about}>\n${lines.join('')}${indent}</${first}>\n`;
}

function property(name: string, value: Value, indent: string): string {
	if (isNode(value)) {
		const onlyPointedAt = value.id !== undefined && value.types.length === 0 && Object.keys(value.says).length === 0;
		return onlyPointedAt
			? `${indent}<${name} rdf:resource="${xmlText(safeIri(value.id!))}"/>\n`
			: `${indent}<${name}>\n${element(value, `${indent}\t`)}${indent}</${name}>\n`;
	}
	const { value: said, language, datatype } = value;
	const tongue = language === undefined ? '' : ` xml:lang="${language}"`;
	const kind = datatype === undefined ? '' : ` rdf:datatype="${xmlText(expand(datatype))}"`;
	return `${indent}<${name}${tongue}${kind}>${xmlText(said)}</${name}>\n`;
}
