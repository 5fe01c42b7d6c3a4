import { describe, expect, it } from 'vitest';
import { identifierNames, readIdentifier, spacedSiret } from '../../src/lib/domain/identifiers.ts';
import cases from '../support/identifier-cases.json' with { type: 'json' };

describe.each(identifierNames)('%s', (name) => {
	it.each(Object.entries(cases[name].accepted))('%s is taken', (typed, kept) => {
		expect(readIdentifier(name, typed)).toBe(kept);
	});

	it.each(cases[name].refused)('%s is refused', (typed) => {
		expect(readIdentifier(name, typed)).toBeUndefined();
	});

	it('may stay empty', () => {
		expect(readIdentifier(name, ' - ')).toBeNull();
	});
});

it('a SIRET is read out in groups', () => {
	expect(spacedSiret('73282932000074')).toBe('732 829 320 00074');
});
