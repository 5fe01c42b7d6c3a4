import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { palette } from '../../src/lib/domain/palette.ts';

const css = readFileSync(new URL('../../src/app.css', import.meta.url), 'utf8');
const darkStart = css.indexOf('@media (prefers-color-scheme: dark)');
const schemes = { light: css.slice(0, darkStart), dark: css.slice(darkStart, css.indexOf('@media (prefers-reduced-motion')) };
type Scheme = keyof typeof schemes;

const token = (scheme: Scheme, name: string): string => {
	const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(schemes[scheme])?.[1];
	if (!value) throw new Error(`no --${name} in the ${scheme} scheme`);
	return value;
};

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
	const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}

const texts = [
	['ink', 'ground'],
	['ink', 'surface'],
	['ink', 'sunken'],
	['ink', 'accent-soft'],
	['ink', 'added'],
	['ink', 'removed'],
	['ink-soft', 'ground'],
	['ink-soft', 'surface'],
	['ink-soft', 'sunken'],
	['accent', 'ground'],
	['accent', 'surface'],
	['accent', 'accent-soft'],
	['accent-strong', 'accent-soft'],
	['on-accent', 'accent'],
	['on-accent', 'accent-strong'],
	['good', 'good-soft'],
	['warn', 'warn-soft'],
	['warn', 'surface'],
	['warn', 'ground'],
	['bad', 'bad-soft'],
	['bad', 'surface'],
	['bad', 'ground']
] as const;

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
	test.each(texts)('%s on %s keeps 4.5:1', (text, ground) => {
		expect(contrast(token(scheme, text), token(scheme, ground))).toBeGreaterThanOrEqual(4.5);
	});

	test.each(['line-strong', 'focus'])('%s keeps 3:1 with every ground', (name) => {
		for (const ground of ['ground', 'surface', 'accent-soft']) {
			expect(contrast(token(scheme, name), token(scheme, ground)), ground).toBeGreaterThanOrEqual(3);
		}
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
