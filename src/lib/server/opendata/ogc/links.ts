import type { Asked } from './operation.ts';

export interface Link {
	href: string;
	rel: string;
	type: string;
	title?: string;
	templated?: true;
}

export const types = {
	json: 'application/json',
	geojson: 'application/geo+json',
	html: 'text/html',
	schema: 'application/schema+json',
	openapi: 'application/vnd.oai.openapi+json;version=3.0',
	tile: 'application/vnd.mapbox-vector-tile'
} as const;

export const rels = {
	queryables: 'http://www.opengis.net/def/rel/ogc/1.0/queryables',
	sortables: 'http://www.opengis.net/def/rel/ogc/1.0/sortables',
	tilesets: 'http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector',
	tilingScheme: 'http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme',
	tilingSchemes: 'http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes'
} as const;

/** The address as asked, with other parameters; `undefined` takes one away. */
export function addressOf(url: URL, changes: Record<string, string | undefined>): string {
	const query = new URLSearchParams(url.search);
	for (const [name, value] of Object.entries(changes)) {
		if (value === undefined) query.delete(name);
		else query.set(name, value);
	}
	const text = query.toString();
	return `${url.origin}${url.pathname}${text === '' ? '' : `?${text}`}`;
}

/** What every resource says of itself: where it is, and in which other encodings. */
export function ownLinks({ url, format, operation }: Asked): Link[] {
	const asJson = { href: addressOf(url, { f: 'json' }), type: operation.type, title: 'JSON' };
	const asPage = { href: addressOf(url, { f: 'html' }), type: types.html, title: 'HTML' };
	return format === 'page'
		? [
				{ rel: 'self', ...asPage },
				{ rel: 'alternate', ...asJson }
			]
		: [
				{ rel: 'self', ...asJson, href: addressOf(url, {}) },
				{ rel: 'alternate', ...asPage }
			];
}

/** A resource in each of its encodings: `type` first, then the page. */
export function both(rel: string, href: string, type: string, title: string): Link[] {
	return [
		{ rel, href, type, title },
		{ rel, href: `${href}?f=html`, type: types.html, title }
	];
}
