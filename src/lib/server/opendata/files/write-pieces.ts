import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { beginsPiece } from './pieces.ts';
import type { Between, Parts, Piece, Step } from './pieces.ts';

/** The edition before, open for reading. */
export interface Before {
	plain: number;
	packed: number;
}

export interface Written {
	head: [plain: number, packed: number];
	pieces: Piece[];
	/** Of the two files. */
	crc32: { plain: number; gz: number };
}

const bufferSize = 1 << 20;
/** RFC 1952: deflate, no name, no time, an unknown system. The same bytes wherever it is made. */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** Ends at a byte and looks back at nothing before it (RFC 1951 §3.2.4): such runs may be put one after the other in any order. */
const packed = (bytes: Uint8Array) => deflateRawSync(bytes, { level: 6, finishFlush: constants.Z_FULL_FLUSH });

export const betweenOf = ({ joiner }: Pick<Parts, 'joiner'>): Between =>
	joiner === '' ? { plain: 0, packed: 0 } : { plain: Buffer.byteLength(joiner), packed: packed(Buffer.from(joiner)).length };

/**
 * Writes a text and its gzip side by side, from rows that are taken over from the edition before and rows written anew: what it costs follows what has
 * changed. `rows` are those of the steps that are written anew, ascending by id.
 */
export function writePieces<Row extends { id: string }>(
	path: string,
	{ head, joiner, tail }: Pick<Parts, 'head' | 'joiner' | 'tail'>,
	bytesOf: (run: readonly Row[]) => Buffer,
	rows: Iterable<Row>,
	{ steps, before }: { steps: readonly Step[]; before: Before | null }
): Written {
	const plain = new Output(path);
	const gz = new Output(`${path}.gz`);
	const pieces: Piece[] = [];
	const seam = joiner === '' ? null : both(Buffer.from(joiner));
	const add = (bytes: Uint8Array, compressed: Uint8Array) => {
		plain.write(bytes);
		gz.write(compressed);
	};
	const join = () => {
		if (seam && pieces.length > 0) add(...seam);
	};
	try {
		gz.write(gzipHead);
		const beginning = both(Buffer.from(head));
		add(...beginning);
		const source = new Peekable(rows);
		for (const step of steps) {
			if ('kept' in step) {
				join();
				const [bytes, compressed] = lengthOf(step.kept, seam);
				plain.copy(before!.plain, step.plainAt, bytes);
				gz.copy(before!.packed, step.packedAt, compressed);
				pieces.push(...step.kept);
				continue;
			}
			for (const run of runsOf(source, step.until)) {
				join();
				const [bytes, compressed] = both(bytesOf(run));
				add(bytes, compressed);
				pieces.push([run[0]!.id, bytes.length, compressed.length]);
			}
		}
		const end = Buffer.from(tail);
		add(end, deflateRawSync(end));
		const trailer = Buffer.alloc(8);
		trailer.writeUInt32LE(plain.crc, 0);
		trailer.writeUInt32LE(plain.length % 2 ** 32, 4);
		gz.write(trailer);
		const [headPlain, headPacked] = [beginning[0].length, gzipHead.length + beginning[1].length];
		return { head: [headPlain, headPacked], pieces, crc32: { plain: plain.end(), gz: gz.end() } };
	} finally {
		plain.close();
		gz.close();
	}
}

const both = (bytes: Buffer): [Buffer, Buffer] => [bytes, packed(bytes)];

/** Of pieces and what stands between them. */
function lengthOf(kept: Piece[], seam: [Buffer, Buffer] | null): [plain: number, packed: number] {
	const between = kept.length - 1;
	return [1, 2].map((column) => {
		const own = kept.reduce((total, piece) => total + (piece[column] as number), 0);
		return own + between * (seam?.[column - 1]!.length ?? 0);
	}) as [number, number];
}

/** The rows up to an id, piece by piece. */
function* runsOf<Row extends { id: string }>(source: Peekable<Row>, until: string | null): Generator<Row[]> {
	let run: Row[] = [];
	for (;;) {
		const row = source.peek();
		const isOver = row === null || (until !== null && row.id >= until);
		if (run.length > 0 && (isOver || beginsPiece(row.id))) {
			yield run;
			run = [];
		}
		if (isOver) return;
		run.push(row);
		source.next();
	}
}

class Peekable<Row> {
	#iterator: Iterator<Row>;
	#ahead: Row | null | undefined;

	constructor(rows: Iterable<Row>) {
		this.#iterator = rows[Symbol.iterator]();
	}

	peek(): Row | null {
		if (this.#ahead === undefined) {
			const { done, value } = this.#iterator.next();
			this.#ahead = done ? null : value;
		}
		return this.#ahead;
	}

	next(): void {
		this.#ahead = undefined;
	}
}

/** A new file, written in large pieces and summed up on the way. */
class Output {
	crc = 0;
	length = 0;
	#file: number;
	#buffer = Buffer.allocUnsafeSlow(bufferSize);
	#used = 0;
	#isOpen = true;

	constructor(path: string) {
		this.#file = openSync(path, 'wx', 0o600);
	}

	write(bytes: Uint8Array): void {
		this.crc = crc32(bytes, this.crc);
		this.length += bytes.length;
		if (this.#used + bytes.length > bufferSize) this.#flush();
		if (bytes.length > bufferSize) {
			writeWhole(this.#file, bytes);
			return;
		}
		this.#buffer.set(bytes, this.#used);
		this.#used += bytes.length;
	}

	/** Reads to where it is written from: a megabyte of its own for each run would cost more than the reading. @throws when the other file has less */
	copy(from: number, position: number, length: number): void {
		for (const end = position + length; position < end;) {
			if (this.#used === bufferSize) this.#flush();
			const read = readSync(from, this.#buffer, this.#used, Math.min(end - position, bufferSize - this.#used), position);
			if (read === 0) throw new Error('A kept file is shorter than its index says.');
			this.crc = crc32(this.#buffer.subarray(this.#used, this.#used + read), this.crc);
			this.length += read;
			this.#used += read;
			position += read;
		}
	}

	/** Its checksum; nothing is written after it. */
	end(): number {
		this.#flush();
		return this.crc;
	}

	close(): void {
		if (this.#isOpen) closeSync(this.#file);
		this.#isOpen = false;
	}

	#flush(): void {
		writeWhole(this.#file, this.#buffer.subarray(0, this.#used));
		this.#used = 0;
	}
}

function writeWhole(file: number, bytes: Uint8Array): void {
	for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
