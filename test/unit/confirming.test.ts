import { describe, expect, it } from 'vitest';
import { confirmableFacts, methodsOf, readShown } from '../../src/lib/domain/confirming.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const reference = syntheticReference();
const place = { ...syntheticPlace(seeded(3), reference), steward: 'ville', theme: 'culture' };
const nobody = { grants: [], organisations: [] };
const grant = (role: 'agent' | 'publisher', areas: string[] | null, themes: string[] | null = null) => ({
	...nobody,
	grants: [{ role, areas, themes }]
});

describe('what one may say is still right', () => {
	it('has a value, the telling facts first, and nothing that is not looked up on the pavement', () => {
		const known = { ...place, facts: { ...place.facts, opening_hours: '24/7', phone: null, website: '' } };
		const facts = confirmableFacts(known, { keyFacts: ['extra.places'], extraFacts: reference.categories[0]!.extraFacts });
		expect(facts.filter(({ telling }) => telling).map(({ fact }) => fact)).toEqual(['position', 'opening_hours']);
		const names = facts.map(({ fact }) => fact);
		expect(names.slice(0, 2)).toEqual(['position', 'opening_hours']);
		for (const left of ['phone', 'website', 'steward', 'openness', 'licence', 'name']) expect(names).not.toContain(left);
	});

	it.each([
		['a resident', nobody, ['resident']],
		['an agent of the commune around', grant('agent', ['nantes']), ['on_site', 'phone', 'resident']],
		['an agent of everywhere', grant('agent', null), ['on_site', 'phone', 'resident']],
		['an agent elsewhere', grant('agent', ['reze']), ['resident']],
		['an agent of another theme', grant('agent', null, ['sport']), ['resident']],
		['who may only publish', grant('publisher', null), ['resident']],
		['its steward’s member', { grants: [], organisations: [{ slug: 'ville', name: '', role: 'member' as const }] }, ['steward']]
	])('%s is asked how she knows', (_who, viewer, methods) => {
		expect(methodsOf(viewer, place, ['nantes-zola', 'nantes'])).toEqual(methods);
	});

	it.each(['', 'x', 'null', '{}', '[null,1,"a",{"fact":1},{"fact":"offer:1","value":null},{"fact":"offer:1","value":"x"}]'])(
		'reads nothing out of %j',
		(text) => {
			expect(readShown(text)).toEqual([]);
		}
	);
});
