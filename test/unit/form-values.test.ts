import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignSlug } from '../../src/lib/domain/campaign.ts';
import { cut } from '../../src/lib/domain/form-values.ts';

describe('a text that is cut', () => {
	it('keeps whole characters only', () => {
		expect(cut('Bonjour 🌍', 9)).toBe('Bonjour ');
		expect(cut('Bonjour 🌍', 10)).toBe('Bonjour 🌍');
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, most) => {
				const kept = cut(text, most);
				expect([kept.isWellFormed(), text.startsWith(kept), most - kept.length <= Math.max(1, most - text.length)]).toEqual([
					true,
					true,
					true
				]);
			})
		);
	});
});

it('a campaign’s address is plain whatever its day is', () => {
	expect(campaignSlug('Fête du centre', '2026-11-22')).toBe('fete-du-centre-2026');
	expect(campaignSlug('', 'a🌍🌍')).toBe('campagne-date');
});
