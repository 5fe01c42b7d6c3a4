import type { RequestEvent } from '@sveltejs/kit';
import { photoLimits } from '$lib/domain/photo';
import { photoWords, sentPhotos } from '$lib/domain/photo-form';
import { cut, first } from '$lib/domain/form-values';
import type { FormValues } from '$lib/domain/form-values';
import { shown } from '$lib/server/errors';
import type { ShownFailure } from '$lib/server/errors';
import { keepPhoto } from '$lib/server/photos/keep';
import type { Registrar } from '$lib/server/photos/keep';
import { limits } from '$lib/server/rate-limit';
import { networkFrom, throttle } from '$lib/server/throttle';

export interface WithPhotos {
	values: FormValues;
	/** Why a picture could not be kept; those before it were. */
	failure: (ShownFailure & { status: number }) | null;
}

/**
 * Keeps the pictures that a form brought with it, as one without scripts does, and names them in its values: when it comes back with an error,
 * they need not be chosen again. @param place the id of the place that they are for
 * @param registrar in whose name they are noted, asked only when there are any
 */
export async function keepSentPhotos(
	event: RequestEvent,
	data: FormData,
	values: FormValues,
	place: string,
	registrar: () => Promise<Registrar>
): Promise<WithPhotos> {
	const files = data
		.getAll('photo_files')
		.filter((file) => file instanceof File && (file.size > 0 || file.name !== '')) as File[];
	const words = { alt: cut(first(values, 'photo_alt').trim(), photoLimits.alt), own_work: first(values, 'photo_own') !== '' };
	const { photo_alt: _alt, photo_own: _own, ...kept }: FormValues = values;
	try {
		for (const file of files.slice(0, photoLimits.perForm)) {
			throttle(limits.photo, [networkFrom(event)]);
			const { id } = await keepPhoto(new Uint8Array(await file.arrayBuffer()), await registrar(), { ...words, place_id: place });
			kept['photo'] = [...(kept['photo'] ?? []), id];
			kept[`photo_alt:${id}`] ??= [words.alt];
			if (words.own_work) kept[`photo_own:${id}`] ??= ['yes'];
		}
	} catch (thrown) {
		return { values: kept, failure: shown(thrown) };
	}
	return { values: kept, failure: null };
}

/** Says of each photo that goes with the form what was typed beside it. */
export async function describeSentPhotos(values: FormValues, registrar: Registrar): Promise<void> {
	for (const id of sentPhotos(values)) {
		const { alt, ownWork } = photoWords(values, id);
		await registrar({ photo_id: id, alt: cut(alt, photoLimits.alt), own_work: ownWork });
	}
}
