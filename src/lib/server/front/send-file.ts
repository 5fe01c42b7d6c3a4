import { close, read } from 'node:fs';
import type { ServerResponse } from 'node:http';

/** Small enough for the processor's own memory, through which each of them passes twice; a reader takes two of them. */
const largePiece = 256 * 1024;
/** For those who come when so many are reading already: they may all be asleep. */
const smallPiece = 32 * 1024;
const mostWithLarge = 20;
let reading = 0;

/**
 * Sends a whole file behind headers that are written already: a piece is read while the one before it leaves, never more, however slow the
 * reader is. The file is closed in the end, also when she goes away. Plain calls: promises and streams took half of the time.
 * @param file its descriptor
 */
export function sendFile(file: number, size: number, response: ServerResponse): void {
	const piece = reading++ < mostWithLarge ? largePiece : smallPiece;
	const free = [Buffer.allocUnsafeSlow(Math.min(piece, size)), Buffer.allocUnsafeSlow(Math.min(piece, size))];
	let at = 0;
	let isReading = false;
	let isOpen = true;
	const finish = () => {
		// A descriptor that is closed under a reading may be another file's by then.
		if (isReading || !isOpen) return;
		isOpen = false;
		reading--;
		close(file, () => undefined);
	};
	const pump = () => {
		if (response.destroyed || at === size) return finish();
		const buffer = isReading ? undefined : free.pop();
		if (!buffer) return;
		isReading = true;
		read(file, buffer, 0, Math.min(piece, size - at), at, (failure, bytes) => {
			isReading = false;
			// Headers have left: an end that comes too early is all that can be said.
			if (failure || bytes === 0) response.destroy();
			if (response.destroyed) return finish();
			at += bytes;
			response.write(buffer.subarray(0, bytes), () => {
				free.push(buffer);
				pump();
			});
			if (at === size) response.end();
			pump();
		});
	};
	response.once('close', finish);
	pump();
}
