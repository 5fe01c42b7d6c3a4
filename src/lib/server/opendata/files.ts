import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { formats, placesOf } from './datasets.ts';
import type { FormatName } from './datasets.ts';
import type { Edition } from './geojson.ts';

const piece = 1 << 16;

/** The bytes of a whole file in pieces of 64 kB; between two of them other requests are served. */
export async function* fileBytes(format: FormatName, edition: Edition): AsyncGenerator<Buffer> {
	let parts: string[] = [];
	let length = 0;
	for (const text of formats[format].write(placesOf(edition), edition)) {
		parts.push(text);
		length += text.length;
		if (length < piece) continue;
		yield Buffer.from(parts.join(''));
		parts = [];
		length = 0;
		await new Promise((resolve) => setImmediate(resolve));
	}
	yield Buffer.from(parts.join(''));
}

/** Compressed files of the present edition, made once: a monthly harvest by hundreds must not compress hundreds of times. */
export class FileCache {
	#files = new Map<string, { key: string; bytes: Promise<Buffer> }>();

	/** `key` names the edition; another one drops what was kept. */
	gzipped(format: FormatName, key: string, edition: Edition): Promise<Buffer> {
		const known = this.#files.get(format);
		if (known?.key === key) return known.bytes;
		const bytes = compress(fileBytes(format, edition));
		const entry = { key, bytes };
		this.#files.set(format, entry);
		bytes.catch(() => {
			if (this.#files.get(format) === entry) this.#files.delete(format);
		});
		return bytes;
	}
}

async function compress(source: AsyncGenerator<Buffer>): Promise<Buffer> {
	const parts: Buffer[] = [];
	const collect = new Writable({
		write(part: Buffer, _encoding, done) {
			parts.push(part);
			done();
		}
	});
	await pipeline(Readable.from(source), createGzip(), collect);
	return Buffer.concat(parts);
}
