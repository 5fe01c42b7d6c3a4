import { describe, expect, it } from 'vitest';
import { mustHandOver, stalestFirst } from '../../src/lib/domain/people.ts';

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
