import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Where archives outlive a server and are shared by several: objects under names, written once and never changed. */
export interface ArchiveStore {
	/** What lies directly below a folder, and since when (milliseconds); folders have no time. */
	list(folder: string): Promise<{ name: string; at: number | null }[]>;
	/** @returns null when there is no such object */
	read(name: string): Promise<Uint8Array | null>;
	/** @returns false when that name is taken */
	create(name: string, bytes: Uint8Array): Promise<boolean>;
	remove(names: readonly string[]): Promise<void>;
}

/** What the local storage takes at most for one object is 4 MiB. */
export const partBytes = 3 << 20;

/** Hexadecimal SHA-256 of a file and how long it is. */
export async function fingerprint(path: string): Promise<{ sha256: string; bytes: number }> {
	const hash = createHash('sha256');
	let bytes = 0;
	for await (const part of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
		hash.update(part);
		bytes += part.length;
	}
	return { sha256: hash.digest('hex'), bytes };
}
