import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { Sharp } from 'sharp';

/** A picture with something on it: colours that run, so that it compresses like a photo of a plain wall. */
export function pixels(width: number, height: number): Sharp {
	const data = Buffer.alloc(width * height * 3);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) data.set([(x * 255) / width, (y * 255) / height, 160], (y * width + x) * 3);
	return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A JPEG as a telephone makes it: turned, with the place, the maker, a comment and a profile, each holding the marker. */
export async function jpegWithSecrets(
	width: number,
	height: number,
	marker = 'MARKER-47.2184-1.5536'
): Promise<{ bytes: Buffer; marker: string }> {
	const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="${marker}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
	const exif = {
		IFD0: { Make: marker, Artist: `Jeanne ${marker}`, ImageDescription: marker },
		IFD2: { UserComment: marker },
		IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 13/1 6/1', GPSLongitudeRef: 'W', GPSLongitude: '1/1 33/1 13/1' }
	};
	const bytes = await pixels(width, height)
		.withExif(exif)
		.withXmp(xmp)
		.withIccProfile('p3')
		.withMetadata({ orientation: 6, exif })
		.jpeg()
		.toBuffer();
	return { bytes, marker };
}

/** A PNG whose header promises these measures and whose body is almost nothing. */
export function bomb(width: number, height: number): Buffer {
	const chunk = (type: string, data: Buffer) => {
		const body = Buffer.concat([Buffer.from(type), data]);
		const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
		length.writeUInt32BE(data.length);
		sum.writeUInt32BE(crc32(body));
		return Buffer.concat([length, body, sum]);
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 0, 0, 0, 0], 8);
	const rows = deflateSync(Buffer.alloc(Math.min(100_000, (width + 1) * height)));
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', header),
		chunk('IDAT', rows),
		chunk('IEND', Buffer.alloc(0))
	]);
}

/** The first bytes of a telephone's own format. */
export const heic = Buffer.concat([
	Buffer.from([0, 0, 0, 24]),
	Buffer.from('ftypheic'),
	Buffer.alloc(4),
	Buffer.from('mif1heic')
]);
/** An executable. */
export const elf = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), Buffer.alloc(4000, 1)]);
export const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
