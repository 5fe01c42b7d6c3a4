import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { fuzzyQuality, prefixQuality, tolerance } from '../../src/lib/server/published/postings.ts';
import type { Snapshot } from '../../src/lib/server/published/snapshot.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { edits } from '../support/naive-view.ts';
import { randomUuid, seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();
const vocabulary = [
	'halle',
	'hall',
	'salle',
	'zola',
	'zolas',
	'malakoff',
	'malakof',
	'parc',
	'velo',
	'nature',
	'b',
	'bibliotheque'
];
const ids = Array.from(
	{ length: 9 },
	(
		(random) => () =>
			randomUuid(random)
	)(seeded(8))
);

interface Draft {
	name: string[];
	summary: string[];
	address: string[];
	category: string;
	area: string | null;
}

function placeOf(id: string, { name, summary, address, category, area }: Draft): Place {
	const place = syntheticPlace(seeded(1), rows, id);
	const { theme } = rows.categories.find(({ slug }) => slug === category)!;
	const texts = { name: name.join(' '), summary: summary.join(' ') || null, address: address.join(' ') || null };
	return { ...place, category, theme, area, offers: [], facts: { ...place.facts, ...texts, postcode: null, city: null } };
}

/** All that may be said of a place and what it is worth, word by word. */
function wordsOf({ facts, category, theme, area }: Place): [string, number][] {
	const kind = rows.categories.find(({ slug }) => slug === category)!;
	const quartier = rows.areas.find(({ slug }) => slug === area);
	const commune = rows.areas.find(({ slug }) => slug === quartier?.parent);
	const texts: [string | null | undefined, number][] = [
		...[facts.name].map((text): [string, number] => [text, 8]),
		...[facts.summary].map((text): [string | null, number] => [text, 2]),
		...[facts.address].map((text): [string | null, number] => [text, 1.5]),
		...Object.values(kind.label).map((text): [string, number] => [text, 5]),
		...Object.values(kind.synonyms)
			.flat()
			.map((text): [string, number] => [text, 4]),
		...Object.values(rows.themes.find(({ slug }) => slug === theme)!.label).map((text): [string, number] => [text, 2]),
		[quartier?.name, 3],
		[commune?.name, 1.5]
	];
	return texts.flatMap(([text, weight]) => plain(text ?? '').map((word): [string, number] => [word, weight]));
}

const plain = (text: string) =>
	text
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.match(/[a-z0-9]+/g) ?? [];

/** The obvious, slow way: every word of the query against every word of every place. */
function bestFirst(places: Place[], query: string[]): string[] {
	const said = new Map(places.map((place) => [place, wordsOf(place)]));
	const worths = query.map((word) => {
		const right = (text: string) => (word.length < 2 ? text === word : text.startsWith(word)) && prefixQuality(word, text);
		const wrong = (text: string) => edits(word, text) <= tolerance(word) && fuzzyQuality(edits(word, text));
		const best = (quality: typeof right) => (place: Place) =>
			Math.max(0, ...said.get(place)!.map(([text, weight]) => Math.round(Number(quality(text)) * weight * 2 ** 20)));
		return best(places.some((place) => best(right)(place) > 0) ? right : wrong);
	});
	const scored = places.map((place) => {
		const each = worths.map((worth) => worth(place)).filter((worth) => worth > 0);
		const name = plain(place.facts.name).join(' ');
		const bonus = name === query.join(' ') ? 20 : name.startsWith(query.join(' ')) ? 4 : 0;
		return { id: place.id, name, words: each.length, score: each.reduce((sum, worth) => sum + worth, bonus * 2 ** 20) };
	});
	const most = Math.max(1, ...scored.map(({ words }) => words));
	const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
	return scored
		.filter(({ words }) => words === most)
		.sort((a, b) => b.score - a.score || order(a.name, b.name) || order(a.id, b.id))
		.map(({ id }) => id);
}

const said = (min: number) => fc.array(fc.constantFrom(...vocabulary), { minLength: min, maxLength: 3 });
const draft: fc.Arbitrary<Draft> = fc.record({
	...{ name: said(1), summary: said(0), address: said(0) },
	category: fc.constantFrom('parc', 'velo', 'bibliotheque'),
	area: fc.constantFrom('nantes-zola', 'nantes-malakoff', null)
});
const query = fc.uniqueArray(fc.constantFrom(...vocabulary, 'malakaf', 'zolla', 'ha', 'nantes', 'rien'), {
	minLength: 1,
	maxLength: 4
});

async function townOf(first: (Draft | null)[], later: (Draft | null)[]): Promise<{ snapshot: Snapshot; places: Place[] }> {
	const feed = new FakeFeed(rows);
	const truth = new Map<string, Place>();
	for (const [i, each] of first.entries()) if (each) truth.set(ids[i]!, placeOf(ids[i]!, each));
	for (const place of truth.values()) feed.put(place);
	const snapshot = await loadSnapshot(feed, Date.now);
	const changes = new Map(later.map((each, i) => [ids[i]!, each && placeOf(ids[i]!, each)]));
	for (const [id, place] of changes) {
		if (place) truth.set(id, place);
		else truth.delete(id);
	}
	snapshot.apply({ seq: 1, places: changes, tombstones: new Map(), reference: {}, changes: [] });
	return { snapshot, places: [...truth.values()] };
}

describe('the order of what is found', () => {
	it('is that of every word against every word, also among places that have just changed, page after page', async () => {
		const drafts = fc.array(fc.option(draft), { maxLength: ids.length });
		await fc.assert(
			fc.asyncProperty(drafts, drafts, fc.array(query, { minLength: 1, maxLength: 5 }), async (first, later, queries) => {
				const { snapshot, places } = await townOf(first, later);
				for (const words of queries) {
					const expected = bestFirst(places, words);
					const page = (offset: number, limit: number) =>
						snapshot.view.search(words.join(' '), { offset, limit }).hits.map(({ place }) => place.id);
					expect(page(0, 50)).toEqual(expected);
					expect([...page(0, 2), ...page(2, 3)]).toEqual(expected.slice(0, 5));
					expect(snapshot.view.counts({ q: words.join(' ') }).total).toBe(expected.length);
				}
			}),
			{ numRuns: 300 }
		);
	});

	it('is the same after sixty thousand searches', async () => {
		const one: Draft = { name: ['halle', 'zola'], summary: [], address: [], category: 'parc', area: null };
		const { snapshot } = await townOf([one, { ...one, name: ['salle'] }], []);
		const found = (q: string) => snapshot.view.search(q).hits.map(({ place }) => place.id);
		const before = ['halle zola', 'salle', 'parc'].map(found);
		const totals = new Set<number>();
		for (let i = 0; i < 60_000; i++) totals.add(snapshot.view.counts({ q: i % 3 ? 'salle' : 'halle zola', checked: -i }).total);
		expect([...totals], 'one place each').toEqual([1]);
		expect(['halle zola', 'salle', 'parc'].map(found)).toEqual(before);
	});
});
