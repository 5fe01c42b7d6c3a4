import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { App } from '@supabase/lite';

type Adapter = NonNullable<App['_storageAdapter']>;
type Metadata = Awaited<ReturnType<Adapter['headObject']>>;
type Body = Parameters<Adapter['uploadObject']>[3];

interface Note {
	mimetype: string;
	cacheControl: string;
	size: number;
	eTag: string;
	lastModified: string;
}

/**
 * The files of `@supabase/lite`'s storage as files of a folder. (Its own adapter is not among the package's exports.) A name is hashed: no path can
 * lead out of the folder. A file is written beside and renamed, its note first: what can be read is whole.
 */
export class FolderStorage implements Adapter {
	readonly driver = null;
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	async uploadObject(
		bucket: string,
		key: string,
		_version: string | undefined,
		body: Body,
		mimetype: string,
		cacheControl: string
	): Promise<Metadata> {
		const file = this.#file(bucket, key);
		const bytes = await bytesOf(body);
		const eTag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
		const note: Note = { mimetype, cacheControl, size: bytes.length, eTag, lastModified: new Date().toISOString() };
		const draft = `${file}.${randomUUID()}`;
		await mkdir(dirname(file), { recursive: true, mode: 0o700 });
		await writeFile(`${draft}.json`, JSON.stringify(note), { mode: 0o600 });
		await writeFile(draft, bytes, { mode: 0o600 });
		await rename(`${draft}.json`, `${file}.json`);
		await rename(draft, file);
		return told(note);
	}

	async getObject(
		bucket: string,
		key: string,
		_version: string | undefined,
		headers?: Parameters<Adapter['getObject']>[3]
	): ReturnType<Adapter['getObject']> {
		const file = this.#file(bucket, key);
		const metadata = told(await noteOf(file));
		if (headers?.ifNoneMatch === metadata.eTag) return { httpStatusCode: 304, metadata };
		return { httpStatusCode: 200, metadata, body: Readable.toWeb(createReadStream(file)) as ReadableStream };
	}

	async headObject(bucket: string, key: string): Promise<Metadata> {
		return told(await noteOf(this.#file(bucket, key)));
	}

	async deleteObject(bucket: string, key: string): Promise<void> {
		const file = this.#file(bucket, key);
		await rm(file, { force: true });
		await rm(`${file}.json`, { force: true });
	}

	async deleteObjects(bucket: string, keys: string[]): Promise<void> {
		for (const key of keys) await this.deleteObject(bucket, key);
	}

	async copyObject(fromBucket: string, from: string, _version: string | undefined, toBucket: string, to: string) {
		const source = this.#file(fromBucket, from);
		const target = this.#file(toBucket, to);
		await mkdir(dirname(target), { recursive: true, mode: 0o700 });
		await copyFile(`${source}.json`, `${target}.json`);
		await copyFile(source, target);
		const { eTag, lastModified } = told(await noteOf(target));
		return { httpStatusCode: 200, eTag, ...(lastModified ? { lastModified } : {}) };
	}

	async privateAssetUrl(bucket: string, key: string): Promise<string> {
		return `file://${this.#file(bucket, key)}`;
	}

	#file(bucket: string, key: string): string {
		const name = createHash('sha256').update(`${bucket}\0${key}`).digest('hex');
		return join(this.#folder, name.slice(0, 2), name);
	}
}

async function bytesOf(body: Body): Promise<Buffer> {
	if (body instanceof Uint8Array) return Buffer.from(body);
	const parts: Uint8Array[] = [];
	for await (const part of body as unknown as AsyncIterable<Uint8Array>) parts.push(part);
	return Buffer.concat(parts);
}

async function noteOf(file: string): Promise<Note> {
	return JSON.parse(await readFile(`${file}.json`, 'utf8')) as Note;
}

function told({ cacheControl, mimetype, size, eTag, lastModified }: Note): Metadata {
	return { cacheControl, mimetype, size, contentLength: size, eTag, lastModified: new Date(lastModified) };
}
