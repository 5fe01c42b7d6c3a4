import { describe, expect, it } from 'vitest';
import { mustHandOver, stalestFirst } from '../../src/lib/domain/people.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { placesOf } from '../../src/lib/server/published/stewards.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

describe('handing over', () => {
	const me = { role: 'manager', me: true } as const;
	it.each([
		['the only manager has to', [me, { role: 'member', me: false } as const], true],
		['alone she has to as well', [me], true],
		['one of two managers may go', [me, { role: 'manager', me: false } as const], false],
		['a member may go', [{ role: 'member', me: true } as const, { role: 'manager', me: false } as const], false],
		['a coordinator who is no member has nothing to hand over', [{ role: 'manager', me: false } as const], false]
	])('%s', (_, colleagues, expected) => {
		expect(mustHandOver(colleagues)).toBe(expected);
	});
});

it('the places of an organisation: never checked first, then the oldest day', () => {
	const places = [
		{ id: 1, freshness: 'fresh', verifiedAt: '2026-11-01' } as const,
		{ id: 2, freshness: 'stale', verifiedAt: null } as const,
		{ id: 3, freshness: 'stale', verifiedAt: '2024-01-01' } as const
	];
	expect(stalestFirst(places).map(({ id }) => id)).toEqual([2, 3, 1]);
	expect(places.map(({ id }) => id)).toEqual([1, 2, 3]);
});

it('an organisation’s open places are found by name, and a text that looks like its slug is none of them', async () => {
	const reference = syntheticReference();
	const random = seeded(7);
	const places = Array.from({ length: 60 }, (_, index) => {
		const place = {
			...syntheticPlace(random, reference),
			steward: index % 3 === 0 ? 'amis' : index % 3 === 1 ? 'amis-du-port' : null
		};
		place.facts.description = '"steward":"amis"';
		return place;
	});
	const { view } = await loadSnapshot(new FakeFeed(reference, places), () => 0);
	const expected = places.filter(({ steward }) => steward === 'amis').map(({ id }) => id);
	expect(
		placesOf(view, 'amis')
			.map(({ id }) => id)
			.sort()
	).toEqual(expected.sort());
	expect(placesOf(view, 'amis')).toBe(placesOf(view, 'amis'));
	expect(placesOf(view, 'personne')).toEqual([]);
});
