import type { View } from '../published/view.ts';
import type { Coding } from '../opendata/stored.ts';

/**
 * What a route says of an answer that is the same for everybody: it may be given again, as it is, to whoever asks for the same address, while
 * this view is the public one, until the day ends. Never what depends on anything else: a cookie, a language, the minute.
 */
export interface Keep {
	/** What it was made of. */
	view: View;
	/** The day it was made for, which may be over by now; null when nothing in it turns with the day. */
	today: string | null;
	/** Those it chooses from by what the client takes, the best first. */
	codings: readonly Coding[];
	/** Where its bytes are, when they are the whole of a file. */
	file?: { path: string; size: number };
	/** Called each time somebody is given the whole of it: not for HEAD, nor for 304. It must not hold on to the view. */
	given?: () => void;
	/** From then on the route is asked again, which may have the same in a better coding; milliseconds since 1970. */
	until?: number;
}

/** An answer that is finished. Headers are names in small letters and values in turn, as Node takes them. */
export interface Answer {
	status: number;
	headers: string[];
	/** Of a 304. */
	headersOfKnown: string[];
	/** With its quotes. */
	etag: string;
	bytes: Buffer;
	file: { path: string; size: number } | null;
	given: (() => void) | null;
	/** Milliseconds since 1970. */
	until: number;
}

/** Of what a client has already, nothing is said but how to keep it (RFC 9110 §15.4.5). */
const ofContent = new Set(['content-type', 'content-length', 'content-encoding', 'accept-ranges']);

/**
 * A response as it is kept; null for what is never: an error, a redirect, what sets a cookie, what no cache may keep, what has no strong
 * validator. Its body is read, unless it is a file's.
 */
export async function answerOf(
	response: Response,
	{ file, given, until }: Pick<Keep, 'file' | 'given' | 'until'>
): Promise<Answer | null> {
	const { status, headers } = response;
	const etag = headers.get('etag') ?? '';
	const isShared = !headers.has('set-cookie') && !/private|no-store/.test(headers.get('cache-control') ?? '');
	if ((status !== 200 && status !== 204) || !etag.startsWith('"') || !isShared) return null;
	const bytes = file ? Buffer.alloc(0) : Buffer.from(await response.arrayBuffer());
	const length = String(file?.size ?? bytes.length);
	const pairs = [...headers].filter(([name]) => name !== 'content-length');
	const all: [string, string][] = status === 204 ? pairs : [...pairs, ['content-length', length]];
	return {
		status,
		headers: all.flat(),
		headersOfKnown: pairs.filter(([name]) => !ofContent.has(name)).flat(),
		etag,
		bytes,
		file: file ?? null,
		given: given ?? null,
		until: until ?? Infinity
	};
}
