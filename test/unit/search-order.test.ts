import { beforeAll, describe, expect, it } from 'vitest';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { Snapshot } from '../../src/lib/server/published/snapshot.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const names = ['Annexe de la Halle Zola', 'Halle Zola bis', 'Halle Zola', 'Halle aux vélos', 'Zola', 'Café Bellamy'];
const random = seeded(21);
const rows = syntheticReference();
const made = names.map((name) => {
	const place = syntheticPlace(random, rows);
	return { ...place, category: 'parc', area: null, facts: { ...place.facts, name, summary: null, address: null } };
});

let snapshot: Snapshot;
beforeAll(async () => {
	const feed = new FakeFeed(rows);
	for (const place of made) feed.put(place);
	snapshot = await loadSnapshot(feed, Date.now);
});
const found = (q: string) => snapshot.view.search(q).hits.map(({ place }) => place.facts.name);

describe('what a search finds first', () => {
	it('is the place of that very name, then those whose names begin so', () => {
		expect(found('halle zola')).toEqual(['Halle Zola', 'Halle Zola bis', 'Annexe de la Halle Zola']);
		expect(found('Hàlle zola')).toEqual(found('halle zola'));
	});

	it('does not depend on what was searched before', () => {
		const first = ['halle zola', 'hale zola', 'zola bellamy', 'parc', 'xyz'].map((q) => [q, found(q)] as const);
		for (const [q, before] of first.toReversed()) expect(found(q)).toEqual(before);
	});

	it('has all words where a place has them, and says when none has', () => {
		const { hits, partly } = snapshot.view.search('zola bellamy');
		expect(partly).toBe(true);
		expect(hits).toHaveLength(5);
		expect(snapshot.view.search('halle velos')).toMatchObject({ total: 1, partly: false });
	});

	it('is found again under its new name, and no more under the old one', () => {
		const renamed = { ...made[2]!, facts: { ...made[2]!.facts, name: 'Marché Zola' } };
		snapshot.apply({ seq: 1, places: new Map([[renamed.id, renamed]]), tombstones: new Map(), reference: {}, changes: [] });
		expect(found('halle zola')).toEqual(['Halle Zola bis', 'Annexe de la Halle Zola']);
		expect(found('marché zola')).toEqual(['Marché Zola']);
	});
});
