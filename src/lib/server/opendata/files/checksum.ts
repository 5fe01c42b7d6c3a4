import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';

const bytesOf = (path: string) => createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;

/** The hexadecimal SHA-256 of a file. */
export async function checksumOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const part of bytesOf(path)) hash.update(part);
	return hash.digest('hex');
}

/** The CRC-32 of a file: a quarter of the work, for whoever only asks whether all of it is there. */
export async function crcOf(path: string): Promise<number> {
	let crc = 0;
	for await (const part of bytesOf(path)) crc = crc32(part, crc);
	return crc;
}
