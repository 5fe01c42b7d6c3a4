import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

export interface Hold {
	/** Called once, when nothing more is written. */
	release?: () => void;
	/** Of the request: its reader has gone. */
	signal: AbortSignal;
	/** Milliseconds after which a reader who has not taken it all is left with what there is. */
	within: number;
}

/**
 * A body that is written as it is read, a piece ahead at most, and that holds something (a turn, the map of its moment) until it was all read, or
 * its reader went or took too long: who asks for much and reads nothing neither fills the memory nor keeps the others waiting for ever.
 */
export function heldBody(
	pieces: AsyncIterable<Uint8Array>,
	encoding: 'gzip' | 'identity',
	{ release, signal, within }: Hold
): ReadableStream<Uint8Array> {
	const source = Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
	const stop = () => void source.destroy(new Error('Nobody took the whole answer in time.'));
	const late = setTimeout(stop, within);
	late.unref();
	signal.addEventListener('abort', stop, { once: true });
	source.once('close', () => {
		clearTimeout(late);
		signal.removeEventListener('abort', stop);
		release?.();
	});
	// Whoever reads is told by the stream that ends; without a listener it would end the process.
	source.on('error', () => undefined);
	if (signal.aborted) stop();
	return streamOf(source, encoding);
}

/** A body that is read, and compressed, as it is sent, and no longer once nobody takes it. */
export function streamOf(bytes: Readable, encoding: 'gzip' | 'identity'): ReadableStream<Uint8Array> {
	// What ends it is whoever stops reading; there is nobody to tell.
	const body = encoding === 'gzip' ? pipeline(bytes, createGzip(), () => undefined) : bytes;
	return Readable.toWeb(body) as ReadableStream<Uint8Array>;
}
