import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { m } from '../../src/lib/paraglide/messages.js';

test('every message is written in few letters: a text, or what makes it, per language', () => {
	const files = globSync('src/lib/paraglide/messages/*.js').filter((file) => !file.endsWith('_index.js'));
	expect(files.length).toBeGreaterThan(1500);
	expect(files.filter((file) => !/= \/\* @__PURE__ \*\/ say\(/.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test.each([
	['fr', 'English', 'Téléphone\u00a0: 4', '1 lieu', '3 lieux'],
	['en', 'Français', 'Téléphone: 4', '1 place', '3 places']
] as const)('in %s a message says its text, what is put in and the right plural', (locale, text, labelled, one, many) => {
	expect(m.nav_language({}, { locale })).toBe(text);
	expect(m.labelled({ label: 'Téléphone', value: 4 }, { locale })).toBe(labelled);
	expect(m.results_count({ count: 1, shown: '1' }, { locale })).toBe(one);
	expect(m.results_count({ count: 3, shown: '3' }, { locale })).toBe(many);
});
