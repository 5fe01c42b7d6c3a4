import { describe, expect, it } from 'vitest';
import { parseFact } from '../../src/lib/domain/fact-form.ts';
import { proposedValue } from '../../src/lib/domain/proposal.ts';
import { slugFor, territoryBox } from '../../src/routes/admin/settings.ts';

const context = { category: undefined, checkHours: () => true };
const offer = 'offer:6c1f3a30-0000-4000-8000-000000000001';

describe('the address of an organisation', () => {
	it('is its name without accents or signs, and a number when another has it', () => {
		expect(slugFor('Les Amis de l’Été !', () => false)).toBe('les-amis-de-l-ete');
		expect(slugFor('Ville', (slug) => slug === 'ville' || slug === 'ville-2')).toBe('ville-3');
		expect(slugFor('…', () => false)).toBe('');
	});
});

describe('the box of a territory', () => {
	it('holds all its areas, and stays what it was while there are none', () => {
		expect(territoryBox([])).toEqual({});
		const { bbox, center } = territoryBox([{ bbox: [-2, 47, -1, 48] }, { bbox: [-1.5, 46, 0, 47.5] }]);
		expect(bbox).toEqual([-2, 46, 0, 48]);
		expect(center).toEqual({ lon: -1, lat: 47 });
	});
});

describe('a value that waits', () => {
	it('is what the list would be, plus and minus', () => {
		const list = { current: ['adults', 'women'], add: ['children'], remove: ['women'], new: null };
		expect(proposedValue(list)).toEqual(['adults', 'children']);
		expect(proposedValue({ current: 'a', add: null, remove: null, new: 'b' })).toBe('b');
	});
});

describe('one fact of a form', () => {
	it('is read for an offer too, its closures by their own rows', () => {
		const values = {
			[`${offer}.closures.0.from`]: ['2026-08-01'],
			[`${offer}.closures.0.to`]: ['2026-08-15'],
			'closures.0.from': ['x']
		};
		expect(parseFact(values, `${offer}.closures`, context)).toEqual({
			value: [{ from: '2026-08-01', to: '2026-08-15', reason: null }]
		});
	});

	it('says what is wrong with it', () => {
		const read = parseFact({ email: ['nobody'] }, 'email', context);
		expect(read).toEqual({ errors: [expect.objectContaining({ field: 'email', error: 'bad_email' })] });
	});
});
