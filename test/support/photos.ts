import { createHash, randomBytes } from 'node:crypto';
import type { PersonKey, Territory } from './territory.ts';
import { took } from './territory.ts';

export interface Registered {
	photo_id: string;
	state: string;
	stored: boolean;
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Notes a photo of somebody and says that its bytes are put away, as the application does. */
export async function sendPhoto(t: Territory, key: PersonKey, photo: object = {}): Promise<string> {
	const body = { sha256: sha256(randomBytes(8)), ...photo };
	const { photo_id } = took(await t.call<Registered>(key, 'register_photo', { photo: body }));
	await storePhoto(t, photo_id);
	return photo_id;
}

export async function storePhoto(t: Territory, photo_id: string): Promise<void> {
	took(await t.call('service', 'photo_stored', { photo: { photo_id, width: 1600, height: 1200 } }));
}

/** Proposes to add and remove photos of a place. */
export const propose = (t: Territory, key: PersonKey, place_id: string, add: string[], remove: string[] = []) =>
	t.submit(key, { place_id, operations: [{ fact: 'photos', add, remove }] });
