import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
/** Below a packet compression only costs. */
const worthCompressing = 1200;

/**
 * A page, or the data of one, as it travels: many towns have no proxy that would compress it, and on a slow telephone the names of the
 * places wait for its last byte. Compressed beside the thread that answers. What is streamed, small or encoded already stays as it is, and so does
 * a part of something, whose place in the whole is counted in bytes that are not compressed.
 *
 * Only for readers whose page holds nothing of theirs, which no-store says too: lengths tell about secrets beside which a stranger can put
 * his own words (https://breachattack.com).
 * @param accepted the client takes gzip
 */
export async function lighten(response: Response, accepted: boolean): Promise<Response> {
	const { headers, status, statusText } = response;
	const type = headers.get('content-type') ?? '';
	// A page that is streamed has no length yet.
	const length = Number(headers.get('content-length') ?? 0);
	const own = type.startsWith('text/html') && /no-store/.test(headers.get('cache-control') ?? '');
	const fixed = headers.has('content-encoding') || headers.has('content-range');
	if (own || fixed || !/^(text\/html|application\/json)\b/.test(type) || length < worthCompressing) return response;
	headers.append('vary', 'Accept-Encoding');
	if (!accepted || !response.body) return response;
	const bytes = await compress(await response.arrayBuffer());
	headers.set('content-encoding', 'gzip');
	headers.set('content-length', String(bytes.length));
	// A tag of its own, which SvelteKit finds in If-None-Match as it is; a weak one it would not.
	const tag = headers.get('etag');
	if (tag) headers.set('etag', tag.replace(/"$/, '-gz"'));
	return new Response(bytes, { status, statusText, headers });
}
