import { node, text } from './graph.ts';
import type { Node } from './graph.ts';

/** Names of the EU's table of file types, where it has one. http://publications.europa.eu/resource/authority/file-type */
const fileTypes: Readonly<Record<string, string>> = {
	geojson: 'GEOJSON',
	csv: 'CSV',
	gpkg: 'GPKG',
	json: 'JSON',
	kml: 'KML',
	xlsx: 'XLSX'
};

/** Without its parameters: a catalogue names the type, not one file's encoding. */
const registered = (mediaType: string) => `https://www.iana.org/assignments/media-types/${mediaType.replace(/;.*$/, '').trim()}`;

export const mediaTypeNode = (mediaType: string): Node => node(registered(mediaType), ['dct:MediaType']);

/** The EU's name for an extension, else the registered type: harvesters take the last part of either for the name of the format. */
export function fileTypeNode(extension: string, mediaType: string): Node {
	const name = fileTypes[extension];
	const id = name === undefined ? registered(mediaType) : `http://publications.europa.eu/resource/authority/file-type/${name}`;
	return node(id, ['dct:MediaTypeOrExtent']);
}

/** What the data is written after; its address says which, its name is for people. */
export function standardNode(address: string, name?: string): Node {
	return node(address, ['dct:Standard'], { 'dct:title': name === undefined ? null : text(name, 'fr') });
}
