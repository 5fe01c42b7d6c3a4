/** After `vitest -u`: brings renewed references of the style guide to half their size and as few colours as nobody can tell apart. */
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { distance, halve } from '../test/support/half-pictures.ts';

const folder = 'test/component/__screenshots__/styleguide.test.ts';
/** Far below what the comparison tolerates. */
const alike = 12;

/** Frequent colours stay as they are, rare ones (edges of letters) become the nearest of them. @param {Uint8Array | Uint8ClampedArray} data RGBA */
function fewerColours(data) {
	/** @type {Map<number, number>} */
	const counts = new Map();
	const part = (/** @type {number} */ at) => data[at] ?? 0;
	const colour = (/** @type {number} */ at) => (part(at) << 16) | (part(at + 1) << 8) | part(at + 2);
	for (let at = 0; at < data.length; at += 4) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1);
	/** @type {number[]} */
	const palette = [];
	/** @type {Map<number, number>} */
	const became = new Map();
	for (const [one] of [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
		const near = palette.find(
			(other) =>
				distance((one >> 16) - (other >> 16), ((one >> 8) & 255) - ((other >> 8) & 255), (one & 255) - (other & 255)) <= alike
		);
		if (near === undefined) palette.push(one);
		became.set(one, near ?? one);
	}
	const pixels = Buffer.alloc((data.length / 4) * 3);
	for (let at = 0, to = 0; at < data.length; at += 4, to += 3) pixels.writeUIntBE(became.get(colour(at)) ?? 0, to, 3);
	return { pixels, colours: palette.length };
}

for (const name of readdirSync(folder)) {
	const path = join(folder, name);
	const wide = Number(/-(\d+)-(?:light|dark)-/.exec(name)?.[1]);
	const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
	if (info.width !== wide) continue;
	const half = halve({ data, metadata: info });
	const { pixels, colours } = fewerColours(half.data);
	const raw = { ...half.metadata, channels: /** @type {const} */ (3) };
	await sharp(pixels, { raw })
		.png({ palette: colours <= 256, quality: 100, dither: 0, effort: 10, compressionLevel: 9 })
		.toFile(`${path}.new`);
	renameSync(`${path}.new`, path);
	console.log(`${name}: ${colours} colours`);
}
