import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { formatNames, keyOf } from './archive.ts';
import type { Archive, ArchivedFile, ArchiveFormat } from './archive.ts';
import { gzipFile } from './rewrite.ts';
import { fingerprint, partBytes } from './store.ts';
import type { ArchiveStore } from './store.ts';

/** Begins the name of what is not whole yet. */
export const draftMark = '.draft-';
const hourMs = 3_600_000;
/** The folder of the files, beside the list. */
const folder = 'files';

/** The files of the archives: in the storage in parts, compressed; on this node's disk whole, once somebody has asked. */
export class Shelf {
	readonly #store: ArchiveStore;
	readonly #dir: string;
	#fetching = new Map<string, Promise<void>>();

	constructor(store: ArchiveStore, dir: string) {
		this.#store = store;
		this.#dir = dir;
	}

	/** Where a file lies on this disk, by its checksum: never something else under the same name. */
	path({ sha256 }: Pick<ArchivedFile, 'sha256'>, format: ArchiveFormat): string {
		return join(this.#dir, `${sha256}.${format}`);
	}

	/** A folder for what is not whole yet; whoever asked for it takes it away. */
	async draft(): Promise<string> {
		const path = join(this.#dir, `${draftMark}${randomUUID()}`);
		await mkdir(path, { recursive: true, mode: 0o700 });
		return path;
	}

	/** Puts a file away that is whole on this disk; what nobody lists afterwards is swept away. */
	async put(owner: Pick<Archive, 'dataset' | 'month'>, format: ArchiveFormat, file: string): Promise<ArchivedFile> {
		const { sha256, bytes } = await fingerprint(file);
		const packed = await pack(file, format);
		const size = (await stat(packed)).size;
		const parts = Math.max(1, Math.ceil(size / partBytes));
		const archived = { sha256, bytes, parts };
		const source = await open(packed);
		try {
			for (const [index, name] of objectsOf(owner, format, archived).entries()) {
				const part = Buffer.alloc(Math.min(partBytes, size - index * partBytes));
				await source.read(part, 0, part.length, index * partBytes);
				// Another node may have put the very same there.
				await this.#store.create(name, part);
			}
		} finally {
			await source.close();
		}
		await rename(file, this.path(archived, format));
		if (packed !== file) await rename(packed, `${this.path(archived, format)}.gz`);
		return archived;
	}

	/** Brings a file to this disk. @throws when it cannot be had whole */
	async fetch(archive: Archive, format: ArchiveFormat): Promise<string> {
		const file = archive.files[format];
		const path = this.path(file, format);
		if (await isThere(path, file.bytes)) return path;
		const fetching = this.#fetching.get(path) ?? this.#bring(archive, format).finally(() => this.#fetching.delete(path));
		this.#fetching.set(path, fetching);
		await fetching;
		return path;
	}

	async #bring(archive: Archive, format: ArchiveFormat): Promise<void> {
		const file = archive.files[format];
		const draft = await this.draft();
		try {
			const packed = join(draft, 'packed.gz');
			const whole = createWriteStream(packed, { mode: 0o600 });
			await pipeline(this.#parts(archive, format), whole);
			const plain = join(draft, 'plain');
			if (format === 'csv') await pipeline(createReadStream(packed), createGunzip(), createWriteStream(plain, { mode: 0o600 }));
			const found = format === 'csv' ? plain : packed;
			const { sha256 } = await fingerprint(found);
			if (sha256 !== file.sha256) throw new Error(`The archive ${keyOf(archive)} is damaged in the storage.`);
			if (format === 'csv') await rename(packed, `${this.path(file, format)}.gz`);
			await rename(found, this.path(file, format));
		} finally {
			await rm(draft, { recursive: true, force: true });
		}
	}

	async *#parts(archive: Archive, format: ArchiveFormat): AsyncGenerator<Uint8Array> {
		for (const name of objectsOf(archive, format, archive.files[format])) {
			const part = await this.#store.read(name);
			if (!part) throw new Error(`A part of the archive ${keyOf(archive)} is missing in the storage.`);
			yield part;
		}
	}

	/** Takes away the bytes of an archive that is replaced, here and in the storage; other nodes do so when they read the list. */
	async drop(archive: Archive, by: Archive): Promise<void> {
		const gone = formatNames.filter((format) => archive.files[format].sha256 !== by.files[format].sha256);
		await this.tidy((name) => !gone.some((format) => name.startsWith(archive.files[format].sha256)));
		await this.#store.remove(gone.flatMap((format) => objectsOf(archive, format, archive.files[format])));
	}

	/** Takes away what is on this disk and belongs to no archive of the list; drafts after an hour. */
	async tidy(isListed: (name: string) => boolean, now = Date.now()): Promise<void> {
		for (const name of await readdir(this.#dir).catch(() => [])) {
			const path = join(this.#dir, name);
			const isDraft = name.startsWith(draftMark);
			const info = isDraft ? await stat(path).catch(() => null) : null;
			const isOld = info !== null && now - info.mtimeMs > hourMs;
			if (isDraft ? isOld : /^[0-9a-f]{64}\./.test(name) && !isListed(name)) await rm(path, { recursive: true, force: true });
		}
	}

	/** Takes away what lies in the storage and belongs to no archive of the list, once nobody can be about to list it. */
	async sweep(archives: Iterable<Archive>, now: number): Promise<void> {
		const listed = new Set(
			[...archives].flatMap((each) => formatNames.flatMap((format) => objectsOf(each, format, each.files[format])))
		);
		for (const dataset of await this.#store.list(folder)) {
			const objects = await this.#store.list(`${folder}/${dataset.name}`);
			const lost = objects
				.filter(({ at }) => at !== null && now - at > hourMs)
				.map(({ name }) => `${folder}/${dataset.name}/${name}`)
				.filter((name) => !listed.has(name));
			if (lost.length > 0) await this.#store.remove(lost);
		}
	}
}

/** The names of the parts in the storage. */
function objectsOf(
	{ dataset, month }: Pick<Archive, 'dataset' | 'month'>,
	format: ArchiveFormat,
	{ sha256, parts }: ArchivedFile
): string[] {
	return Array.from({ length: parts }, (_, index) => `${folder}/${dataset}/${month}.${sha256}.${format}.${index}`);
}

async function pack(file: string, format: ArchiveFormat): Promise<string> {
	if (format !== 'csv') return file;
	await gzipFile(file, `${file}.gz`);
	return `${file}.gz`;
}

const isThere = async (path: string, bytes: number) => (await stat(path).catch(() => null))?.size === bytes;
