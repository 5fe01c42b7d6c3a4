import { writable } from '../xml.ts';

/** The vocabularies of a catalogue; every name in this folder is one of these prefixes and a local name. */
export const prefixes = {
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
} as const;

export type Name = `${keyof typeof prefixes}:${string}`;

/** A text, with its language or its datatype. */
export interface Literal {
	value: string;
	language?: string;
	datatype?: Name;
}

/** A thing with what is said of it. Without `id` it has no address of its own; without types it is only pointed at. */
export interface Node {
	id?: string;
	types: Name[];
	says: Record<string, Value[]>;
}
export type Value = Literal | Node;

export const isNode = (value: Value): value is Node => 'says' in value;

/** Only an address, of which nothing is said here. */
export const iri = (id: string): Node => ({ id, types: [], says: {} });

/** A thing; what has no value is left out. */
export function node(id: string | null, types: Name[], says: Partial<Record<Name, Value | Value[] | null>> = {}): Node {
	const kept: Node['says'] = {};
	for (const [name, value] of Object.entries(says)) {
		const values = value == null ? [] : Array.isArray(value) ? value : [value];
		if (values.length > 0) kept[name] = values;
	}
	return { ...(id === null ? {} : { id }), types, says: kept };
}

/** Without what XML cannot carry, and without carriage returns, which its readers turn into something else: the three files must say the same. */
export function text(value: string, language?: string): Literal {
	return { value: writable(value).replaceAll('\r', ''), ...(language === undefined ? {} : { language }) };
}

/** One text per language, French first; an empty one is left out, a text that is the same in both is said once for each. */
export const label = ({ fr, en }: { fr: string; en: string }): Literal[] => [
	...(fr === '' ? [] : [text(fr, 'fr')]),
	...(en === '' ? [] : [text(en, 'en')])
];

export const typed = (value: string, datatype: Name): Literal => ({ value, datatype });

/** `dct:title` → its address. */
export function expand(name: string): string {
	const at = name.indexOf(':');
	return prefixes[name.slice(0, at) as keyof typeof prefixes] + name.slice(at + 1);
}

/** An address that may stand in each of the three syntaxes: what RFC 3987 forbids is escaped. */
export function safeIri(address: string): string {
	return address.replaceAll(/[^\x21-\x7E\u00A0-\uFFFF]|[<>"{}|\\^`]/g, (sign) => encodeURIComponent(sign));
}
