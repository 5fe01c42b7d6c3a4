import { describe, expect, test } from 'vitest';
import { findPersonalData } from '../../src/lib/domain/personal-data.ts';

const found = (fact: string, value: unknown) => findPersonalData({ [fact]: value }).map((one) => `${one.kind} ${one.found}`);

describe('a mobile phone is pointed out', () => {
	test.each([
		'06 12 34 56 78',
		'0712345678',
		'06.12.34.56.78',
		'06-12-34-56-78',
		'+33 6 12 34 56 78',
		'+33612345678',
		'+33 (0)6 12 34 56 78',
		'0033 7 12 34 56 78',
		'+262 6 92 12 34 56'
	])('%s', (number) => {
		expect(found('phone', number)).toEqual([`mobile ${number}`]);
		expect(found('description', `Appelez le ${number}, le soir.`)).toEqual([`mobile ${number}`]);
	});

	test.each(['02 40 12 34 56', '+33 2 40 12 34 56', '3939', '0800 123 456', '44000', '1206123456789', 'SIRET 20600000000017'])(
		'but %s is not one',
		(number) => expect(found('description', number)).toEqual([])
	);
});

describe('a personal mailbox is pointed out', () => {
	test.each([
		'jdupont44@orange.fr',
		'marie.martin@gmail.com',
		'Marie.Martin@mairie-exemple.fr',
		'helene-petit@asso-exemple.org',
		'p.leroux@wanadoo.fr'
	])('%s', (address) => {
		expect(found('email', address)).toEqual([`email ${address}`]);
		expect(found('summary', `Écrire à ${address}.`)).toEqual([`email ${address}`]);
	});

	test.each([
		'contact@exemple.fr',
		'asso.jardins@gmail.com',
		'repaircafe-nord@orange.fr',
		'accueil.marie@exemple.fr',
		'bellevue@exemple.org'
	])('but %s is read by several people', (address) => expect(found('email', address)).toEqual([]));
});

describe('the likely name of a person is pointed out', () => {
	test.each([
		['Demandez Mme Lefèvre au guichet.', 'Mme Lefèvre'],
		['Animé par M. Le Goff', 'M. Le Goff'],
		['Repas partagé chez Jeanne Martin, le samedi', 'Jeanne Martin'],
		['Contact : Jean-Pierre Dubois', 'Jean-Pierre Dubois'],
		['Voir avec Madame Sophie Leroy', 'Madame Sophie Leroy'],
		['le docteur vous reçoit : Dr Nguyen', 'Dr Nguyen'],
		['Hélène de Kerguelen tient le stand', 'Hélène de Kerguelen']
	])('%s', (text, name) => expect(found('description', text)).toEqual([`person ${name}`]));

	test.each([
		'Derrière l’école Jean Moulin, rue Paul Bellamy',
		'12 rue du Docteur Calmette',
		'Salle polyvalente Simone Veil',
		'Arrêt Michel Rocard',
		'Marché de la place du Commerce, Loire Atlantique',
		'Ouvert par la Ville de Nantes',
		'Le Secours Populaire vous accueille',
		'pierre et paille, ateliers de terre'
	])('but not in « %s »', (text) => expect(found('description', text)).toEqual([]));

	test('nor in the name of a place or in its address', () => {
		expect(found('name', 'Louise Michel')).toEqual([]);
		expect(found('address', 'Résidence chez Louise Michel')).toEqual([]);
		expect(found('offer:8a1f2c66-8a2b-4a55-9f0e-1f7a0a6f7c11.name', 'Louise Michel')).toEqual([]);
	});
});

test('what is kept for partners is nobody’s business here', () => {
	expect(found('contact_name', 'Jeanne Martin')).toEqual([]);
	expect(found('contact_phone', '06 12 34 56 78')).toEqual([]);
});

test('lists, extra facts and whole offers are read too, each thing once', () => {
	expect(found('closures', [{ from: '2026-08-01', to: '2026-08-31', reason: 'Appeler le 06 12 34 56 78' }])).toEqual([
		'mobile 06 12 34 56 78'
	]);
	expect(found('description', '06 12 34 56 78 ou 06 12 34 56 78')).toHaveLength(1);
	expect(found('extra.access', 'Sonner chez Mme Morin')).toEqual(['person Mme Morin']);
	expect(findPersonalData({ phone: '06 12 34 56 78', summary: 'avec Julie Moreau', name: 'Café' })).toEqual([
		{ fact: 'phone', kind: 'mobile', found: '06 12 34 56 78' },
		{ fact: 'summary', kind: 'person', found: 'Julie Moreau' }
	]);
});

test('a text of the largest size is read in no time', () => {
	const start = performance.now();
	for (const text of [
		'A'.repeat(5000),
		'Jean '.repeat(1000),
		'0'.repeat(5000),
		`${'a.'.repeat(2500)}@`,
		'rue de la '.repeat(500)
	])
		findPersonalData({ description: text });
	expect(performance.now() - start).toBeLessThan(1000);
});
