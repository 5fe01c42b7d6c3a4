import { Failure } from '../errors.ts';

/** What we decode, by libvips' own names. */
export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'heif';

const starts = (bytes: Uint8Array, signature: readonly number[], at = 0) =>
	signature.every((byte, index) => bytes[at + index] === byte);
const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/**
 * What a file is, by its first bytes: its name and its type are its sender's word.
 * @throws Failure with the code of the sentence to show
 */
export function sniff(bytes: Uint8Array): PhotoFormat {
	if (bytes.length === 0) throw new Failure('photo_empty', { status: 422 });
	if (starts(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
	if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
	if (/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return 'gif';
	if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
	if (ascii(bytes, 4, 8) === 'ftyp') {
		// ISO/IEC 14496-12, 4.3: the major brand, then those that the file is compatible with.
		const brands = ascii(bytes, 8, Math.min(64, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)));
		if (/avi[fs]/.test(brands)) return 'heif';
		if (/he[iv][cxms]|mif1|msf1/.test(brands)) throw new Failure('photo_heic', { status: 415 });
	}
	if (/<svg[\s>]|<\?xml|<!DOCTYPE svg/i.test(ascii(bytes, 0, 1024))) throw new Failure('photo_svg', { status: 415 });
	throw new Failure('photo_unknown', { status: 415 });
}
