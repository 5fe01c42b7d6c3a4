import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyMeasures, parsePhotoName, photoPath } from '../../src/lib/domain/photo.ts';
import { maskSchema } from '../../src/lib/domain/photo-mask.ts';
import { photoOperations } from '../../src/lib/domain/photo-form.ts';
import { paintMask } from '../../src/lib/server/photos/paint.ts';
import { maskPhoto, preparePhoto } from '../../src/lib/server/photos/prepare.ts';
import { bomb, elf, heic, jpegWithSecrets, pixels, svg } from '../support/pictures.ts';

const refused = (bytes: Uint8Array) =>
	preparePhoto(bytes).then(
		() => 'taken',
		({ code }: { code: string }) => code
	);
const text = (content: string) => new TextEncoder().encode(content);

describe('a picture that is sent', () => {
	it('is kept as two copies of WebP, upright, without a word of where and by what it was taken', async () => {
		const { bytes, marker } = await jpegWithSecrets(2400, 1200);
		expect(bytes.includes(marker)).toBe(true);
		const { copies, width, height } = await preparePhoto(bytes);
		// Taken with the camera on its side: orientation 6 turns it.
		expect([width, height]).toEqual([800, 1600]);
		for (const { size, bytes: copy } of copies) {
			const told = await sharp(copy).metadata();
			expect(told).toMatchObject({ format: 'webp', height: size, width: size / 2, space: 'srgb' });
			for (const kind of ['exif', 'xmp', 'iptc', 'icc', 'orientation'] as const) expect(told[kind]).toBeUndefined();
			expect(copy.includes(marker)).toBe(false);
			expect(/EXIF|XMP |ICCP/.test(copy.toString('latin1'))).toBe(false);
		}
	});

	it('is never made larger', async () => {
		const { width, height, copies } = await preparePhoto(await pixels(300, 200).png().toBuffer());
		expect([width, height]).toEqual([300, 200]);
		expect(await sharp(copies[1]!.bytes).metadata()).toMatchObject({ width: 300, height: 200 });
	});

	it.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)('may be %s', async (format) => {
		expect((await preparePhoto(await pixels(640, 480).toFormat(format).toBuffer())).copies).toHaveLength(2);
	});

	it('may be animated, and its first frame is the photo', async () => {
		const frames = Buffer.concat([Buffer.alloc(64 * 64 * 3, 200), Buffer.alloc(64 * 64 * 3, 20)]);
		const gif = await sharp(frames, { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } })
			.gif()
			.toBuffer();
		const { copies, height } = await preparePhoto(gif);
		expect(height).toBe(64);
		expect((await sharp(copies[0]!.bytes).raw().toBuffer())[0]).toBeGreaterThan(190);
	});

	it('is recognised when it comes again, byte for byte', async () => {
		const bytes = await pixels(40, 30).png().toBuffer();
		expect((await preparePhoto(bytes)).sha256).toBe((await preparePhoto(bytes)).sha256);
	});
});

describe('a file that is no photo, or too much of one', () => {
	let jpeg: Buffer;
	beforeAll(async () => {
		jpeg = await pixels(1200, 900).jpeg().toBuffer();
	});

	it.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
		['empty', () => new Uint8Array(), 'photo_empty'],
		['an SVG with a script', () => svg, 'photo_svg'],
		['an SVG behind an XML head', () => text('<?xml version="1.0"?><!-- a --><svg/>'), 'photo_svg'],
		['a HEIC of a telephone', () => heic, 'photo_heic'],
		['a renamed executable', () => elf, 'photo_unknown'],
		['a renamed PDF', () => text('%PDF-1.7\n'), 'photo_unknown'],
		['a page', () => text('<!doctype html><h1>photo.jpg</h1>'), 'photo_unknown'],
		['a TIFF', () => pixels(40, 40).tiff().toBuffer(), 'photo_unknown'],
		['cut short', () => jpeg.subarray(0, jpeg.length / 2), 'photo_broken'],
		['only a beginning', () => jpeg.subarray(0, 20), 'photo_broken'],
		['a PNG named by its first bytes alone', () => Buffer.concat([bomb(10, 10).subarray(0, 8), elf]), 'photo_broken'],
		['fifty-one megapixels', () => bomb(8500, 6000), 'photo_too_large'],
		['a bomb of ten gigapixels', () => bomb(100_000, 100_000), 'photo_too_large'],
		['heavier than 12 MB', () => Buffer.concat([jpeg, Buffer.alloc(12_000_001)]), 'photo_too_heavy']
	])('%s', async (_what, bytes, code) => {
		expect(await refused(await bytes())).toBe(code);
	});

	it('is always answered by a sentence, whatever its bytes', async () => {
		const anything = fc.oneof(
			fc.uint8Array({ maxLength: 300 }),
			fc
				.tuple(fc.constantFrom(jpeg.subarray(0, 200), heic, bomb(9, 9)), fc.uint8Array({ maxLength: 100 }))
				.map((parts) => Buffer.concat(parts))
		);
		await fc.assert(
			fc.asyncProperty(anything, async (bytes) => {
				expect(await refused(bytes)).toMatch(/^(photo_\w+|taken)$/);
			}),
			{ numRuns: 100 }
		);
	});

	it('does not hold up the one after it', async () => {
		expect(await Promise.all([refused(elf), refused(jpeg), refused(heic)])).toEqual(['photo_unknown', 'taken', 'photo_heic']);
	});
});

