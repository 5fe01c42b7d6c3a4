import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { PlaceFeature } from '../geojson.ts';

/** An archive is read as `geojsonParts` has it: a head, one feature to a line, a tail. */
const featureStart = '{"type":"Feature","id":"';
const idLength = 36;
const [lineFeed, comma, quote] = [10, 44, 34];
/** Longer than that nobody else waits; milliseconds. */
const patience = 8;
/** A stream costs as much for a line as for so many bytes. */
const batchBytes = 1 << 18;

/** Lets others in when that is due. */
function breather(): () => Promise<void> | undefined {
	let since = performance.now();
	return () => {
		if (performance.now() - since < patience) return undefined;
		return new Promise((resolve) =>
			setImmediate(() => {
				since = performance.now();
				resolve();
			})
		);
	};
}

/** The parts of a file, compressed or not, as a cutter has them: those that end in a piece of it, and with null the rest. */
async function* partsOf(path: string, cut: (chunk: Buffer | null) => Buffer[]): AsyncGenerator<Buffer> {
	const file = createReadStream(path, { highWaterMark: batchBytes });
	const bytes = path.endsWith('.gz') ? file.pipe(createGunzip({ chunkSize: batchBytes })) : file;
	file.on('error', (cause) => bytes.destroy(cause));
	const pause = breather();
	try {
		for await (const chunk of bytes as AsyncIterable<Buffer>) {
			for (const part of cut(chunk)) {
				yield part;
				await pause();
			}
		}
		yield* cut(null);
	} finally {
		file.destroy();
	}
}

/**
 * Cuts after each line feed, which belongs to what is before it; not within quotes when those count (CSV). JSON may hold what other readers of lines
 * take for the end of one.
 */
function cutter(quotes: boolean): (chunk: Buffer | null) => Buffer[] {
	let parts: Buffer[] = [];
	let within = false;
	return (chunk) => {
		if (chunk === null) return parts.length > 0 ? [Buffer.concat(parts)] : [];
		const lines: Buffer[] = [];
		let start = 0;
		let quoteAt = quotes ? chunk.indexOf(quote) : -1;
		for (let from = 0; ;) {
			const end = chunk.indexOf(lineFeed, from);
			const stop = end < 0 ? chunk.length : end;
			for (; quoteAt >= 0 && quoteAt < stop; quoteAt = chunk.indexOf(quote, quoteAt + 1)) within = !within;
			if (end < 0) break;
			from = end + 1;
			if (within) continue;
			lines.push(parts.length > 0 ? Buffer.concat([...parts, chunk.subarray(start, from)]) : chunk.subarray(start, from));
			parts = [];
			start = from;
		}
		if (start < chunk.length) parts.push(chunk.subarray(start));
		return lines;
	};
}

export interface FeatureLine {
	id: string;
	/** As it stands in the file, without what separates it from the next. */
	bytes: Buffer;
	feature: () => PlaceFeature;
}

/** The features of an archived GeoJSON file; only those that are asked for are parsed. */
export async function* featuresOf(path: string): AsyncGenerator<FeatureLine> {
	for await (const line of partsOf(path, cutter(false))) {
		if (line.toString('latin1', 0, featureStart.length) !== featureStart) continue;
		const length = line.length - (line.at(-2) === comma ? 2 : 1);
		const bytes = line.subarray(0, length);
		const id = line.toString('latin1', featureStart.length, featureStart.length + idLength);
		yield { id, bytes, feature: () => JSON.parse(bytes.toString('utf8')) as PlaceFeature };
	}
}

/** What an archived GeoJSON file says of itself: its members but the features. */
export async function headOf(path: string): Promise<Record<string, unknown>> {
	for await (const line of partsOf(path, cutter(false))) {
		const { features: _, ...head } = JSON.parse(`${line.toString('utf8')}]}`) as Record<string, unknown>;
		return head;
	}
	throw new Error('An archive is empty.');
}

/** The records of an archived CSV file, each with its end, and the id it begins with; the header has none that is one. */
export async function* recordsOf(path: string): AsyncGenerator<{ id: string; bytes: Buffer }> {
	for await (const bytes of partsOf(path, cutter(true))) yield { id: bytes.toString('latin1', 0, idLength), bytes };
}

/** Small pieces as a few large ones. */
export async function* batched(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
	let batch: Buffer[] = [];
	let length = 0;
	for await (const piece of pieces) {
		const bytes = Buffer.from(piece as Uint8Array);
		batch.push(bytes);
		length += bytes.length;
		if (length < batchBytes) continue;
		yield Buffer.concat(batch);
		batch = [];
		length = 0;
	}
	yield Buffer.concat(batch);
}
