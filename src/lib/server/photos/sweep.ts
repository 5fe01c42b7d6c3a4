import { parsePhotoName } from '../../domain/photo.ts';
import { drop } from '../db/photo-files.ts';
import { purged, toPurge } from '../db/photos.ts';
import type { Log } from '../log.ts';
import { published } from '../published/instance.ts';
import { serviceClient } from '../supabase.ts';
import { copyNames } from './keep.ts';
import { photoCache } from './serve.ts';

const everyMs = 5_000;

/** Takes away the copies of photos that were removed, here and in the bucket. Any node may, at any time; what it could not do the next one does. */
export async function sweepPhotos(): Promise<number> {
	const view = published().current();
	await photoCache().sweep((file) => {
		const named = parsePhotoName(file.replace(/\.webp$/, ''));
		return named !== null && view.photo(named.id) === 'shown';
	});
	const service = serviceClient();
	const gone = await toPurge(service);
	if (gone.length === 0) return 0;
	await drop(service, gone.flatMap(copyNames));
	await purged(service, gone);
	return gone.length;
}

/** @returns ends it */
export function startSweepingPhotos(log: Log): () => void {
	let [failing, sweeping] = [false, false];
	const timer = setInterval(() => {
		if (sweeping) return;
		sweeping = true;
		void sweepPhotos()
			.then(
				(count) => {
					failing = false;
					if (count > 0) log.info({ count }, 'copies of removed photos are gone');
				},
				(error: unknown) => {
					// Once per outage: it is tried again until it succeeds.
					if (!failing) log.warn({ reason: String(error) }, 'removed photos could not be swept away');
					failing = true;
				}
			)
			.finally(() => (sweeping = false));
	}, everyMs);
	timer.unref();
	return () => clearInterval(timer);
}
