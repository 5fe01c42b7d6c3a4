import { join } from 'node:path';
import { parsePhotoName } from '../../domain/photo.ts';
import type { PhotoSize } from '../../domain/photo.ts';
import type { Client } from '../db/call.ts';
import { get } from '../db/photo-files.ts';
import { see } from '../db/photos.ts';
import { config } from '../environment.ts';
import { Failure } from '../errors.ts';
import { published } from '../published/instance.ts';
import { serviceClient } from '../supabase.ts';
import { PhotoCache } from './cache.ts';
import { copyName } from './keep.ts';

let cache: PhotoCache | undefined;
/** Beside the snapshot: what is in either folder, everyone may read. */
export const photoCache = (): PhotoCache => (cache ??= new PhotoCache(join(config().dataDir, 'photo-cache')));

/** Browsers keep it for ever, since an id never shows anything else; caches in between ask again, since it may be removed. */
const forEveryone = 'public, max-age=31536000, s-maxage=0, immutable';

/**
 * Answers for one copy. What everyone may see is known by the snapshot and comes from the disk; only then is the caller asked for.
 * @param caller her client; null when nobody is signed in, and then no database is asked
 */
export async function servePhoto(name: string, request: Request, caller: (() => Client) | null): Promise<Response> {
	const named = parsePhotoName(name);
	if (!named) return nothing(404, 'not_found');
	const standing = published().current().photo(named.id);
	if (standing === 'shown') return shownToEveryone(named.id, named.size, request);
	if (caller) {
		const [photo] = await see(caller(), [named.id]);
		if (photo?.state === 'removed') return nothing(410, 'photo_gone');
		if (photo) return picture(await get(serviceClient(), copyName(named.id, named.size)), 'private, no-store', null);
	}
	return standing === 'gone' ? nothing(410, 'photo_gone') : nothing(404, 'not_found');
}

async function shownToEveryone(id: string, size: PhotoSize, request: Request): Promise<Response> {
	const name = copyName(id, size);
	const tag = `"${id}-${size}"`;
	const known = request.headers
		.get('if-none-match')
		?.split(',')
		.some((each) => each.trim().replace(/^W\//, '') === tag);
	if (known) return new Response(null, { status: 304, headers: { etag: tag, 'cache-control': forEveryone } });
	try {
		return picture(await photoCache().read(name, () => get(serviceClient(), name)), forEveryone, tag);
	} catch (thrown) {
		if (!(thrown instanceof Failure)) throw thrown;
		return nothing(thrown.status, thrown.code);
	}
}

function picture(bytes: Buffer, caching: string, tag: string | null): Response {
	return new Response(new Uint8Array(bytes), {
		headers: {
			'content-type': 'image/webp',
			'content-length': String(bytes.length),
			'cache-control': caching,
			...(tag ? { etag: tag, 'access-control-allow-origin': '*' } : {})
		}
	});
}

/** Kept by nobody: what is not there may come, and what is gone may come back while it can be undone. */
function nothing(status: number, code: string): Response {
	const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
	const titles: Record<number, string> = { 404: 'Not Found', 410: 'Gone' };
	return new Response(JSON.stringify({ type: 'about:blank', title: titles[status] ?? 'Unavailable', status, code }), {
		status,
		headers
	});
}
