import type { PlaceFeature } from '$lib/server/opendata/geojson';
import type { Link } from '$lib/server/opendata/ogc/links';

/** What pages read of the resources that programs get. */
export interface Linked {
	links: Link[];
}

export interface Landing extends Linked {
	title: string;
	description: string;
}

export interface Conformance extends Linked {
	conformsTo: string[];
}

export interface Collection extends Linked {
	id: string;
	title: string;
	description: string;
	extent: { spatial: { bbox: number[][] }; temporal: { interval: (string | null)[][] } };
	crs: string[];
}

export interface Collections extends Linked {
	collections: Collection[];
}

export interface Tileset extends Linked {
	title: string;
	tileMatrixSetId: string;
	tileMatrixSetLimits: { tileMatrix: string }[];
	layers: { id: string }[];
}

export interface Tilesets extends Linked {
	tilesets: Tileset[];
}

export interface Property {
	title?: string;
	description?: string;
	type?: string;
	format?: string;
	enum?: string[];
	minimum?: number;
	maximum?: number;
	default?: string | number;
}

export interface Queryables extends Linked {
	properties: Record<string, Property>;
}

export interface Items extends Linked {
	numberMatched?: number;
	numberReturned: number;
	features: PlaceFeature[];
}

export type Item = Linked & PlaceFeature;

export interface Parameter {
	$ref?: string;
	name: string;
	in: 'path' | 'query';
	description: string;
	schema: Property;
}

export interface Document {
	info: { title: string };
	paths: Record<
		string,
		{ get: { operationId: string; summary: string; parameters: Parameter[]; responses: Record<string, object> } }
	>;
	components: {
		parameters: Record<string, Parameter>;
		responses: Record<string, { description: string }>;
	};
}

/** What a value is made of, as the words `ogc_type_…` know it. */
export const kindOf = ({ type = '', format }: Property): string => (format ?? type).replaceAll('-', '_');

/** A link of that relation that people follow. */
export const pageOf = (links: Link[], rel: string): string | undefined =>
	links.find((link) => link.rel.endsWith(rel) && link.type === 'text/html')?.href;