describe('a mask', () => {
	const white = (width: number, height: number) => new Uint8Array(width * height * 3).fill(255);
	const covered = (data: Uint8Array, width: number, x: number, y: number) => data[(y * width + x) * 3] !== 255;

	it('covers its rectangle and nothing beside it', () => {
		const data = white(100, 50);
		paintMask(
			data,
			{ width: 100, height: 50, channels: 3 },
			{ rectangles: [{ x: 0.1, y: 0.2, width: 0.2, height: 0.4 }], strokes: [] }
		);
		expect([covered(data, 100, 10, 10), covered(data, 100, 29, 29)]).toEqual([true, true]);
		expect([covered(data, 100, 9, 10), covered(data, 100, 30, 29), covered(data, 100, 29, 30)]).toEqual([false, false, false]);
	});

	it('covers the whole path of a brush, also where the hand was fast', () => {
		const data = white(100, 100);
		const strokes = [{ radius: 0.05, points: [[0.1, 0.1] as [number, number], [0.9, 0.9] as [number, number]] }];
		paintMask(data, { width: 100, height: 100, channels: 3 }, { rectangles: [], strokes });
		for (let at = 10; at <= 90; at++) expect(covered(data, 100, at, at)).toBe(true);
		expect([covered(data, 100, 10, 90), covered(data, 100, 2, 2)]).toEqual([false, false]);
	});

	it('never writes outside of the picture', () => {
		const number = fc.double({ min: 0, max: 1, noNaN: true });
		const mask = fc.record({
			rectangles: fc.array(fc.record({ x: number, y: number, width: number, height: number }), { maxLength: 3 }),
			strokes: fc.array(
				fc.record({
					radius: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
					points: fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 4 })
				}),
				{
					maxLength: 3
				}
			)
		});
		fc.assert(
			fc.property(mask, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (drawn, width, height) => {
				const data = white(width, height);
				paintMask(data, { width, height, channels: 3 }, maskSchema.parse(drawn));
				expect(data.length).toBe(width * height * 3);
			})
		);
	});

	it('is in both copies of the masked photo', async () => {
		const { copies } = await preparePhoto(await pixels(1000, 500).jpeg().toBuffer());
		const masked = await maskPhoto(copies[0]!.bytes, { rectangles: [{ x: 0.5, y: 0, width: 0.5, height: 1 }], strokes: [] });
		for (const { bytes } of masked.copies) {
			const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
			const at = (x: number) => (Math.floor(info.height / 2) * info.width + Math.floor(x * info.width)) * info.channels;
			expect(Math.abs(data[at(0.8)]! - 48)).toBeLessThan(12);
			expect(Math.abs(data[at(0.4)]! - 48)).toBeGreaterThan(20);
		}
	});
});

describe('what a form says of photos', () => {
	const [a, b, c] = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-${letter.repeat(12)}`);

	it('is what it adds and removes; a photo taken back before it was sent is neither', () => {
		expect(photoOperations({ photo: [a!, b!], photo_remove: [b!, c!] }, false)).toEqual([
			{ fact: 'photos', add: [a], remove: [c] }
		]);
		expect(photoOperations({ photo: [a!, 'no id'] }, true)).toEqual([{ fact: 'photos', old: null, new: [a] }]);
		expect(photoOperations({ photo: [b!], photo_remove: [b!] }, false)).toEqual([]);
	});

	it('names its copies by an address that is read back, and by no other', () => {
		expect(parsePhotoName(photoPath(a!, 480).slice('/photos/'.length, -'.webp'.length))).toEqual({ id: a, size: 480 });
		for (const name of [`${a}-1000`, `../${a}-480`, `${a}`, 'x-480', `${a}-480/..`]) expect(parsePhotoName(name)).toBeNull();
		expect(copyMeasures({ width: 1600, height: 900 }, 480)).toEqual({ width: 480, height: 270 });
	});
});
