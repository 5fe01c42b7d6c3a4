import { Parser, Store } from 'n3';
import type { Quad_Object, Quad_Subject, Term } from 'n3';

const spaces: Record<string, string> = {
	dcat: 'http://www.w3.org/ns/dcat#',
	dct: 'http://purl.org/dc/terms/',
	foaf: 'http://xmlns.com/foaf/0.1/',
	geo: 'http://www.opengis.net/ont/geosparql#',
	hydra: 'http://www.w3.org/ns/hydra/core#',
	rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
	rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
	skos: 'http://www.w3.org/2004/02/skos/core#',
	spdx: 'http://spdx.org/rdf/terms#',
	vcard: 'http://www.w3.org/2006/vcard/ns#',
	xsd: 'http://www.w3.org/2001/XMLSchema#'
};

/** `dcat:Dataset` → its address. */
export function full(name: string): string {
	const [prefix = '', local = ''] = name.split(':', 2);
	const space = spaces[prefix];
	if (space === undefined) throw new Error(`no such prefix: ${name}`);
	return space + local;
}

/** What a Turtle document says, as its readers ask it. */
export class Graph {
	readonly store: Store;
	constructor(turtle: string) {
		this.store = new Store(new Parser({ format: 'text/turtle' }).parse(turtle));
	}
	ofType(type: string): Quad_Subject[] {
		return this.store.getSubjects(full('rdf:type'), full(type), null);
	}
	values(subject: Term, property: string): Quad_Object[] {
		return this.store.getObjects(subject as Quad_Subject, full(property), null);
	}
	texts(subject: Term, property: string): string[] {
		return this.values(subject, property).map(({ value }) => value);
	}
}
