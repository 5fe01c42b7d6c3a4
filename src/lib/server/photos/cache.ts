import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies of what everyone may see, on this node's disk. Who may see what is asked before, of the snapshot; `sweep` takes away what it no longer
 * shows, so that a removed photo leaves this folder too.
 */
export class PhotoCache {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** @param fetch brings the bytes when they are not here yet */
	async read(name: string, fetch: () => Promise<Buffer>): Promise<Buffer> {
		try {
			return await readFile(join(this.#folder, name));
		} catch {
			const bytes = await fetch();
			// A full disk must not keep anyone from seeing a photo.
			await this.#keep(name, bytes).catch(() => undefined);
			return bytes;
		}
	}

	async #keep(name: string, bytes: Buffer): Promise<void> {
		await mkdir(this.#folder, { recursive: true, mode: 0o700 });
		const draft = join(this.#folder, `${name}.${randomUUID()}`);
		await writeFile(draft, bytes, { mode: 0o600 });
		await rename(draft, join(this.#folder, name));
	}

	/** Takes away what is not shown any more. */
	async sweep(isShown: (name: string) => boolean): Promise<void> {
		const names = await readdir(this.#folder).catch(() => []);
		for (const name of names) if (!isShown(name)) await rm(join(this.#folder, name), { force: true });
	}
}
