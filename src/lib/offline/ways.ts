/** Which request the service worker answers in which way. Nothing of it touches a network or a cache. */

/**
 * `page`: anyone may read it; the network first, kept for a time without one. `data`: what a page of these asks for when the next one is opened
 * from it; only the network. `elsewhere`: every other page; never kept. `code`: named by its content, so kept as it is. `photo`: likewise.
 * `tile`: pieces of the map. `file`: pictograms and the like, which change with the application only. Null: none of our business.
 */
export type Way = 'page' | 'data' | 'elsewhere' | 'code' | 'file' | 'tile' | 'photo' | null;

/** How many of each are kept at most: the oldest leave first. */
export const limits = { page: 60, code: 300, file: 20, tile: 200, photo: 60 } as const;
export type Kept = keyof typeof limits;

/** A network that says nothing for so long is taken for none, where something was kept; milliseconds. */
export const silenceMs = 3000;
/**
 * What was taken off the map in the meantime isn't read for ever in a pocket: a page, a photo, a piece of the map that is asked for without a
 * network. With one the present page comes first, and what it says is gone is forgotten at once. Milliseconds.
 */
export const keptForMs = 30 * 86_400_000;

const papers = new Set(['/', '/data', '/indicators', '/accessibility', '/legal', '/privacy', '/terms']);
const places = /^\/places\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/(?!(?:edit|partners|report)$)[^/]+$/;
const others = /^\/(?:areas|organisations)\/[^/]+$/;

/**
 * What a list's address says. Any other parameter may be somebody's own, such as the word after a form, and that page isn't kept; nor is one
 * with `near`, which is where somebody stood.
 */
const ofLists = new Set([
	...['q', 'theme', 'category', 'area', 'kind', 'open', 'wheelchair', 'cost', 'audience', 'language', 'bbox', 'z', 'page']
]);

export interface Asked {
	method: string;
	/** `Request.mode`: `navigate` for a page. */
	mode: string;
	url: URL;
	/** A part of a file, which no cache of a browser keeps. */
	range?: boolean;
}

/** @param origin ours */
export function wayOf({ method, mode, url, range = false }: Asked, origin: string): Way {
	if (method !== 'GET' || url.origin !== origin || range) return null;
	if (mode === 'navigate') return isReading(url) ? 'page' : 'elsewhere';
	const { pathname } = url;
	if (pathOfData(pathname) !== null) return isReading(pageOfData(url)) ? 'data' : null;
	if (pathname.startsWith('/_app/immutable/')) return 'code';
	if (/^\/photos\/[^/]+\.webp$/.test(pathname)) return 'photo';
	if (pathname.startsWith('/tiles/places') || pathname.startsWith('/basemap/')) return 'tile';
	return pathname === '/pictograms.svg' || pathname === '/favicon.svg' ? 'file' : null;
}

/** A page that everyone reads alike. */
export function isReading({ pathname, searchParams }: URL): boolean {
	const lists = pathname === '/' || others.test(pathname);
	if ([...searchParams.keys()].some((name) => !lists || !ofLists.has(name))) return false;
	return papers.has(pathname) || others.test(pathname) || isPlace(pathname);
}

/** A place's own page, or its history. */
export const isPlace = (pathname: string): boolean => places.test(pathname);

/** The page of which this is the data: SvelteKit's `/areas/x/__data.json` belongs to `/areas/x`. */
export function pageOfData(url: URL): URL {
	const page = new URL(url);
	page.pathname = pathOfData(url.pathname) ?? url.pathname;
	for (const name of [...page.searchParams.keys()]) if (name.startsWith('x-sveltekit-')) page.searchParams.delete(name);
	return page;
}

function pathOfData(pathname: string): string | null {
	return pathname.endsWith('/__data.json') ? pathname.slice(0, -'/__data.json'.length) || '/' : null;
}

/** An answer, as far as it tells whether it may be kept. */
export type Answer = Pick<Response, 'status' | 'type' | 'redirected' | 'headers'>;

/** Only whole answers that are meant for everyone. A page that was drawn for somebody who is signed in says `private`. */
export function mayKeep(way: Kept, { status, type, redirected, headers }: Answer): boolean {
	const caching = headers.get('cache-control') ?? '';
	if (type !== 'basic' || redirected || /\b(?:no-store|private)\b/i.test(caching)) return false;
	if (way === 'page') return status === 200 && (headers.get('content-type') ?? '').startsWith('text/html');
	return status === 200 || (way === 'tile' && status === 204);
}

/** What was kept under this address is no longer there to be read: taken away, hidden, or moved. */
export function isGone({ status, type }: Pick<Answer, 'status' | 'type'>): boolean {
	return type === 'opaqueredirect' || status === 404 || status === 410;
}

/** Somebody leaves a browser that others may use: no trace of what was read stays. */
export function isLeaving({ method, url }: Pick<Asked, 'method' | 'url'>): boolean {
	return method === 'POST' && ['/sign-out', '/me/delete'].includes(url.pathname);
}
