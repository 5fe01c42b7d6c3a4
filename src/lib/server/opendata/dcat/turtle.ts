import { DataFactory, Store, Writer } from 'n3';
import type { BlankNode, NamedNode } from 'n3';
import { expand, isNode, prefixes, safeIri } from './graph.ts';
import type { Literal, Node } from './graph.ts';

const { blankNode, literal, namedNode, quad } = DataFactory;
const type = namedNode(expand('rdf:type'));

/** Turtle 1.1; what is said twice stands once. */
export function turtle(root: Node): string {
	const store = new Store();
	let anonymous = 0;
	const add = (thing: Node): NamedNode | BlankNode => {
		const subject = thing.id === undefined ? blankNode(`b${anonymous++}`) : namedNode(safeIri(thing.id));
		for (const name of thing.types) store.addQuad(quad(subject, type, namedNode(expand(name))));
		for (const [name, values] of Object.entries(thing.says)) {
			const predicate = namedNode(expand(name));
			for (const value of values) store.addQuad(quad(subject, predicate, isNode(value) ? add(value) : term(value)));
		}
		return subject;
	};
	add(root);
	const writer = new Writer({ prefixes });
	writer.addQuads(store.getQuads(null, null, null, null));
	let written = '';
	writer.end((failure: Error | null, result: string) => {
		if (failure) throw failure;
		written = result;
	});
	return written;
}

function term({ value, language, datatype }: Literal) {
	return literal(value, language ?? (datatype === undefined ? undefined : namedNode(expand(datatype))));
}
