import { describe, expect, it } from 'vitest';
import { factFreshness, halfLifeOf, placeFreshness } from '../../src/lib/domain/freshness.ts';
import type { Assurance, Place, PlaceFacts } from '../../src/lib/domain/place.ts';

const today = '2026-11-21';
const plain = { halfLives: {}, keyFacts: [] };

function daysAgo(days: number): string {
	return new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

function assured(days: number): Assurance {
	return { on: daysAgo(days), method: 'on_site', by_role: 'agent', by_organisation: null };
}

function place(facts: Partial<PlaceFacts>, assurances: Record<string, Assurance>, extra: Place['extra'] = {}) {
	const nothing = { opening_hours: null, phone: null, email: null, audience: [] as string[] };
	return { facts: { ...nothing, ...facts } as PlaceFacts, position: { lon: -1.55, lat: 47.22 }, assurances, extra };
}

describe('the freshness of a fact', () => {
	it.each([
		['months', 181, 'fresh'],
		['months', 182, 'ageing'],
		['months', 363, 'ageing'],
		['months', 364, 'stale'],
		['year', 364, 'fresh'],
		['year', 365, 'ageing'],
		['year', 730, 'stale'],
		['years', 1094, 'fresh'],
		['years', 2189, 'ageing'],
		['years', 2190, 'stale']
	] as const)('of half-life %s, %i days after its assurance, is %s', (halfLife, days, expected) => {
		expect(factFreshness(assured(days), halfLife, today)).toBe(expected);
	});

	it('that nobody ever vouched for is stale', () => {
		expect(factFreshness(undefined, 'years', today)).toBe('stale');
	});

	it('vouched for tomorrow, in a zone ahead of ours, is fresh', () => {
		expect(factFreshness(assured(-1), 'months', today)).toBe('fresh');
	});

	it('ages by its own class, which its category may change', () => {
		expect(halfLifeOf('opening_hours', plain)).toBe('months');
		expect(halfLifeOf('phone', plain)).toBe('year');
		expect(halfLifeOf('name', plain)).toBe('years');
		expect(halfLifeOf('phone', { halfLives: { phone: 'months' } })).toBe('months');
	});
});

describe('the freshness of a place', () => {
	it('is the worst of its position, hours and phone, dated by the oldest of them', () => {
		const library = place(
			{ opening_hours: 'Mo-Fr 09:00-12:00', phone: '+33 2 40 00 00 00' },
			{ position: assured(900), opening_hours: assured(10), phone: assured(400) }
		);
		expect(placeFreshness(library, plain, today)).toEqual({ freshness: 'ageing', verifiedAt: daysAgo(900) });
	});

	it('leaves out what is unknown', () => {
		expect(placeFreshness(place({}, { position: assured(3) }), plain, today)).toEqual({
			freshness: 'fresh',
			verifiedAt: daysAgo(3)
		});
	});

	it('is stale, without a date, while one known fact was never vouched for', () => {
		const garden = place({ phone: '+33 2 40 00 00 00' }, { position: assured(3) });
		expect(placeFreshness(garden, plain, today)).toEqual({ freshness: 'stale', verifiedAt: null });
	});

	it('counts a position that nobody vouched for', () => {
		expect(placeFreshness(place({}, {}), plain, today)).toEqual({ freshness: 'stale', verifiedAt: null });
	});

	it('counts the key facts of its category, extra ones too', () => {
		const nursery = place(
			{ audience: ['children'] },
			{ position: assured(3), 'extra.beds': assured(800), audience: assured(4) },
			{ beds: 12 }
		);
		const category = { halfLives: { 'extra.beds': 'year' as const }, keyFacts: ['extra.beds', 'audience', 'phone'] };
		expect(placeFreshness(nursery, category, today)).toEqual({ freshness: 'stale', verifiedAt: daysAgo(800) });
		expect(placeFreshness({ ...nursery, extra: {} }, category, today)).toEqual({ freshness: 'fresh', verifiedAt: daysAgo(4) });
	});

	it('does not change with what is not watched', () => {
		const shop = place({ email: 'bonjour@example.org' }, { position: assured(3) });
		expect(placeFreshness(shop, plain, today).freshness).toBe('fresh');
	});

	it('is found for 100,000 places in half a second', () => {
		const library = place({ phone: '+33 2 40 00 00 00' }, { position: assured(900), phone: assured(400) });
		const started = performance.now();
		for (let i = 0; i < 100_000; i++) placeFreshness(library, plain, today);
		expect(performance.now() - started).toBeLessThan(500);
	});
});
