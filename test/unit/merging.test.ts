import { expect, test } from 'vitest';
import { differences } from '../../src/lib/domain/merging.ts';
import type { Place } from '../../src/lib/domain/place.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const base = syntheticPlace(seeded(1), syntheticReference());
const place = (facts: Partial<Place['facts']>, over: Partial<Place> = {}): Place => ({
	...base,
	...over,
	facts: { ...base.facts, name: 'Un lieu', summary: null, phone: null, email: null, audience: [], ...facts }
});
const rows = (gone: Place, kept: Place) => differences(gone, kept).map(({ fact, take }) => `${fact} ${take ? 'taken' : 'kept'}`);

test('what the place that stays doesn’t say is taken over, what it says stays unless somebody chooses', () => {
	const gone = place({ name: 'Le lieu', phone: '02 40 00 00 00', audience: ['everyone'] });
	expect(rows(gone, place({ email: 'contact@exemple.fr' }))).toEqual(['name kept', 'phone taken', 'audience taken']);
});

test('the same values, and nothing against something, are no choice to make', () => {
	expect(rows(place({ phone: '02' }), place({ phone: '02', summary: 'Dit ici seulement' }))).toEqual([]);
});

test('category, steward and openness stay; extra facts are compared within one category only', () => {
	const gone = place({}, { category: 'other', steward: 'quelqu-un', openness: 'shared', extra: { seats: 3 } });
	expect(rows(gone, place({}, { extra: {} }))).toEqual([]);
	expect(rows({ ...gone, category: base.category }, place({}, { extra: {} }))).toEqual(['extra.seats taken']);
});
