import { photoPath, photoSizes } from '../../domain/photo.ts';
import type { Mask, PhotoSize } from '../../domain/photo.ts';
import { ensureBucket, get, put } from '../db/photo-files.ts';
import { mask, register, registerForVisitor, replace, stored } from '../db/photos.ts';
import type { PhotoNote, RegisteredPhoto } from '../db/photos.ts';
import type { Client } from '../db/call.ts';
import type { Entry } from '../db/visitors.ts';
import { serviceClient } from '../supabase.ts';
import { maskPhoto, preparePhoto } from './prepare.ts';
import type { PreparedPhoto } from './prepare.ts';

/** Notes a photo in somebody's name. */
export type Registrar = (photo: PhotoNote) => Promise<RegisteredPhoto>;

/** The name of a copy in the bucket: as in its address. */
export const copyName = (id: string, size: PhotoSize): string => photoPath(id, size).slice('/photos/'.length);
export const copyNames = (id: string): string[] => photoSizes.map((size) => copyName(id, size));

/** In the name of whoever is signed in. */
export const registrarOf =
	(caller: Client): Registrar =>
	(photo) =>
		register(caller, photo);

/** In the name of a visitor, who is known by the secrets of her form. */
export const registrarForVisitor =
	(entry: Entry): Registrar =>
	(photo) =>
		registerForVisitor(serviceClient(), entry, photo);

/** What is said of a picture that is sent. */
export type PhotoWords = Pick<PhotoNote, 'place_id' | 'alt' | 'own_work'>;

/**
 * Keeps a picture that somebody sent: made into copies, noted, put away. In this order a crash leaves nothing that is not swept away or mended by
 * sending it again.
 * @throws Failure `photo_…` for what is no photo, or what the database refuses
 */
export async function keepPhoto(bytes: Uint8Array, registrar: Registrar, words: PhotoWords): Promise<RegisteredPhoto> {
	const prepared = await preparePhoto(bytes);
	const photo = await registrar({ ...words, sha256: prepared.sha256 });
	return photo.stored ? photo : putAway(photo, prepared);
}

async function putAway(photo: RegisteredPhoto, { copies, width, height }: PreparedPhoto): Promise<RegisteredPhoto> {
	const service = serviceClient();
	await ensureBucket(service);
	for (const { size, bytes } of copies) await put(service, copyName(photo.id, size), bytes);
	await stored(service, { photo_id: photo.id, width, height });
	return { ...photo, stored: true };
}

/** Puts a masked picture in the place of a photo, as the caller may in her scope. @returns the id of the masked one */
export async function maskKept(caller: Client, photoId: string, shapes: Mask): Promise<string> {
	const prepared = await maskPhoto(await get(serviceClient(), copyName(photoId, 1600)), shapes);
	const masked = await mask(caller, photoId, prepared.sha256);
	if (!masked.stored) await putAway(masked, prepared);
	await replace(caller, masked.id);
	return masked.id;
}
