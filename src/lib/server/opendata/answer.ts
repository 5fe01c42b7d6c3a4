import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
/** Below a packet compression only costs. */
const worthCompressing = 1200;

export interface Tag {
	/** Build, sequence, query and day: the same on every node, so that a CDN and two nodes agree. */
	build: string;
	seq: number;
	query: string;
	/** Where freshness or anything else turns with the day. */
	day?: string;
}

/** A strong validator, without quotes. */
export function etagOf({ build, seq, query, day = '' }: Tag): string {
	return createHash('sha256')
		.update(JSON.stringify([build, seq, query, day]))
		.digest('base64url')
		.slice(0, 22);
}

export interface Answer {
	/** From `etagOf`. */
	etag: string;
	/** Milliseconds; left out where nothing but the tag tells. */
	modified?: number | null;
	type: string;
	/** Called only when the client does not have it yet. Bytes that are compressed already say so. */
	body: (encoding: 'gzip' | 'identity') => Promise<{ bytes: Uint8Array | ReadableStream<Uint8Array>; encoded: boolean }>;
	headers?: Record<string, string>;
}

/** Whether the client takes gzip (RFC 9110 §12.5.3: a weight of zero is a no). */
export function acceptsGzip(request: Request): boolean {
	const offers = (request.headers.get('accept-encoding') ?? '').toLowerCase().split(',');
	return offers.some(
		(offer) => /^\s*(gzip|\*)\s*(;\s*q\s*=\s*(?!0(\.0*)?\s*$))?/.test(offer) && !/q\s*=\s*0(\.0*)?\s*$/.test(offer)
	);
}

/**
 * Answers GET and HEAD: 304 when the client has it, else the body, compressed when it takes that. Any page may read it (CORS); caches
 * keep it and ask again, which costs a 304.
 */
export async function answer(request: Request, { etag, modified, type, body, headers }: Answer): Promise<Response> {
	const encoding = acceptsGzip(request) ? 'gzip' : 'identity';
	const tag = `"${etag}${encoding === 'gzip' ? '-gz' : ''}"`;
	const common: Record<string, string> = {
		etag: tag,
		'cache-control': 'public, no-cache',
		'access-control-allow-origin': '*',
		'access-control-expose-headers': 'ETag, Last-Modified, Content-Disposition',
		vary: 'Accept-Encoding',
		...(modified == null ? {} : { 'last-modified': new Date(modified).toUTCString() }),
		...headers
	};
	if (isKnown(request, tag, modified ?? null)) return new Response(null, { status: 304, headers: common });
	const full = { ...common, 'content-type': type };
	if (request.method === 'HEAD')
		return new Response(null, { headers: encoding === 'gzip' ? { ...full, 'content-encoding': 'gzip' } : full });
	const { bytes, encoded } = await body(encoding);
	if (bytes instanceof ReadableStream) return new Response(bytes, { headers: full });
	if (encoded) return send(bytes, { ...full, 'content-encoding': 'gzip' });
	if (encoding === 'gzip' && bytes.length >= worthCompressing)
		return send(await compress(bytes), { ...full, 'content-encoding': 'gzip' });
	return send(bytes, full);
}

function send(bytes: Uint8Array, headers: Record<string, string>): Response {
	return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { ...headers, 'content-length': String(bytes.length) } });
}

/** If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2). */
function isKnown(request: Request, tag: string, modified: number | null): boolean {
	const known = request.headers.get('if-none-match');
	if (known !== null) return known.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag);
	const since = Date.parse(request.headers.get('if-modified-since') ?? '');
	return modified !== null && Math.floor(modified / 1000) * 1000 <= since;
}

/** A body of JSON. */
export function jsonBody(value: unknown): Answer['body'] {
	return () => Promise.resolve({ bytes: new TextEncoder().encode(JSON.stringify(value)), encoded: false });
}

/** Lets other sites' scripts send conditional requests. */
export function preflight(): Response {
	return new Response(null, {
		status: 204,
		headers: {
			'access-control-allow-origin': '*',
			'access-control-allow-methods': 'GET, HEAD, OPTIONS',
			'access-control-allow-headers': 'If-None-Match, If-Modified-Since, Range',
			'access-control-max-age': '86400'
		}
	});
}
