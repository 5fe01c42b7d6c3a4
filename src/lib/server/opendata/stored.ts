import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { accepts, isDateOf, isKnown } from './answer.ts';
import { problem } from './problem.ts';
import { parseRange } from './ranges.ts';

export type Coding = 'br' | 'gzip';

const suffixes = { br: '-br', gzip: '-gz' };

/** A tag with its quotes: each coding has its own. */
export const tagOf = (etag: string, coding: Coding | undefined) => `"${etag}${coding ? suffixes[coding] : ''}"`;

/** The whole of a file on disk, as an answer gives it, and the codings it was chosen from. */
export interface Given {
	path: string;
	size: number;
	codings: Coding[];
}

const whole = new WeakMap<Response, Given>();

/** What an answer of `sendStored` gives the whole of; null for a part, and for nothing. */
export const wholeFileOf = (response: Response): Given | null => whole.get(response) ?? null;

/** A file on disk, as it is sent. */
export interface Stored {
	path: string;
	/** Bytes. */
	size: number;
	/** Without quotes. */
	etag: string;
	/** Milliseconds. */
	modified: number;
	type: string;
	/** The same, compressed, the best first. */
	packed?: { coding: Coding; path: string; size: number }[];
	headers: (tag: string) => Record<string, string>;
}

/**
 * Answers GET and HEAD with a file: 304 when the client has it, 206 for a range of its plain bytes (one that is no more is sent whole, RFC 9110 §13.1.5),
 * 416 for one beyond its end. Of HEAD there are no ranges (§14.2).
 */
export function sendStored(request: Request, file: Stored): Response {
	const plain = tagOf(file.etag, undefined);
	const inParts = request.method === 'GET' && isWanted(request, plain, file.modified);
	const range = inParts ? parseRange(request.headers.get('range'), file.size) : 'whole';
	const packed = range === 'whole' ? file.packed?.find(({ coding }) => accepts(request, coding)) : undefined;
	const tag = tagOf(file.etag, packed?.coding);
	const common = { ...file.headers(tag), 'accept-ranges': 'bytes' };
	if (isKnown(request, tag, file.modified)) return new Response(null, { status: 304, headers: common });
	if (range === 'invalid') {
		const detail = `That part is beyond the end: there are ${file.size} bytes.`;
		return problem(416, 'range_not_satisfiable', detail, { 'content-range': `bytes */${file.size}` });
	}
	const { path, size } = packed ?? file;
	const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
	const headers = {
		...common,
		'content-type': file.type,
		'content-length': String(end - start + 1),
		...(packed ? { 'content-encoding': packed.coding } : {}),
		...(range === 'whole' ? {} : { 'content-range': `bytes ${start}-${end}/${size}` })
	};
	const status = range === 'whole' ? 200 : 206;
	if (request.method === 'HEAD' || size === 0) return new Response(null, { status, headers });
	const response = new Response(Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream, { status, headers });
	if (range === 'whole') whole.set(response, { path, size, codings: (file.packed ?? []).map(({ coding }) => coding) });
	return response;
}

/** Whether the part that is asked for is one of this file, and not of what was here before. */
function isWanted(request: Request, tag: string, modified: number): boolean {
	const condition = request.headers.get('if-range');
	return condition === null || condition === tag || isDateOf(modified, condition);
}
