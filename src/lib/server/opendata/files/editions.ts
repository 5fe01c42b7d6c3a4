import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress } from 'node:zlib';
import { checksumOf, crcOf } from './checksum.ts';
import type { Made } from './make.ts';

/** One edition of a whole file, on disk and complete. */
export interface KeptFile {
	etag: string;
	seq: number;
	/** Of the view it was made of. */
	changedAt: string | null;
	/** Milliseconds. */
	modified: number;
	path: string;
	sizes: { plain: number; gz?: number; br?: number };
	/** Hexadecimal SHA-256 of the plain bytes; null until `seal`. */
	sha256: string | null;
}

/** What lies beside a kept file: enough to find it again, and to find out whether a crash of the machine left all of it. */
interface Record extends Pick<KeptFile, 'seq' | 'changedAt' | 'modified' | 'sizes' | 'sha256'> {
	crc32: Made['crc32'] & { br?: number };
}

const graceMs = 60_000;
const draftMark = '.draft-';
const draftMs = 3_600_000;
const fileName = 'file';
const recordName = 'edition.json';

/** The folder of the whole files: `places.csv/<tag>/` holds one edition, which appears there complete or not at all. */
export class Editions {
	#dir: string;
	#tidied: Promise<void> | null = null;

	constructor(dir: string) {
		this.#dir = dir;
	}

	/** A new folder for what is not whole yet; a crash leaves it to the next start. */
	async draft(name: string): Promise<string> {
		await (this.#tidied ??= this.#tidy().catch(() => undefined));
		const path = join(this.#dir, `${name}${draftMark}${randomUUID()}`);
		await mkdir(path, { recursive: true, mode: 0o700 });
		return path;
	}

	/** The edition of that tag that an earlier process made, if every byte of it is there. */
	async find(name: string, etag: string): Promise<KeptFile | null> {
		const folder = join(this.#dir, name, etag);
		const path = join(folder, fileName);
		try {
			const { seq, changedAt, modified, sizes, sha256, crc32 } = JSON.parse(
				await readFile(join(folder, recordName), 'utf8')
			) as Record;
			const found = await Promise.all(
				Object.keys(crc32).map(async (form) => [form, await crcOf(path + suffixOf(form))] as const)
			);
			const isWhole = found.every(([form, sum]) => crc32[form as keyof Record['crc32']] === sum);
			return isWhole ? { etag, seq, changedAt, modified, path, sizes, sha256 } : null;
		} catch {
			return null;
		}
	}

	/** Makes an edition of what `write` leaves at the path it is given. Those before the last one are taken away. */
	async add(
		name: string,
		{
			etag,
			seq,
			changedAt,
			modified,
			replaces
		}: Pick<KeptFile, 'etag' | 'seq' | 'changedAt' | 'modified'> & { replaces: string | null },
		write: (path: string) => Promise<Made>
	): Promise<KeptFile> {
		const draft = await this.draft(name);
		try {
			const { crc32 } = await write(join(draft, fileName));
			const sizes = await sizesOf(join(draft, fileName));
			const record: Record = { seq, changedAt, modified, sizes, sha256: null, crc32 };
			await writeFile(join(draft, recordName), JSON.stringify(record), { mode: 0o600 });
			const folder = join(this.#dir, name, etag);
			await mkdir(join(this.#dir, name), { recursive: true, mode: 0o700 });
			await rm(folder, { recursive: true, force: true });
			await rename(draft, folder);
			await this.#forget(name, (other) => other !== etag && other !== replaces);
			return { etag, seq, changedAt, modified, path: join(folder, fileName), sizes, sha256: null };
		} catch (cause) {
			await rm(draft, { recursive: true, force: true });
			throw cause;
		}
	}

	/** Adds what takes a compressor longer, for an edition that seems to last; nothing when it is gone. */
	async pack(kept: KeptFile): Promise<KeptFile> {
		const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
		const draft = `${kept.path}${draftMark}${randomUUID()}`;
		try {
			await pipeline(createReadStream(kept.path), createBrotliCompress(quality), createWriteStream(draft, { mode: 0o600 }));
			const sizes = { ...kept.sizes, br: (await stat(draft)).size };
			const crc = await crcOf(draft);
			await rename(draft, `${kept.path}.br`);
			await this.#note(kept, (record) => ({ ...record, sizes, crc32: { ...record.crc32, br: crc } }));
			return { ...kept, sizes };
		} finally {
			await rm(draft, { force: true });
		}
	}

	/** Adds the checksum that the catalogue tells, for an edition that seems to last: while the map changes nobody could compare it with anything. */
	async seal(kept: KeptFile): Promise<KeptFile> {
		const sha256 = await checksumOf(kept.path);
		await this.#note(kept, (record) => ({ ...record, sha256 }));
		return { ...kept, sha256 };
	}

	async #note({ path }: KeptFile, change: (record: Record) => Record): Promise<void> {
		const recordPath = join(dirname(path), recordName);
		const record = change(JSON.parse(await readFile(recordPath, 'utf8')) as Record);
		await writeFile(`${recordPath}.new`, JSON.stringify(record), { mode: 0o600 });
		await rename(`${recordPath}.new`, recordPath);
	}

	/**
	 * Takes away what is kept no longer, once whoever was just given it has opened it, and what a process that was killed had begun. `now` in
	 * milliseconds.
	 */
	async sweep(isKept: (path: string) => boolean, now: number): Promise<void> {
		await this.#tidy(now);
		for (const name of await list(this.#dir)) {
			if (name.includes(draftMark)) continue;
			for (const etag of await list(join(this.#dir, name))) {
				const folder = join(this.#dir, name, etag);
				const info = await stat(folder).catch(() => null);
				if (info && isApart(now, info.mtimeMs, graceMs) && !isKept(join(folder, fileName)))
					await rm(folder, { recursive: true, force: true });
			}
		}
	}

	/** What a process that was killed had begun. */
	async #tidy(now = Date.now()): Promise<void> {
		for (const name of await list(this.#dir))
			if (name.includes(draftMark) && (await isOld(join(this.#dir, name), now)))
				await rm(join(this.#dir, name), { recursive: true, force: true });
	}

	async #forget(name: string, isOld: (etag: string) => boolean): Promise<void> {
		for (const etag of await list(join(this.#dir, name)))
			if (isOld(etag)) await rm(join(this.#dir, name, etag), { recursive: true, force: true });
	}
}

/** Another process may share the folder while it takes over, and be writing: what nobody has written to for an hour is nobody's. */
async function isOld(draft: string, now: number): Promise<boolean> {
	const times = await Promise.all([draft, join(draft, fileName)].map((path) => stat(path).catch(() => null)));
	return times.every((info) => info === null || isApart(now, info.mtimeMs, draftMs));
}

/** Also of what seems to come from the future: a clock that was set back does not keep it for ever. */
const isApart = (now: number, then: number, milliseconds: number) => Math.abs(now - then) > milliseconds;

const suffixOf = (form: string) => (form === 'plain' ? '' : `.${form}`);

const list = (folder: string) => readdir(folder).catch((): string[] => []);

async function sizesOf(path: string): Promise<KeptFile['sizes']> {
	const sizeOf = async (suffix: string) => (await stat(path + suffix).catch(() => null))?.size;
	const [gz, br] = [await sizeOf('.gz'), await sizeOf('.br')];
	return { plain: (await stat(path)).size, ...(gz === undefined ? {} : { gz }), ...(br === undefined ? {} : { br }) };
}
