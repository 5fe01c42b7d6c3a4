import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Metadata, Sharp } from 'sharp';
import { photoLimits, photoSizes } from '../../domain/photo.ts';
import type { Mask, PhotoSize } from '../../domain/photo.ts';
import { sniffPhoto } from '../../domain/photo-sniff.ts';
import type { PhotoRefusal } from '../../domain/photo-sniff.ts';
import { Failure } from '../errors.ts';
import { paintMask } from './paint.ts';

/** Two copies of WebP, without a byte of what the file said about itself. */
export interface PreparedPhoto {
	/** Of the bytes that were sent. */
	sha256: string;
	/** Of the larger copy, pixels. */
	width: number;
	height: number;
	copies: { size: PhotoSize; bytes: Buffer }[];
}

// One picture at a time, in one thread: 50 megapixels take 200 MB while they are made smaller, and the map is served by the same machine.
sharp.concurrency(1);
sharp.cache(false);
// Only what is sniffed is ever handed to a decoder: no SVG, no PDF, no ImageMagick.
sharp.block({ operation: ['VipsForeignLoad'] });
const decoders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}`);
sharp.unblock({ operation: decoders });

/** HTTP statuses; what is not named is of a type that we do not take. */
const refusals: Partial<Record<PhotoRefusal, number>> = { photo_empty: 422, photo_too_heavy: 413 };

const seconds = 20;
let last: Promise<unknown> = Promise.resolve();

/** Waits for the pictures before it; a failure is its own. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const mine = last.then(work, work);
	last = mine.catch(() => undefined);
	return mine;
}

/**
 * Makes the copies that are kept of a picture somebody sent. The original is nowhere but in `bytes`.
 * @throws Failure `photo_…`, whose sentence says what to do
 */
export function preparePhoto(bytes: Uint8Array): Promise<PreparedPhoto> {
	return inTurn(async () => {
		const sniffed = sniffPhoto(bytes, bytes.length);
		if ('refusal' in sniffed) throw new Failure(sniffed.refusal, { status: refusals[sniffed.refusal] ?? 415 });
		const options = { failOn: 'warning', limitInputPixels: photoLimits.pixels, sequentialRead: true, pages: 1 } as const;
		const header = await decoded(() => sharp(bytes, { ...options, limitInputPixels: false }).metadata());
		expectMeasures(header, sniffed.format);
		return encode(sharp(bytes, options).autoOrient(), sha256Of(bytes));
	});
}

/** The copies of a picture of ours with parts of it made unrecognisable. @param bytes of its larger copy */
export function maskPhoto(bytes: Uint8Array, mask: Mask): Promise<PreparedPhoto> {
	return inTurn(async () => {
		const { data, info } = await decoded(() => sharp(bytes).raw().toBuffer({ resolveWithObject: true }));
		paintMask(data, info, mask);
		const { width, height, channels } = info;
		return encode(sharp(data, { raw: { width, height, channels } }), sha256Of(data));
	});
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Judged by the header, before a pixel is decoded: a few kilobytes may unfold into gigabytes. */
function expectMeasures({ width, height, format }: Metadata, expected: string): void {
	if (format !== expected) throw new Failure('photo_unknown', { status: 415 });
	if (width * height > photoLimits.pixels) throw new Failure('photo_too_large', { status: 413 });
}

/** Whatever a decoder stumbles over is the file's fault, and its words may quote the file. */
async function decoded<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch {
		throw new Failure('photo_broken', { status: 422 });
	}
}

/** Decodes once. sRGB without a profile; sharp keeps no metadata unless it is asked to. */
function encode(image: Sharp, sha256: string): Promise<PreparedPhoto> {
	return decoded(async () => {
		const [largest, ...smaller] = photoSizes;
		const { data, info } = await fitted(image, largest).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
		const { width, height, channels } = info;
		const again = () => sharp(data, { raw: { width, height, channels } });
		const copies = [{ size: largest as PhotoSize, bytes: await again().webp({ quality: 80 }).toBuffer() }];
		for (const size of smaller) copies.push({ size, bytes: await fitted(again(), size).webp({ quality: 75 }).toBuffer() });
		return { sha256, width, height, copies };
	});
}

const fitted = (image: Sharp, side: number) =>
	image.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true }).timeout({ seconds });
