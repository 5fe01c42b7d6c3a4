import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordDiff } from '../../src/lib/domain/word-diff.ts';

const marked = (before: string, after: string) =>
	wordDiff(before, after)
		.map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `[+${text}]` : `[-${text}]`))
		.join('');

describe('a difference of words', () => {
	it.each([
		['le jardin des Fonderies', 'le jardin partagé des Fonderies', 'le jardin [+partagé ]des Fonderies'],
		['ouvert le lundi', 'ouvert le mardi', 'ouvert le [-lundi][+mardi]'],
		['', 'nouveau', '[+nouveau]'],
		['ancien', '', '[-ancien]'],
		['pareil', 'pareil', 'pareil']
	])('from « %s » to « %s » is %s', (before, after, expected) => {
		expect(marked(before, after)).toBe(expected);
	});

	it('loses no word of either text', () => {
		const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd')).map((words) => words.join(' '));
		fc.assert(
			fc.property(text, text, (before, after) => {
				const side = (dropped: string) =>
					wordDiff(before, after)
						.filter(({ kind }) => kind !== dropped)
						.flatMap(({ text }) => text.trim().split(/\s+/))
						.filter(Boolean)
						.join(' ');
				expect(side('removed')).toBe(after);
				expect(side('added')).toBe(before);
			})
		);
	});

	it('of two long texts is one text for the other', () => {
		const long = 'mot '.repeat(2000);
		expect(wordDiff(long, `${long}fin`)).toHaveLength(2);
	});
});
