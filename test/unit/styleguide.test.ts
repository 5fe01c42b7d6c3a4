import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sections } from '../../src/routes/styleguide/sections.ts';
import { compareHalves, halve } from '../support/half-pictures.ts';
import type { Picture } from '../support/half-pictures.ts';

const guide = 'src/routes/styleguide';
const pictures = 'test/component/__screenshots__/styleguide.test.ts';

/** Components that a file shows, itself or through those that it shows. */
function shownBy(file: string, seen = new Set<string>()): Set<string> {
	for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/from '([^']+\.svelte)'/g)) {
		const path = from.startsWith('$lib/') ? from.replace('$lib', 'src/lib') : join(dirname(file), from);
		if (seen.has(path) || !existsSync(path)) continue;
		seen.add(path);
		shownBy(path, seen);
	}
	return seen;
}

describe('the style guide', () => {
	test('shows every component, or says why it does not', () => {
		const shown = new Set(globSync(`${guide}/sections/*.svelte`).flatMap((file) => [...shownBy(file)]));
		const missing = globSync('src/lib/{ui,components}/*.svelte').filter((file) => !shown.has(file));
		expect(missing.sort()).toEqual([
			'src/lib/components/ClearDraft.svelte', // Draws nothing.
			'src/lib/components/FormAnswer.svelte', // Puts notices that are in the guide above a form that was sent.
			'src/lib/components/Paper.svelte', // A whole page, as /legal shows it, that names the document.
			'src/lib/components/PlaceForm.svelte' // A whole page, as /places/new shows it; its parts are in the guide.
		]);
	});

	test('has a file for each section, and a section for each file', () => {
		const files = readdirSync(join(guide, 'sections')).map((name) => name.replace('.svelte', '').toLowerCase());
		expect(files.sort()).toEqual(sections.map(({ id }) => id).sort());
	});

	test('keeps a picture of each section, width and scheme, at half its size and together below 1.5 MB', () => {
		const wanted = sections.flatMap(({ id }) =>
			[390, 1280].flatMap((width) =>
				['light', 'dark'].map((scheme) => ({ width, file: `${id}-${width}-${scheme}-chromium-linux.png` }))
			)
		);
		expect(readdirSync(pictures).sort()).toEqual(wanted.map(({ file }) => file).sort());
		// The width is the first number of a PNG's header: https://www.w3.org/TR/png-3/#11IHDR
		for (const { width, file } of wanted) expect(readFileSync(join(pictures, file)).readUInt32BE(16), file).toBe(width / 2);
		const bytes = wanted.reduce((sum, { file }) => sum + statSync(resolve(pictures, file)).size, 0);
		expect(bytes).toBeLessThan(1_500_000);
	});
});

/** A white card on grey, 120 × 80, with a mark of 16 pixels on it. */
function picture(change: (x: number, y: number) => number | undefined = () => undefined): Picture {
	const data = new Uint8ClampedArray(120 * 80 * 4);
	for (let at = 0; at < data.length; at += 4) {
		const [x, y] = [(at / 4) % 120, Math.floor(at / 480)];
		const card = x >= 10 && x < 110 && y >= 10 && y < 70;
		const mark = x >= 20 && x < 36 && y >= 20 && y < 36;
		data.set(Array<number>(3).fill(change(x, y) ?? (mark ? 60 : card ? 255 : 240)), at);
		data[at + 3] = 255;
	}
	return { data, metadata: { width: 120, height: 80 } };
}

describe('pictures compared at half their size', () => {
	const passes = (changed: Picture) => compareHalves(halve(picture()), changed, { createDiff: true }).pass;

	test('the same picture passes, and a reference that is not halved yet', () => {
		expect(passes(picture())).toBe(true);
		expect(compareHalves(picture(), picture(), { createDiff: true }).pass).toBe(true);
	});

	test('an edge that is smoothed otherwise passes', () => {
		expect(passes(picture((x, y) => (y === 20 && x >= 20 && x < 36 ? 90 : undefined)))).toBe(true);
		expect(passes(picture((x, y) => (x === 10 && y === 10 ? 247 : undefined)))).toBe(true);
	});

	test.each([
		['a missing mark', (x: number, y: number) => (x >= 20 && x < 36 && y >= 20 && y < 36 ? 255 : undefined)],
		['a ground that is ten levels off', (x: number, y: number) => (x < 10 || x >= 110 || y < 10 || y >= 70 ? 230 : undefined)],
		[
			'a mark that is one pixel lower',
			(x: number, y: number) => (x >= 20 && x < 36 && y >= 20 && y < 37 ? (y < 21 ? 255 : 60) : undefined)
		],
		['a card that has a border', (x: number, y: number) => (x >= 10 && x < 110 && (y === 10 || y === 69) ? 200 : undefined)]
	])('%s fails, and what differs is marked', (_what, change) => {
		const { pass, diff, message } = compareHalves(halve(picture()), picture(change), { createDiff: true });
		expect(pass).toBe(false);
		expect(diff).toHaveLength(60 * 40 * 4);
		expect(message).toMatch(/^\d+ pixels/);
	});

	test('another size fails', () => {
		const cut = { ...picture(), metadata: { width: 120, height: 78 } };
		expect(compareHalves(halve(picture()), cut, { createDiff: true })).toMatchObject({ pass: false, diff: null });
	});
});
