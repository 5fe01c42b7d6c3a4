/** Headers of every answer. The page's own policy (hashes of its inline scripts) comes from SvelteKit; here it is completed. */

/** Where a map's style, tiles, glyphs and pictures may come from, besides ourselves: origins such as `https://data.geopf.fr`. */
export function withMapOrigins(policy: string, origins: readonly string[]): string {
	if (origins.length === 0) return policy;
	return policy.replace(/(^|; ?)(connect-src|img-src) ([^;]*)/g, (_all, start: string, directive: string, sources: string) => {
		return `${start}${directive} ${[sources.trim(), ...origins].join(' ')}`;
	});
}

/** Lets sites show the page in a frame of theirs, and ourselves; no site leaves it to nobody. `*` is every site. */
export function withFramers(policy: string, sites: readonly string[]): string {
	if (sites.length === 0) return policy;
	return policy.replace(/frame-ancestors [^;]*/, `frame-ancestors ${["'self'", ...sites].join(' ')}`);
}

/** A document that is not one of our pages (a file, an error, JSON) needs nothing and may be framed by nobody. */
const barePolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export interface HeaderOptions {
	/** Origins of the configured base map. */
	mapOrigins: readonly string[];
	/** Sites that may show this answer in a frame of theirs; nobody, unless said. */
	framers?: readonly string[];
	/** The visitor reaches us by https, as ORIGIN says. */
	https: boolean;
	/** Drawn for somebody who may be signed in: nobody else's cache keeps such a page. */
	personal?: boolean;
}

/** Completes the headers of an answer in place; what a route set by itself is kept. */
export function secureHeaders(headers: Headers, { mapOrigins, framers = [], https, personal = false }: HeaderOptions): void {
	const page = headers.get('content-type')?.startsWith('text/html') ?? false;
	const policy = headers.get('content-security-policy');
	headers.set('content-security-policy', withFramers(policy ? withMapOrigins(policy, mapOrigins) : barePolicy, framers));
	headers.set('x-content-type-options', 'nosniff');
	// A page whose address is a secret says so itself.
	if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'strict-origin-when-cross-origin');
	headers.set('permissions-policy', 'geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()');
	headers.set('cross-origin-opener-policy', 'same-origin');
	if (https) headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
	// A browser keeps a permanent redirect for ever; an old slug may come back, and its own redirect with it.
	if ((page || headers.has('location')) && !headers.has('cache-control'))
		headers.set('cache-control', personal ? 'private, no-cache' : 'no-cache');
	if (!page) return;
	vary(headers, ['Accept-Language', 'Cookie']);
}

/** Adds names to `Vary` once. */
function vary(headers: Headers, names: readonly string[]): void {
	const present = (headers.get('vary') ?? '').split(',').map((name) => name.trim());
	const missing = names.filter((name) => !present.some((other) => other.toLowerCase() === name.toLowerCase()));
	if (missing.length > 0) headers.set('vary', [...present.filter(Boolean), ...missing].join(', '));
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a write comes from one of our own pages. Browsers send `Origin` with every unsafe request; SvelteKit checks it for
 * forms only, a `fetch` with JSON is checked here too. Without `Origin` there is no browser and so no cookie to abuse, unless
 * a cookie came along.
 */
export function fromOurPages(request: Request, origin: string): boolean {
	if (safeMethods.has(request.method)) return true;
	const sent = request.headers.get('origin');
	if (sent !== null) return sent === origin;
	return !request.headers.has('cookie');
}
