import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { View } from '../published/view.ts';

const compress = promisify(gzip);
/** Below a packet compression only costs. */
const worthCompressing = 1200;
/** Above this a copy takes longer than a stream. */
const worthStreaming = 1 << 16;

export interface Tag {
	/** Build, sequence, query and day: the same on every node, so that a CDN and two nodes agree. */
	build: string;
	seq: number;
	/** Of the view: once a backup came back the same number may mean other changes. */
	changedAt: string | null;
	/** Of the database: once it is migrated it may show more or less of what has not changed. */
	schema: string | null;
	query: string;
	/** Where freshness or anything else turns with the day. */
	day?: string;
}

/** What a tag says of the view that something is made of. */
export function stateOf({
	seq,
	changedAt,
	settings
}: Pick<View, 'seq' | 'changedAt' | 'settings'>): Pick<Tag, 'seq' | 'changedAt' | 'schema'> {
	return { seq, changedAt, schema: settings.schema?.version ?? null };
}

/** A strong validator, without quotes. */
export function etagOf({ build, seq, changedAt, schema, query, day = '' }: Tag): string {
	return createHash('sha256')
		.update(JSON.stringify([build, seq, changedAt, schema, query, day]))
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
	/** False for what is compressed inside: it is sent as it is. */
	compressible?: boolean;
}

/** As much of a request as an answer depends on; Fetch's own fits. */
export interface Asking {
	method: string;
	headers: { get(name: string): string | null };
}

/** Whether the client takes gzip (RFC 9110 §12.5.3: a weight of zero is a no). */
export function acceptsGzip(request: Pick<Asking, 'headers'>): boolean {
	return accepts(request, 'gzip');
}

/** Whether the client takes a coding, by name or as anything. */
export function accepts(request: Pick<Asking, 'headers'>, coding: 'gzip' | 'br'): boolean {
	const offers = (request.headers.get('accept-encoding') ?? '').toLowerCase().split(',');
	const weights = new Map(
		offers.map((offer) => [offer.split(';')[0]!.trim(), Number(/;\s*q\s*=\s*([\d.]+)/.exec(offer)?.[1] ?? 1)])
	);
	return (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
}

/** What every answer of open data says: any page may read it, caches keep it and ask again, which costs a 304. */
export function openHeaders({ tag, modified }: { tag: string; modified: number | null }): Record<string, string> {
	return {
		etag: tag,
		'cache-control': 'public, no-cache',
		'access-control-allow-origin': '*',
		'access-control-expose-headers':
			'ETag, Last-Modified, Link, Content-Disposition, Content-Length, Content-Range, Accept-Ranges',
		vary: 'Accept-Encoding',
		...(modified === null || !isSettled(modified) ? {} : { 'last-modified': new Date(modified).toUTCString() })
	};
}

/** An answer that is ready to be sent. */
export interface Prepared {
	status: number;
	/** By names in small letters. */
	headers: Record<string, string>;
	body: Uint8Array | ReadableStream<Uint8Array> | null;
}

/** Answers GET and HEAD: 304 when the client has it, else the body, compressed when it takes that. */
export async function answer(request: Asking, what: Answer): Promise<Response> {
	return responseOf(await prepare(request, what));
}

/** The same, before it is a `Response`. */
export async function prepare(request: Asking, { etag, modified, type, body, ...rest }: Answer): Promise<Prepared> {
	const { headers, compressible = true } = rest;
	const encoding = compressible && acceptsGzip(request) ? 'gzip' : 'identity';
	const tag = `"${etag}${encoding === 'gzip' ? '-gz' : ''}"`;
	const common = { ...openHeaders({ tag, modified: modified ?? null }), ...headers };
	if (isKnown(request, tag, modified ?? null)) return { status: 304, headers: common, body: null };
	const full = { ...common, 'content-type': type };
	const packed = { ...full, 'content-encoding': 'gzip' };
	if (request.method === 'HEAD') return { status: 200, headers: encoding === 'gzip' ? packed : full, body: null };
	const { bytes, encoded } = await body(encoding);
	if (bytes instanceof ReadableStream) return { status: 200, headers: encoded ? packed : full, body: bytes };
	if (encoded) return sized(bytes, packed);
	if (encoding === 'gzip' && bytes.length >= worthCompressing) return sized(await compress(bytes), packed);
	return sized(bytes, full);
}

function sized(body: Uint8Array, headers: Record<string, string>): Prepared {
	return { status: 200, headers: { ...headers, 'content-length': String(body.length) }, body };
}

export function responseOf({ status, headers, body }: Prepared): Response {
	const isLarge = body instanceof Uint8Array && body.length >= worthStreaming;
	return new Response(isLarge ? streamed(body) : (body as BodyInit | null), { status, headers });
}

/** A response copies bytes that it is given, and a stream of them it does not. */
function streamed(bytes: Uint8Array): ReadableStream<Uint8Array> {
	return new ReadableStream(
		{
			pull(controller) {
				controller.enqueue(bytes);
				controller.close();
			}
		},
		{ highWaterMark: 0 }
	);
}

/**
 * A date tells two versions apart only once no other can get the same one (RFC 9110 §8.8.2.2): changes of one second share it, and one that
 * is committed late may bring an earlier one. Until then there is the tag.
 */
const settlesMs = 60_000;
const isSettled = (modified: number) => Date.now() - modified >= settlesMs;

/** Whether a header names the very date that was given with this version. `modified` in milliseconds. */
export function isDateOf(modified: number, header: string | null): boolean {
	return isSettled(modified) && Date.parse(header ?? '') === Math.floor(modified / 1000) * 1000;
}

/**
 * If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2). Of the latter only the date that was given counts: after a backup was brought
 * back what is newer has an older one, and what was withheld would stay with whoever asks by date.
 */
export function isKnown(request: Asking, tag: string, modified: number | null): boolean {
	const known = request.headers.get('if-none-match');
	if (known !== null) return holdsTag(known, tag);
	return modified !== null && isDateOf(modified, request.headers.get('if-modified-since'));
}

/** Whether the list of If-None-Match has a tag in it. */
export function holdsTag(known: string, tag: string): boolean {
	if (known === tag) return true;
	return known.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag);
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
			'access-control-allow-headers': 'If-None-Match, If-Modified-Since, If-Range, Range',
			'access-control-max-age': '86400'
		}
	});
}
