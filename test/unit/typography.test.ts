import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(path, 'utf8');
const messages = globSync('src/lib/i18n/messages/fr/*.json');
const mails = globSync('supabase/templates/*');
const pages = globSync('src/{lib,routes}/**/*.svelte').filter((path) => !path.includes('styleguide'));

/** Every sentence of a file of messages, those of plurals too, under its key. */
function sentences(value: unknown, key: string): [key: string, text: string][] {
	if (typeof value === 'string') return [[key, value]];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		name === 'declarations' ? [] : sentences(inner, name === 'match' ? key : name)
	);
}
const french = messages.flatMap((path) => sentences(JSON.parse(read(path)), path));

/** A space where a line may end, or the wrong one: U+202F belongs before ? ! and ;, U+00A0 before : and inside « ». */
const loose = / [?!;:»]|« |\u00a0[?!;]|\u202f[:»]|«\u202f/;

test('there are French sentences and mails to look at', () => {
	expect(french.length).toBeGreaterThan(1000);
	expect(mails.length).toBe(10);
});

test('no line of a French sentence begins with its punctuation, nor ends with an opening guillemet', () => {
	expect(french.filter(([, text]) => loose.test(text))).toEqual([]);
});

test('a French guillemet keeps its space', () => {
	expect(french.filter(([, text]) => /«[^\u00a0]|[^\u00a0]»/.test(text))).toEqual([]);
});

test('no line of a French mail begins with its punctuation', () => {
	const text = (path: string) => read(path).replace(/<style>[^]*<\/style>| style="[^"]*"|<!--[^]*?-->/g, '');
	expect(mails.filter((path) => loose.test(text(path)))).toEqual([]);
});

test('no page writes the colon between a label and its value itself: French wants a space there, English none', () => {
	expect(pages.filter((path) => /\w(\(\))?\} ?:( \{|[\s<"])/.test(read(path)))).toEqual([]);
});
