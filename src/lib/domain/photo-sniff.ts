import { photoLimits } from './photo.ts';

/** What is taken, by libvips' own names. */
export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'heif';
/** Why a file is not taken: the sentence is `error_<code>`. */
export type PhotoRefusal = 'photo_empty' | 'photo_too_heavy' | 'photo_heic' | 'photo_svg' | 'photo_unknown';

const starts = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, index) => bytes[index] === byte);
const ascii = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** How much of a file `sniffPhoto` looks at, bytes. */
export const sniffedBytes = 1024;

/**
 * What a file is, by its first bytes: its name and its type are its sender's word.
 * @param start its first `sniffedBytes` at least @param size of the whole, bytes
 */
export function sniffPhoto(start: Uint8Array, size: number): { format: PhotoFormat } | { refusal: PhotoRefusal } {
	if (size === 0) return { refusal: 'photo_empty' };
	if (size > photoLimits.bytes) return { refusal: 'photo_too_heavy' };
	if (starts(start, [0xff, 0xd8, 0xff])) return { format: 'jpeg' };
	if (starts(start, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return { format: 'png' };
	if (/^GIF8[79]a$/.test(ascii(start, 0, 6))) return { format: 'gif' };
	if (ascii(start, 0, 4) === 'RIFF' && ascii(start, 8, 12) === 'WEBP') return { format: 'webp' };
	if (ascii(start, 4, 8) === 'ftyp') {
		// ISO/IEC 14496-12, 4.3: the length of the box, the major brand, then those that the file is compatible with.
		const end = new DataView(start.buffer, start.byteOffset, start.byteLength).getUint32(0);
		const brands = ascii(start, 8, Math.min(64, end));
		if (/avi[fs]/.test(brands)) return { format: 'heif' };
		if (/he[iv][cxms]|mif1|msf1/.test(brands)) return { refusal: 'photo_heic' };
	}
	return { refusal: /<svg[\s>]|<\?xml|<!DOCTYPE svg/i.test(ascii(start, 0, sniffedBytes)) ? 'photo_svg' : 'photo_unknown' };
}
