import { placesIn } from '../as-of.ts';
import type { Format } from '../datasets.ts';
import { nextTurn } from '../next-turn.ts';
import { fileFormats } from './file-formats.ts';
import type { Wish } from './make.ts';

const piece = 1 << 16;

/** The bytes of a text in pieces of 64 kB; between two of them other requests are served. */
export async function* textBytes(wish: Wish): AsyncGenerator<Buffer> {
	const { edition, selection, dataset, variant, filters } = wish;
	const { text }: Format = fileFormats[wish.format];
	if (!text) throw new Error(`${wish.format} is no text.`);
	const told = { ...edition, ...(filters === undefined ? {} : { filters }) };
	let parts: string[] = [];
	let length = 0;
	for (const part of text(placesIn(edition, selection), told, dataset, variant)) {
		parts.push(part);
		length += part.length;
		if (length < piece) continue;
		yield Buffer.from(parts.join(''));
		parts = [];
		length = 0;
		await nextTurn();
	}
	yield Buffer.from(parts.join(''));
}
