import { stat } from 'node:fs/promises';
import { problem } from './problem.ts';
import { sendStored } from './stored.ts';

/** A large file that is read in parts, such as a PMTiles archive. */
export async function serveFile(request: Request, path: string | null, type: string): Promise<Response> {
	const info = path === null ? null : await stat(path).catch(() => null);
	if (path === null || !info?.isFile()) return problem(404, 'not_found', 'No base map of its own is installed here.');
	const etag = `${info.size.toString(36)}-${Math.floor(info.mtimeMs).toString(36)}`;
	const headers = (tag: string) => ({
		etag: tag,
		'cache-control': 'public, no-cache',
		'last-modified': info.mtime.toUTCString()
	});
	return sendStored(request, { path, size: info.size, etag, modified: info.mtimeMs, type, headers });
}
