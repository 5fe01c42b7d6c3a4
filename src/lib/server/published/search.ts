import { fold } from '../../domain/fold.ts';
import type { Frame, Layer } from './layers.ts';
import { fuzzyHits, prefixHits, worthOfOne } from './postings.ts';
import type { Hits } from './postings.ts';
import type { WordMeaning } from './reference.ts';
import type { Segment } from './segment.ts';
import type { Tally } from './tally.ts';
import { compareText, queryWords } from './text.ts';

/** A quartier found by the name of its commune counts less than one found by its own. */
const ancestorShare = 0.5;
const sameName = 20 * worthOfOne;
const nameBegins = 4 * worthOfOne;

/** What a query finds. */
export interface Search {
	/** Layer by layer; valid until the next search. */
	found: Map<Layer, Tally>;
	/** No place has all of its words: these have the most. */
	partly: boolean;
}

/** Where a word of the query is. */
interface Word {
	/** Layer by layer. */
	hits: Hits[][];
	/** What it is worth to be of a category or an area, by code; null when it says nothing of them. */
	byCategory: Int32Array | null;
	byArea: Int32Array | null;
	/** How much is to be looked at, at the most. */
	effort: number;
}

/**
 * Every word must be somewhere: in the name, the summary, an offer, the address, the category's or theme's label or synonyms, or the
 * area's name. A word counts once, where it counts most; a word found nowhere is tried again as a misspelling. When no place has all the
 * words, those that have the most of them are found: « porter plainte » is a question, not a name. Scores depend on the place and the query
 * alone, so that all nodes rank alike. Null when the query has no word.
 */
export function scoreAll(frame: Frame, query: string): Search | null {
	const wanted = queryWords(query);
	if (wanted.length === 0) return null;
	const words = wanted.flatMap((word) => findWord(frame, word) ?? []);
	const most = haveAll(frame.layers, words) ? words.length : haveMost(frame.layers, words);
	addNameBonus(frame.layers, fold(query).trim());
	return {
		found: talliesOf(frame.layers),
		partly: most > 0 && most < wanted.length
	};
}

const talliesOf = (layers: Layer[]) => new Map(layers.map((layer) => [layer, layer.segment.tally]));

/** Those that have words beginning with all of these in one field, some of them hidden. */
export function searchField({ layers }: Frame, wanted: string[], field: number): Search['found'] {
	const words = wanted.map((word): Word => {
		const hits = layers.map(({ segment }) => prefixHits(segment.postings, word).map((some) => inField(some, field)));
		return { hits, byCategory: null, byArea: null, effort: effortOf(layers, hits, []) };
	});
	return haveAll(layers, words) ? talliesOf(layers) : new Map<Layer, Tally>();
}

/** What is in another field is worth nothing. */
const inField = (hits: Hits, field: number): Hits => ({
	...hits,
	worth: hits.worth.map((worth, of) => (of === field ? worth : 0))
});

/**
 * Leaves those that have all of the words; false when no visible place has. From the rarest word on: of the others only what those places say
 * is looked at.
 */
function haveAll(layers: Layer[], words: Word[]): boolean {
	for (const { segment } of layers) segment.tally.clear();
	return words.toSorted((a, b) => a.effort - b.effort).every((word, before) => addWord(layers, word, true) > before);
}

/** Leaves those that have the most of the words, and gives how many these are. */
function haveMost(layers: Layer[], words: Word[]): number {
	for (const { segment } of layers) segment.tally.clear();
	const most = Math.max(0, ...words.map((word) => addWord(layers, word, false)));
	for (const { segment } of layers) segment.tally.keep(most);
	return most;
}

/** Gives the most words that a visible place has now. */
function addWord(layers: Layer[], { hits, byCategory, byArea }: Word, narrows: boolean): number {
	const most = layers.map(({ segment, hidden }, index) => {
		const { tally, postings, categories, areas } = segment;
		tally.beginWord(narrows);
		for (const some of hits[index]!) tally.noteEntries(postings.entries, some);
		if (byCategory) tally.noteCodes(categories, byCategory);
		if (byArea) tally.noteCodes(areas, byArea);
		return tally.most(hidden);
	});
	return Math.max(0, ...most);
}

/** A word, else what it may be a misspelling of; null when neither is in a visible place. */
function findWord(frame: Frame, word: string): Word | null {
	for (const fuzzy of [false, true]) {
		const meaning = frame.reference.vocabulary.mean(word, fuzzy);
		const { categories, areas } = frame.dictionaries;
		const hits = frame.layers.map(({ segment }) => (fuzzy ? fuzzyHits : prefixHits)(segment.postings, word));
		const byCategory = worths(categories.slugs, meaning.categories, (slug) => meaning.categories.get(slug) ?? 0);
		const byArea = worths(areas.slugs, meaning.areas, (slug) => areaScore(frame, meaning, slug));
		const found = { hits, byCategory, byArea, effort: effortOf(frame.layers, hits, [byCategory, byArea]) };
		if (frame.layers.some((layer, index) => isVisible(layer, hits[index]!, found))) return found;
	}
	return null;
}

function worths(slugs: string[], scores: Map<string, number>, worth: (slug: string) => number): Int32Array | null {
	return scores.size === 0 ? null : Int32Array.from(slugs, (slug) => Math.round(worth(slug) * worthOfOne));
}

function effortOf(layers: Layer[], hits: Hits[][], codes: (Int32Array | null)[]): number {
	const entries = hits.flat().reduce((sum, { from, to }) => sum + to - from, 0);
	return layers.reduce((sum, { segment }) => sum + segment.size * codes.filter(Boolean).length, entries);
}

/** Whether a place that is not hidden has the word. Nearly always the first one that is looked at. */
function isVisible({ segment, hidden }: Layer, hits: Hits[], { byCategory, byArea }: Word): boolean {
	const { entries } = segment.postings;
	for (const { from, to } of hits) for (let i = from; i < to; i++) if (!hidden?.[entries[i]! >>> 2]) return true;
	if (!byCategory && !byArea) return false;
	for (let item = 0; item < segment.size; item++) {
		const means = byCategory?.[segment.categories[item]!] || byArea?.[segment.areas[item]!];
		if (means && !hidden?.[item]) return true;
	}
	return false;
}

function areaScore(frame: Frame, { areas }: WordMeaning, slug: string): number {
	let best = 0;
	frame.reference.ancestors(slug).forEach((area, height) => {
		best = Math.max(best, (areas.get(area) ?? 0) * (height === 0 ? 1 : ancestorShare));
	});
	return best;
}

/** Names that begin with the query stand together in the order of names, those that are the query first: none of them is read. */
function addNameBonus(layers: Frame['layers'], query: string): void {
	for (const { segment } of layers) {
		const [first, longer, end] = ['', '\u0000', '\uffff'].map((next) => firstFrom(segment, query + next)) as [
			number,
			number,
			number
		];
		addToAll(segment, first, longer, sameName);
		addToAll(segment, longer, end, nameBegins);
	}
}

function addToAll({ byName, tally }: Segment, from: number, to: number, bonus: number): void {
	for (let at = from; at < to; at++) {
		const item = byName[at]!;
		if (tally.has(item)) tally.total[item]! += bonus;
	}
}

/** The place in the order of names from which on they are not less than a text. */
function firstFrom({ byName, sortKeys, size }: Segment, text: string): number {
	let [low, high] = [0, size];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareText(sortKeys[byName[middle]!]!, text) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}
