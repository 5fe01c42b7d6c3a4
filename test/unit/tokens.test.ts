import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { palette } from '../../src/lib/domain/palette.ts';
import { contrast, marks, texts } from '../../src/routes/styleguide/contrast.ts';

const css = readFileSync(new URL('../../src/app.css', import.meta.url), 'utf8');
const darkStart = css.indexOf('@media (prefers-color-scheme: dark)');
const schemes = { light: css.slice(0, darkStart), dark: css.slice(darkStart, css.indexOf('@media (prefers-reduced-motion')) };
type Scheme = keyof typeof schemes;

const token = (scheme: Scheme, name: string): string => {
	const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(schemes[scheme])?.[1];
	if (!value) throw new Error(`no --${name} in the ${scheme} scheme`);
	return value;
};

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
	test.each(texts)('%s on %s keeps 4.5:1', (text, ground) => {
		expect(contrast(token(scheme, text), token(scheme, ground))).toBeGreaterThanOrEqual(4.5);
	});

	test.each(marks)('%s on %s keeps 3:1', (mark, ground) => {
		expect(contrast(token(scheme, mark), token(scheme, ground))).toBeGreaterThanOrEqual(3);
	});

	test.each(Object.entries(palette))('theme %s is the same in the stylesheet and on the map', (colour, hues) => {
		expect(new RegExp(`\\.theme-${colour} {\\s+--theme: (#[0-9a-f]{6});`).exec(schemes[scheme])?.[1]).toBe(hues[scheme]);
	});

	test.each(Object.entries(palette))(
		'theme %s keeps 4.5:1 with its text and with the surfaces it is written on',
		(_colour, hues) => {
			for (const other of ['on-theme', 'surface', 'ground']) {
				expect(contrast(hues[scheme], token(scheme, other)), other).toBeGreaterThanOrEqual(4.5);
			}
		}
	);
});
