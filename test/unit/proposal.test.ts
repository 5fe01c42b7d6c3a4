import { describe, expect, it } from 'vitest';
import { operationsBetween, sameValue } from '../../src/lib/domain/proposal.ts';

describe('what a form changes', () => {
	const shown = { name: 'Mairie annexe', description: 'Deux\r\nlignes ', phone: null, audience: ['adults', 'seniors'] };

	it('proposes nothing when everything came back as it was shown', () => {
		expect(operationsBetween(shown, { ...shown })).toEqual([]);
	});

	it('does not take the line ends of a browser for a change', () => {
		expect(operationsBetween(shown, { description: 'Deux\r\nlignes' })).toEqual([]);
		expect(operationsBetween({ description: 'Deux\nlignes' }, { description: 'Deux\r\nlignes' })).toEqual([]);
	});

	it('gives the old value byte for byte as it was shown', () => {
		expect(operationsBetween(shown, { description: 'Trois' })).toEqual([
			{ fact: 'description', old: 'Deux\r\nlignes ', new: 'Trois' }
		]);
	});

	it('leaves alone what was not on the form', () => {
		expect(operationsBetween(shown, {})).toEqual([]);
	});

	it('empties a fact by null, whatever the form sends for nothing', () => {
		expect(operationsBetween(shown, { name: '', phone: '' })).toEqual([{ fact: 'name', old: 'Mairie annexe', new: null }]);
	});

	it('changes a list by what was added and removed', () => {
		expect(operationsBetween(shown, { audience: ['seniors', 'families'] })).toEqual([
			{ fact: 'audience', add: ['families'], remove: ['adults'] }
		]);
	});

	it('takes the same list in another order for the same list', () => {
		expect(operationsBetween(shown, { audience: ['seniors', 'adults'] })).toEqual([]);
	});

	it('gives every filled fact of a new place, with nothing as its old value', () => {
		expect(operationsBetween(null, { name: 'Jardin', audience: ['families'], phone: null, languages: [] })).toEqual([
			{ fact: 'name', old: null, new: 'Jardin' },
			{ fact: 'audience', old: null, new: ['families'] }
		]);
	});

	it('changes one fact of an offer, and ends an offer as a whole', () => {
		const id = 'offer:7b1f1f5e-5c7c-4b55-9d0e-0a6f5b3f7a11';
		const offer = { name: 'Écrivain public', cost: 'free' };
		const before = { [id]: offer, [`${id}.cost`]: 'free', [`${id}.audience`]: ['adults'] };
		expect(operationsBetween(before, { [`${id}.cost`]: 'paid' })).toEqual([{ fact: `${id}.cost`, old: 'free', new: 'paid' }]);
		expect(operationsBetween(before, { [`${id}.audience`]: [] })).toEqual([
			{ fact: `${id}.audience`, old: ['adults'], new: null }
		]);
		expect(operationsBetween(before, { [id]: null })).toEqual([{ fact: id, old: offer, new: null }]);
	});

	it('adds and removes one closure among others', () => {
		const closures = [{ from: '2026-12-24', to: '2026-12-31', reason: null }];
		const added = { from: '2027-05-01', to: '2027-05-01', reason: 'Fête du Travail' };
		expect(operationsBetween({ closures }, { closures: [...closures, added] })).toEqual([
			{ fact: 'closures', add: [added], remove: [] }
		]);
	});
});

describe('values that are the same to a reader', () => {
	it.each([
		['é', 'e\u0301'],
		[' a ', 'a'],
		[null, ''],
		[null, []],
		[null, undefined],
		[{}, null],
		[
			{ lon: -1.5536, lat: 47.2184 },
			{ lat: 47.218400000001, lon: -1.5536 }
		]
	])('%j and %j', (a, b) => {
		expect(sameValue(a, b)).toBe(true);
	});

	it.each([
		['a', 'A'],
		[false, null],
		[0, null],
		[
			{ lon: -1.5536, lat: 47.2184 },
			{ lon: -1.5536, lat: 47.2185 }
		],
		[['a'], ['b']]
	])('but not %j and %j', (a, b) => {
		expect(sameValue(a, b)).toBe(false);
	});
});
