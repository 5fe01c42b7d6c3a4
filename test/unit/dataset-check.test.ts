import { expect, it } from 'vitest';
import { checkDataset } from '../../src/lib/domain/dataset-check.ts';
import type { Dataset } from '../../src/lib/domain/taxonomy.ts';

const long = (text: string) => `${text} `.repeat(12);
const good: Dataset = {
	slug: 'lecture',
	title: { fr: 'Bibliothèques', en: 'Libraries' },
	description: { fr: long('Où lire en ville.'), en: long('Where to read.') },
	licence: 'etalab-2.0',
	sort: 0,
	listed: true,
	frequency: 'DAILY',
	keywords: ['lecture', 'livres', 'culture'],
	contact: { name: 'Médiathèque', email: 'contact@exemple.fr' },
	identifier: 'i'
};
const nobody = { name: '' };
const check = (more: Partial<Dataset>, around: Partial<Parameters<typeof checkDataset>[1]> = {}) =>
	checkDataset({ ...good, ...more }, { contact: nobody, places: 3, ...around });

it('a dataset that says all there is to say is taken by everyone', () => {
	expect(check({})).toEqual({ refused: [], advised: [] });
});

it.each<[string, Partial<Dataset>]>([
	['identifier', { identifier: '' }],
	['title', { title: { fr: ' ', en: 'x' } }],
	['description', { description: { fr: 'Court.', en: good.description.en } }],
	['description', { description: { ...good.description, en: 'x'.repeat(5001) } }],
	['licence', { licence: 'Proprietary' }],
	['contact', { contact: null }],
	['contact', { contact: { name: 'Médiathèque' } }],
	['hidden', { listed: false }]
])('is refused for its %s: %j', (flaw, more) => expect(check(more).refused).toEqual([flaw]));

it.each<[string, Partial<Dataset>]>([
	['english', { title: { fr: 'Lire', en: 'Lire' } }],
	['administration', { licence: 'CC-BY-4.0' }],
	['frequency', { frequency: 'UNKNOWN' }],
	['keywords', { keywords: ['lecture'] }],
	['closed', { state: 'planned', reason: good.title, contact: null, keywords: [] }],
	['elsewhere', { publishedAt: 'https://data.exemple.fr/x' }]
])('is advised about its %s: %j', (flaw, more) => expect(check(more)).toEqual({ refused: [], advised: [flaw] }));

it('an empty dataset is said to be empty, one that cannot be had is not', () => {
	expect(check({}, { places: 0 }).advised).toEqual(['places']);
	expect(check({ state: 'closed' }, { places: 0 }).advised).toEqual(['closed']);
});

it('the territory answers for a dataset without a contact of its own', () => {
	expect(check({ contact: null }, { contact: { name: 'Ville', url: 'https://exemple.fr' } }).refused).toEqual([]);
});
