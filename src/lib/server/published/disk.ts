import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Tombstone } from '../../domain/place.ts';
import type { ReferenceRows } from './reference.ts';
import { newDictionaries, SegmentBuilder } from './segment.ts';
import { Snapshot } from './snapshot.ts';
import type { Change } from './view.ts';

/** Raised when the stored form changes, or what a line says that was worked out, such as freshness: an older file is then as good as none. */
const format = 6;
const fileName = 'places.ndjson';
const writeLines = 2000;
const newline = Buffer.from('\n');

interface Header {
	format: number;
	seq: number;
	last: Change | null;
	recent: Change[];
	lookedAt: number;
	/** Older files don't say. */
	loadedAt?: number;
	count: number;
	reference: ReferenceRows;
	tombstones: Tombstone[];
}

/**
 * One file of lines: a header, a line per place, a checksum. It holds what anonymous read and nothing else. Written beside and renamed:
 * a crash leaves the old file or the new one. A disk that was full is left as it was. `lookedAt`: when the feed was last seen, in milliseconds.
 */
export async function saveSnapshot(dir: string, snapshot: Snapshot, lookedAt: number): Promise<void> {
	const { view } = snapshot;
	const { last, reference } = snapshot;
	const header: Header = {
		format,
		seq: view.seq,
		last,
		recent: view.recent.toJSON(),
		lookedAt,
		loadedAt: view.loadedAt,
		count: view.size,
		reference,
		tombstones: [...view.tombstones.values()]
	};
	await mkdir(dir, { recursive: true });
	const beside = join(dir, `${fileName}.new`);
	const file = await open(beside, 'w');
	try {
		let checksum = 0;
		const write = async (parts: Uint8Array[]) => {
			const bytes = Buffer.concat(parts);
			checksum = crc32(bytes, checksum);
			await file.writeFile(bytes);
		};
		let parts: Uint8Array[] = [Buffer.from(JSON.stringify(header)), newline];
		for (const line of view.lines()) {
			parts.push(line, newline);
			if (parts.length < 2 * writeLines) continue;
			await write(parts);
			parts = [];
		}
		await write(parts);
		await file.writeFile(`${JSON.stringify({ checksum })}\n`);
		await file.sync();
		await file.close();
		await rename(beside, join(dir, fileName));
	} catch (failure) {
		await file.close().catch(() => undefined);
		// The database may need the room that half of it takes.
		await rm(beside, { force: true });
		throw failure;
	}
}

export interface Stored {
	snapshot: Snapshot;
	lookedAt: number;
}

/** What was kept; null when there is nothing, or nothing that can be trusted. */
export async function readSnapshot(dir: string, now: () => number): Promise<Stored | null> {
	let file: FileHandle | undefined;
	try {
		file = await open(join(dir, fileName));
		return await parse(file, now);
	} catch {
		return null;
	} finally {
		await file?.close();
	}
}

async function parse(file: FileHandle, now: () => number): Promise<Stored | null> {
	const dictionaries = newDictionaries();
	const builder = new SegmentBuilder(dictionaries);
	let header: Header | null = null;
	let checksum = 0;
	let expected: unknown = null;
	for await (const lines of blocks(file)) {
		for (const line of lines) {
			if (header && builder.size === header.count) {
				expected = (JSON.parse(line.toString()) as { checksum?: unknown }).checksum;
				break;
			}
			checksum = crc32(newline, crc32(line, checksum));
			if (header) builder.add(line);
			else {
				header = JSON.parse(line.toString()) as Header;
				if (header.format !== format) return null;
			}
		}
		if (expected !== null) break;
		builder.settle();
	}
	if (!header || expected !== checksum) return null;
	const { seq, last, recent, reference, lookedAt, loadedAt = 0 } = header;
	const tombstones = new Map(header.tombstones.map((tombstone) => [tombstone.id, tombstone]));
	const base = builder.finish();
	// It was written while changes came, and nobody knows how many.
	const ahead = { loadedAt, aheadTo: Infinity };
	return { snapshot: new Snapshot({ base, dictionaries, reference, tombstones, seq, last, recent, ...ahead, now }), lookedAt };
}

/** So much is read at once, bytes. */
const blockBytes = 1 << 24;

/**
 * The lines of a file, those of a block at a time. They are parts of one buffer, which is read into again for the next block: a new one for each would
 * be a hundred megabytes to throw away.
 */
async function* blocks(file: FileHandle): AsyncGenerator<Iterable<Buffer>> {
	let block = Buffer.allocUnsafeSlow(blockBytes);
	for (let held = 0; ;) {
		if (held === block.length) block = Buffer.concat([block], block.length * 2);
		const { bytesRead } = await file.read(block, held, block.length - held);
		if (bytesRead === 0) return;
		const end = held + bytesRead;
		const whole = block.subarray(0, end).lastIndexOf(newline) + 1;
		if (whole > 0) yield linesIn(block.subarray(0, whole));
		held = block.copy(block, 0, whole, end);
	}
}

/** Each ends with a line break. */
function* linesIn(bytes: Buffer): Generator<Buffer> {
	let start = 0;
	for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
		yield bytes.subarray(start, end);
		start = end + 1;
	}
}
