import type { Label, Locale } from '../../../domain/taxonomy.ts';
import type { Crs } from '../../../geo/crs.ts';
import type { Ref } from '../../published/layers.ts';
import type { Edition } from '../geojson.ts';
import type { Link } from './links.ts';
import type { Schema, Value } from './schema.ts';

export interface Parameter {
	name: string;
	description: Label;
	schema: Schema;
}

/** What is asked, after its parameters were checked. */
export interface Asked {
	operation: Operation;
	edition: Edition;
	/** Of the landing page, without a slash at the end. */
	root: string;
	/** As a client asks it, at the public origin. */
	url: URL;
	path: Readonly<Record<string, string>>;
	query: Readonly<Record<string, Value | undefined>>;
	/** `page` for people; the titles of data are in their language. */
	format: 'json' | 'page';
	locale: Locale;
	/** Milliseconds. */
	now: number;
}

export interface Resource {
	links: Link[];
	[member: string]: unknown;
}

/** A page of a collection. */
export interface Features {
	head: Resource;
	places: readonly Ref[];
	/** The system of their positions. */
	output: Crs;
	/** False when time ran out before the page was full. */
	whole: boolean;
}

export interface Found {
	/** Beyond those of every answer. */
	headers?: Record<string, string>;
	/** Worked out only when it is sent; links to itself come first and are added by `links.ts`. */
	resource?: () => Resource | Promise<Resource>;
	/** Of a collection: its features are written one by one. */
	features?: () => Promise<Features>;
	/** It takes so much memory that few may be answered at a time. */
	heavy?: boolean;
	/** Instead of JSON; none is 204. */
	bytes?: Uint8Array;
	/** False for what carries the moment of its writing: its validator is weak. */
	exact?: boolean;
}

/** One row of the table that routing, the checking of parameters and the OpenAPI document are made of. */
export interface Operation {
	/** `operationId`, unique. */
	id: string;
	/** Under the landing page, with `{parameters}`. */
	path: string;
	summary: Label;
	/** Parts of the path, for the document. */
	pathParameters: readonly Parameter[];
	/** Those of the query; `f` is everywhere. */
	parameters: readonly Parameter[];
	/** Of its JSON, or of its bytes. */
	type: string;
	/** A name in `schemas.ts`; none for bytes. */
	schema: string | null;
	/** Whether there is a page of it for people. */
	page: boolean;
	/** Besides 200, 304, 400 and 503. */
	statuses: readonly (204 | 308 | 404 | 410 | 413)[];
	answer(asked: Asked): Found;
}
