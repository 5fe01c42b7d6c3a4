import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { problem } from './problem.ts';
import { parseRange } from './ranges.ts';

/** A large file that is read in parts, such as a PMTiles archive: whole, 206 for a range, 416 for one beyond its end. */
export async function serveFile(request: Request, path: string | null, type: string): Promise<Response> {
	const info = path === null ? null : await stat(path).catch(() => null);
	if (path === null || !info?.isFile()) return problem(404, 'not_found', 'No base map of its own is installed here.');
	const etag = `"${info.size.toString(36)}-${Math.floor(info.mtimeMs).toString(36)}"`;
	const common = {
		etag,
		'accept-ranges': 'bytes',
		'cache-control': 'public, no-cache',
		'last-modified': info.mtime.toUTCString()
	};
	if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: common });
	const condition = request.headers.get('if-range');
	const range = condition === null || condition === etag ? parseRange(request.headers.get('range'), info.size) : 'whole';
	if (range === 'invalid')
		return problem(416, 'range_not_satisfiable', 'That part is beyond the end.', { 'content-range': `bytes */${info.size}` });
	const { start, end } = range === 'whole' ? { start: 0, end: info.size - 1 } : range;
	const headers = { ...common, 'content-type': type, 'content-length': String(end - start + 1) };
	const part = range === 'whole' ? headers : { ...headers, 'content-range': `bytes ${start}-${end}/${info.size}` };
	const status = range === 'whole' ? 200 : 206;
	if (request.method === 'HEAD' || info.size === 0) return new Response(null, { status, headers: part });
	return new Response(Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream, { status, headers: part });
}
