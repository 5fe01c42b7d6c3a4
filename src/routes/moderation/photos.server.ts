import type { RequestEvent } from '@sveltejs/kit';
import { photoIds } from '$lib/domain/photo-form';
import type { SeenPhoto } from '$lib/domain/photo';
import type { ProposedOperation } from '$lib/domain/proposal';
import { see } from '$lib/server/db/photos';
import { orErrorPage } from '../failing.server';

/** What the reader may know of the photos that a proposal adds and removes, by id. */
export async function photosOf(
	{ locals }: Pick<RequestEvent, 'locals'>,
	item: { operations: ProposedOperation[] } | null
): Promise<Record<string, SeenPhoto>> {
	const operations = (item?.operations ?? []).filter(({ fact }) => fact === 'photos');
	const ids = operations.flatMap(({ old, new: young, add, remove }) => [old, young, add, remove].flatMap(photoIds));
	const photos = await orErrorPage(see(locals.supabase, [...new Set(ids)]));
	return Object.fromEntries(photos.map((photo) => [photo.id, photo]));
}
