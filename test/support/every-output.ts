import { unzipSync } from 'fflate';
import type { TestApp } from './app.ts';
import { kindOf } from './crawl.ts';

export interface Output {
	path: string;
	status: number;
	/** As they were sent, uncompressed; what is in an archive follows. */
	bytes: Buffer;
}

const formats = ['geojson', 'geojsonl', 'csv', 'gpkg', 'fgb', 'kml', 'xlsx'];
/** Where the others are found from. */
const seeds = [
	...['/', '/data', '/data/changes?since=0&limit=1000', '/data/changes.atom', '/catalog.ttl', '/catalog.jsonld', '/catalog.rdf'],
	...[
		'/ogc',
		'/ogc/collections?f=html',
		'/ogc/collections/places/items?limit=10000',
		'/tiles/places.json',
		'/api/search?limit=500'
	],
	...['/embed', '/indicators', '/health', '/basemap/areas.geojson', '/sitemap.xml', '/robots.txt', '/follow', '/offline'],
	...formats.map((format) => `/data/places.${format}`),
	...['/data/places.csv?excel=fr', '/tiles/places/14/8121/5687.mvt', '/tiles/places/14/8121/5688.mvt']
];
/** Another language of what was read, and doors rather than what is behind them. */
const others = /^\/(?:language|sign-in|sign-up|reset)\b|\/(?:edit|confirm|report)\b/;
const ofOneKind = 2;

interface Wanted {
	/** Places that are looked at in every way there is. */
	ids: readonly string[];
	/** What is searched for. */
	words: readonly string[];
	/** Addresses that nothing leads to. */
	also: readonly string[];
}

/**
 * Reads all that anybody may read without an account: from the seeds on, what each answer leads to, in any format. Of the addresses of one
 * kind a few, and those of some places all.
 */
export async function everyOutput(app: TestApp, { ids, words, also }: Wanted): Promise<Output[]> {
	const searches = words.flatMap((word) =>
		['/?q=', '/api/search?q=', '/api/suggest?q='].map((path) => path + encodeURIComponent(word))
	);
	const waiting = [...seeds, ...also, ...searches, ...ids.flatMap(addressesOf)];
	const always = new Set(waiting);
	const seen = new Set<string>();
	const kinds = new Map<string, number>();
	const outputs: Output[] = [];
	const isWanted = (path: string) => {
		if (seen.has(path)) return false;
		seen.add(path);
		if (
			always.has(path) ||
			path.startsWith('/photos/') ||
			ids.some((id) => path.startsWith(`/places/${id}/`) && !others.test(path))
		)
			return true;
		const kind = kindWithFormat(path);
		const count = (kinds.get(kind) ?? 0) + 1;
		kinds.set(kind, count);
		return count <= (others.test(path) ? 1 : ofOneKind);
	};
	const read = async () => {
		for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
			if (!isWanted(path)) continue;
			const answer = await fetch(app.url + path, { redirect: 'manual', headers: { accept: 'text/html,*/*;q=0.5' } });
			const bytes = unpacked(Buffer.from(await answer.arrayBuffer()));
			const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
			outputs.push({ path, status: answer.status, bytes: Buffer.concat([Buffer.from(`${headers}\n`), bytes]) });
			waiting.push(...linksIn(`${headers}\n${bytes.toString('latin1')}`, app.url, path));
		}
	};
	while (waiting.length > 0) await Promise.all(Array.from({ length: 4 }, read));
	return outputs;
}

const addressesOf = (id: string) =>
	['', '.geojson', '/history'].map((end) => `/places/${id}${end}`).concat(`/ogc/collections/places/items/${id}`);

/** Formats are kinds of their own, also where a parameter names them; an address's numbers are not. */
function kindWithFormat(path: string): string {
	const url = new URL(path, 'http://x');
	const parameters = ['f', 'excel'].map((name) => url.searchParams.get(name) ?? '');
	const steps = kindOf(path).replace(/\d+/g, '0');
	return [others.test(path) ? steps.split(' ')[0] : steps, ...parameters].join(' ');
}

function unpacked(bytes: Buffer): Buffer {
	if (bytes.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') return bytes;
	return Buffer.concat([bytes, ...Object.values(unzipSync(bytes))]);
}

function linksIn(text: string, origin: string, from: string): string[] {
	const found = [
		...text.matchAll(/(?:href|src|srcset)="([^"\s]+)/g),
		...text.matchAll(new RegExp(`(${origin}/[^\\s"'<>\\\\),\\x00-\\x1f\\x7f-\\xff]*)`, 'g')),
		...text.matchAll(/"(\/(?:photos|places|data|tiles|ogc)\/[^"\s\\]*)"/g)
	];
	return found.flatMap(([, link = '']) => {
		const decoded = link.replaceAll('&amp;', '&').replace(/[.,;]$/, '');
		if (!URL.canParse(decoded, origin + from)) return [];
		const url = new URL(decoded, origin + from);
		const tile = url.pathname.replace('%7Bz%7D', '11').replace('%7Bx%7D', '1015').replace('%7By%7D', '711');
		return url.origin === origin && !tile.startsWith('/_app/') && !tile.includes('%7B') ? [tile + url.search] : [];
	});
}
