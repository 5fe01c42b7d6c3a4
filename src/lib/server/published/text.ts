import { fold } from '../../domain/fold.ts';

/** Words that say nothing in a query of several: "école de la Beaujoire" must find « École Beaujoire ». */
const emptyWords = new Set('a au aux d de des du en et l la le les ou pour sur un une the of and in at for'.split(' '));

/** Folded words of a text, in order, repeated ones included. */
export function words(text: string): string[] {
	return wordsIn(fold(text));
}

/** Words of a text that is folded already. */
export function wordsIn(folded: string): string[] {
	return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The words of a query worth looking for: without the empty ones, unless it has no others; at most eight. */
export function queryWords(query: string): string[] {
	const all = [...new Set(words(query))];
	const telling = all.filter((word) => !emptyWords.has(word));
	return (telling.length > 0 ? telling : all).slice(0, 8);
}

/** By code unit: the same on every node, whatever its locale data. */
export function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
