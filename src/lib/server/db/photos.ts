import { z } from 'zod';
import type { SeenPhoto } from '../../domain/photo.ts';
import { run, write } from './call.ts';
import type { Client } from './call.ts';
import { entryRow } from './visitors.ts';
import type { Entry } from './visitors.ts';

/** A photo is noted before its bytes are put away; `stored` says whether that was done, when the same one is noted again. */
const registered = z
	.object({ photo_id: z.uuid(), state: z.enum(['pending', 'published', 'withheld', 'removed']), stored: z.boolean() })
	.transform(({ photo_id: id, state, stored }) => ({ id, state, stored }));
export type RegisteredPhoto = z.output<typeof registered>;

/** What is noted of a picture that is sent, or said anew (by `photo_id`) of one that was. */
export interface PhotoNote {
	photo_id?: string;
	sha256?: string;
	place_id?: string;
	alt?: string;
	own_work?: boolean;
}

/** Notes a photo in the caller's own name. */
export function register(client: Client, photo: PhotoNote): Promise<RegisteredPhoto> {
	return write(client, 'register_photo', { photo }, registered);
}

/** The same for somebody without an account. @param service the service key's client @param entry as her proposal will bring it */
export function registerForVisitor(service: Client, entry: Entry, photo: PhotoNote): Promise<RegisteredPhoto> {
	return write(service, 'register_visitor_photo', { visitor: entryRow(entry), photo }, registered);
}

/** The bytes are put away. Measures in pixels. */
export async function stored(service: Client, photo: { photo_id: string; width: number; height: number }): Promise<void> {
	await write(service, 'photo_stored', { photo }, z.unknown());
}

const seen = z.array(
	z
		.object({
			id: z.uuid(),
			state: z.enum(['pending', 'published', 'withheld', 'removed']),
			alt: z.string().default(''),
			licence: z.string().nullable().default(null),
			width: z.int().default(0),
			height: z.int().default(0),
			decides: z.boolean().default(false)
		})
		.transform((photo): SeenPhoto => photo)
);

/** Those of these photos that the caller may see though not everyone may. */
export async function see(client: Client, ids: string[]): Promise<SeenPhoto[]> {
	return ids.length === 0 ? [] : seen.parse(await run(client.rpc('see_photos', { photo_ids: ids.slice(0, 200) })));
}

/** Notes the masked picture that will stand in for a photo. */
export function mask(client: Client, photoId: string, sha256: string): Promise<RegisteredPhoto> {
	return write(client, 'mask_photo', { mask: { photo_id: photoId, sha256 } }, registered);
}

/** Puts the masked picture, once its bytes are put away, in the place of the other. */
export async function replace(client: Client, maskedId: string): Promise<void> {
	await write(client, 'replace_photo', { photo_id: maskedId }, z.unknown());
}

/** Hides a photo at once, or shows it again. */
export async function withhold(client: Client, photoId: string, reason: string | null): Promise<void> {
	const withholding = { photo_id: photoId, ...(reason === null ? { release: true } : { reason_code: reason }) };
	await write(client, 'withhold', { withholding }, z.unknown());
}

/** Photos whose copies are to go. */
export async function toPurge(service: Client): Promise<string[]> {
	return write(service, 'retire_photos', {}, z.array(z.uuid()));
}

export async function purged(service: Client, ids: string[]): Promise<void> {
	await write(service, 'photos_purged', { photo_ids: ids }, z.unknown());
}
