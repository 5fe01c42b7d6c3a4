import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Smallest } from '../../src/lib/server/published/smallest.ts';

it('the smallest of many are those that stand first when all are sorted, in the given order among equals', () => {
	const ranks = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 });
	fc.assert(
		fc.property(ranks, fc.nat(12), fc.nat(), (ranks, count, seed) => {
			const order = Uint32Array.from(ranks, (_, item) => (item * 37 + seed) % 101);
			const smallest = new Smallest(Math.min(count, ranks.length), order);
			for (const [item, rank] of ranks.entries()) smallest.offer(item, rank);
			const before = (a: number, b: number) => ranks[a]! - ranks[b]! || order[a]! - order[b]!;
			const found = [...smallest.entries()];
			expect(found.map(({ item }) => item).sort(before)).toEqual([...ranks.keys()].sort(before).slice(0, count));
			for (const { item, rank } of found) expect(rank).toBe(ranks[item]);
		}),
		{ numRuns: 500 }
	);
});
