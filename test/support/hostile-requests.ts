import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { encode, meant, number, strange } from './hostile-values.ts';
import type { Known } from './hostile-values.ts';

/** What anybody may send: a path as it stands, unlike `fetch`, which would tidy it up first. */
export interface HostileRequest {
	method: 'GET' | 'HEAD';
	path: string;
	headers: Record<string, string>;
}

export interface Answered {
	status: number;
	body: Buffer;
	/** From the question to the last byte, milliseconds. */
	took: number;
}

const agent = new Agent({ keepAlive: true });

export function ask(origin: string, { method, path, headers }: HostileRequest): Promise<Answered> {
	const started = performance.now();
	const { hostname, port } = new URL(origin);
	return new Promise((resolve, reject) => {
		const asked = request({ agent, hostname, port, method, path, headers }, (answer) => {
			const parts: Buffer[] = [];
			answer.on('data', (part: Buffer) => parts.push(part));
			answer.on('error', reject);
			answer.on('end', () =>
				resolve({ status: answer.statusCode!, body: Buffer.concat(parts), took: performance.now() - started })
			);
		});
		asked.on('error', reject);
		asked.end();
	});
}

/** Addresses that everybody may read, their parts filled with what there is and with what there is not. */
function paths(known: Known): fc.Arbitrary<string> {
	const one = (values: string[]) =>
		fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values).map(encode) }, { weight: 1, arbitrary: strange });
	const parts: Record<string, fc.Arbitrary<string>> = {
		...{
			id: one(known.ids),
			slug: strange,
			area: one(known.areas),
			organisation: one(known.organisations),
			dataset: one(known.datasets)
		},
		format: one(['geojson', 'geojsonl', 'csv', 'kml', 'fgb']),
		heavy: one(['gpkg', 'xlsx']),
		national: one(['equipements.csv', 'scdl-equipements.csv', 'mediation-numerique.json', 'data-inclusion.json']),
		catalogue: one(['ttl', 'jsonld', 'rdf']),
		tile: fc.oneof(
			fc.tuple(number, number, number).map((of) => of.join('/')),
			fc.constantFrom('12/2030/1422', '0/0/0', '11/1015/711')
		),
		photo: one(known.photos.map((id) => `${id}-480`))
	};
	const light = [
		...['/', '/places/{id}', '/places/{id}.geojson', '/places/{id}/{slug}', '/places/{id}/history', '/areas/{area}'],
		...['/organisations/{organisation}', '/data', '/data/{dataset}', '/data/{dataset}.{format}', '/data/{national}', '/embed'],
		...['/data/{dataset}/schema.json', '/data/changes', '/data/changes.atom', '/catalog.{catalogue}', '/tiles/places.json'],
		...[
			'/tiles/places/{tile}.mvt',
			'/api/search',
			'/api/suggest',
			'/api/likely',
			'/photos/{photo}.webp',
			'/basemap/areas.geojson'
		],
		...[
			'/basemap/base.pmtiles',
			'/pictograms.svg',
			'/health',
			'/indicators',
			'/embed/about',
			'/ogc',
			'/ogc/collections/{dataset}/items'
		],
		...['/{slug}', '/ogc/{slug}', '/_app/{slug}', '/places/new', '/follow', '/offline']
	];
	const template = fc.oneof(
		{ weight: 30, arbitrary: fc.constantFrom(...light) },
		{ weight: 1, arbitrary: fc.constant('/data/{dataset}.{heavy}') }
	);
	return template.chain((path) =>
		fc.record(parts).map((values) => path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''))
	);
}

const visible = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 60 });
const date = fc.constantFrom(
	'Sun, 22 Nov 2026 10:00:00 GMT',
	'Thu, 01 Jan 1970 00:00:00 GMT',
	'Fri, 31 Dec 9999 23:59:59 GMT',
	'hier'
);
const headers = fc.record(
	{
		range: fc.oneof(
			fc.constantFrom('bytes=0-0', 'bytes=-1', 'bytes=5-', 'bytes=9-1', 'bytes=0-1,3-4', 'bytes=99999999999-', 'lines=1-2'),
			visible
		),
		'if-range': fc.oneof(date, visible),
		'if-none-match': fc.oneof(fc.constantFrom('*', 'W/"x"', '"', `${'"a",'.repeat(500)}"b"`), visible),
		'if-modified-since': fc.oneof(date, visible),
		accept: fc.oneof(fc.constantFrom('text/html', 'application/json', 'text/turtle', '*/*;q=0', 'image/avif,*/*'), visible),
		'accept-language': fc.oneof(fc.constantFrom('en', 'fr-CA;q=0.1,en', '*', 'x'.repeat(500)), visible),
		'accept-encoding': fc.oneof(fc.constantFrom('gzip', 'br', 'identity;q=0', '*', 'gzip;q=nan,br;q=2'), visible),
		cookie: fc.oneof(
			fc.constantFrom('PARAGLIDE_LOCALE=en', 'PARAGLIDE_LOCALE=__proto__', 'a=%', 'sb-x-auth-token=base64-e30'),
			visible
		),
		'x-forwarded-for': visible,
		'x-sveltekit-invalidated': visible
	},
	{ requiredKeys: [] }
);

/** Anything that anybody may ask of what is public. */
export function hostileRequests(known: Known): fc.Arbitrary<HostileRequest> {
	const values = meant(known);
	const pair = fc
		.oneof({ weight: 12, arbitrary: fc.constantFrom(...Object.keys(values)) }, { weight: 1, arbitrary: strange })
		.chain((name) =>
			fc
				.oneof({ weight: 3, arbitrary: Object.hasOwn(values, name) ? values[name]! : strange }, { weight: 1, arbitrary: strange })
				.map((value) => `${name}=${value}`)
		);
	return fc
		.tuple(
			paths(known),
			fc.array(pair, { maxLength: 3 }),
			fc.constantFrom(...Array.from({ length: 12 }, () => ''), '/__data.json', '/'),
			headers,
			fc.constantFrom('GET', 'GET', 'GET', 'HEAD')
		)
		.map(([path, pairs, more, headers, method]) => ({
			method: method as 'GET' | 'HEAD',
			path: path + more + (pairs.length > 0 ? `?${pairs.join('&')}` : ''),
			headers
		}));
}
