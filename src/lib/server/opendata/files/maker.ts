/** The thread that writes files, one after the other, started by `thread.ts`: what a large map costs is not spent where requests are answered. */
import { appendFileSync, closeSync, createReadStream, createWriteStream, openSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createGzip } from 'node:zlib';
import { placeFreshness } from '../../../domain/freshness.ts';
import type { Place } from '../../../domain/place.ts';
import { placeOf } from '../../published/record.ts';
import { makeReference } from '../../published/reference.ts';
import { pastOf } from '../as-of.ts';
import type { Format } from '../datasets.ts';
import { fileFormats } from './file-formats.ts';
import { fileWriters } from './file-writers.ts';
import type { Told } from '../geojson.ts';
import { crcOf } from './checksum.ts';
import type { Job, Made } from './make.ts';
import { indexPath } from './pieces.ts';
import type { Parts, PieceIndex } from './pieces.ts';
import { betweenOf, writePieces } from './write-pieces.ts';

const lineFeed = 10;
const turn = workerData as Int32Array;
/** What it is doing. */
let job: Job;

/** What the other thread has, a batch at a time; this one sleeps meanwhile. */
function* lines(): Generator<Uint8Array> {
	for (;;) {
		parentPort!.postMessage('more');
		Atomics.wait(turn, 0, 0);
		Atomics.store(turn, 0, 0);
		const batch = receiveMessageOnPort(parentPort!)!.message as Uint8Array;
		if (batch.length === 0) return;
		for (let start = 0; start < batch.length;) {
			const end = batch.indexOf(lineFeed, start);
			yield batch.subarray(start, end);
			start = end + 1;
		}
	}
}

function* received(): Generator<Place> {
	for (const line of lines()) yield placeOf(line);
}

/** The beginning of a feature, as `FeatureWriter` has it. */
const beforeId = '{"type":"Feature","id":"'.length;
const quote = '"'.charCodeAt(0);

function* features(): Generator<{ id: string; bytes: Uint8Array }> {
	for (const bytes of lines()) {
		const id = Buffer.from(bytes.buffer, bytes.byteOffset + beforeId, bytes.indexOf(quote, beforeId) - beforeId);
		yield { id: id.toString('latin1'), bytes };
	}
}

/** Of now, or of the day that is asked for. */
function places(): Generator<Place> {
	if (!job.past) return received();
	const { day, selection, rows } = job.past;
	return pastOf(received(), { reference: makeReference(rows), settings: job.told.settings }, selection, day);
}

function toldOf({ told, categories }: Job): Told {
	const { settings, seq, changedAt, ...rest } = told;
	const unknown = { halfLives: {}, keyFacts: [] };
	const freshness: Told['view']['freshness'] = (place, today) =>
		placeFreshness(place, categories.get(place.category) ?? unknown, today);
	return { ...rest, view: { settings, seq, changedAt, freshness } };
}

/** A text of rows: with its gzip and its index, from what is still right of the edition before. */
function writeRows(parts: Parts, { steps, before, basis }: NonNullable<Job['pieces']>): Made {
	const { seq, changedAt } = job.told;
	const { head, pieces, crc32 } = parts.features
		? writePieces(job.path, parts, joinedBy(parts.features), features(), { steps, before })
		: writePieces(job.path, parts, (run) => Buffer.from(parts.rows(run)), places(), { steps, before });
	const index: PieceIndex = { basis, seq, changedAt, between: betweenOf(parts), head, pieces };
	writeFileSync(indexPath(job.path), JSON.stringify(index), { mode: 0o600 });
	return { crc32 };
}

const joinedBy = ({ between, after }: NonNullable<Parts['features']>) => {
	const [first, middle, last] = ['', after + between, after].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
	return (run: readonly { bytes: Uint8Array }[]) =>
		Buffer.concat([...run.flatMap(({ bytes }, i) => [i === 0 ? first : middle, bytes]), last]);
};

function writeText(format: Format, told: Told): void {
	const file = openSync(job.path, 'wx', 0o600);
	let text = '';
	for (const piece of format.text!(places(), told, job.dataset, job.variant)) {
		text += piece;
		if (text.length < 1 << 18) continue;
		appendFileSync(file, text);
		text = '';
	}
	appendFileSync(file, text);
	closeSync(file);
}

async function compressed(path: string): Promise<Made> {
	await pipeline(createReadStream(path), createGzip(), createWriteStream(`${path}.gz`, { mode: 0o600 }));
	return { crc32: { plain: await crcOf(path), gz: await crcOf(`${path}.gz`) } };
}

async function make(): Promise<Made> {
	const format: Format = fileFormats[job.format];
	if (job.pieces) return writeRows(format.parts!(toldOf(job), job.dataset, job.variant), job.pieces);
	const write = fileWriters[job.format];
	if (write) write(job.path, places(), toldOf(job), job.dataset);
	else writeText(format, toldOf(job));
	if (job.compressed && format.compressible) return compressed(job.path);
	return { crc32: { plain: await crcOf(job.path) } };
}

/** One job at a time: nobody sends the next one before the last is done. What fails ends the thread, and says why. */
parentPort!.on('message', (next: Job) => {
	job = next;
	void make().then(
		(made) => parentPort!.postMessage(made),
		(cause: unknown) => {
			setImmediate(() => {
				throw cause;
			});
		}
	);
});
