import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { Geocoder } from '../../src/lib/server/geocoder.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();
const random = seeded(4);

function place(name: string, category: string, area: string | null, address: string | null): Place {
	const made = syntheticPlace(random, rows);
	const theme = rows.categories.find(({ slug }) => slug === category)!.theme;
	return { ...made, category, theme, area, facts: { ...made.facts, name, summary: null, address, city: 'Nantes' } };
}

const list = [
	place('Les Lutins', 'creche', 'nantes-bellevue', '3 rue Paul-Bellamy'),
	place('Les Petits Pas', 'creche', 'nantes-zola', '5 bis, rue Paul-Bellamy'),
	place('Ludothèque du Breil', 'ludotheque', 'nantes-breil', '12 rue de la Paix'),
	place('Parc de Procé', 'parc', 'nantes-zola', null)
];
const { view } = await loadSnapshot(new FakeFeed(rows, list), () => 0);

describe('suggestions while somebody types', () => {
	it('are a category by its beginning, its synonyms and its misspellings, with the places it has', () => {
		const creche = [{ category: 'creche', area: null, total: 2 }];
		for (const typed of ['crè', 'creche', 'halte-gard', 'crche']) expect(view.suggest(typed).categories, typed).toEqual(creche);
	});

	it('are a category in an area when both are named, in any order', () => {
		const inBellevue = [{ category: 'creche', area: 'nantes-bellevue', total: 1 }];
		expect(view.suggest('crèche bellevue').categories).toEqual(inBellevue);
		expect(view.suggest('bellev creche').categories).toEqual(inBellevue);
		// No crèche there: a suggestion never leads to an empty list.
		expect(view.suggest('crèche malakoff').categories).toEqual([]);
	});

	it('are areas that have something, and places', () => {
		expect(view.suggest('zola').areas).toEqual([{ area: 'nantes-zola', total: 2 }]);
		expect(view.suggest('malakoff').areas).toEqual([]);
		expect(view.suggest('procé').places.map(({ facts }) => facts.name)).toEqual(['Parc de Procé']);
	});

	it('are nothing for one letter, for nothing and for what is nowhere', () => {
		for (const typed of ['', ' ', 'p', 'zzzzzz']) expect(view.suggest(typed)).toEqual({ categories: [], areas: [], places: [] });
	});
});

describe('streets of the map’s own places', () => {
	it('are found by the beginnings of their words, once, in the middle of their places', () => {
		const [first, ...others] = view.streets('bellamy paul');
		expect(others).toEqual([]);
		expect(first!.label).toBe('Rue Paul-Bellamy, Nantes');
		const [a, b] = list as [Place, Place];
		expect(first!.position.lon).toBeCloseTo((a.position.lon + b.position.lon) / 2, 9);
		expect(view.streets('12 rue de la paix').map(({ label }) => label)).toEqual(['Rue de la Paix, Nantes']);
		expect(view.streets('12')).toEqual([]);
		expect(view.streets('boulevard inconnu')).toEqual([]);
	});
});

describe('the geocoder', () => {
	const box: [number, number, number, number] = [-1.65, 47.15, -1.45, 47.3];
	const feature = (label: string, lon: number, lat: number) => ({
		type: 'Feature',
		geometry: { type: 'Point', coordinates: [lon, lat] },
		properties: { label, score: 0.9 }
	});
	const answer = (features: object[], status = 200) => Response.json({ type: 'FeatureCollection', features }, { status });

	it('is asked in its own words, and what lies outside the territory is left out', async () => {
		const asked: URL[] = [];
		const geocoder = new Geocoder({
			url: 'https://geocoder.example/geo',
			fetch: (url) => {
				asked.push(new URL(url as string));
				return Promise.resolve(
					answer([feature('Rue de Paris 75001 Paris', 2.3, 48.8), feature('Rue de Paris 44000 Nantes', -1.54, 47.22)])
				);
			}
		});
		expect(await geocoder.find('rue de paris', box)).toEqual([
			{ label: 'Rue de Paris 44000 Nantes', position: { lon: -1.54, lat: 47.22 } }
		]);
		expect(asked[0]!.href).toMatch(/^https:\/\/geocoder\.example\/geo\/search\?q=rue\+de\+paris&autocomplete=1&index=address&/);
		await geocoder.find('rue de paris', box);
		expect(asked, 'the same question is asked once').toHaveLength(1);
	});

	it('that fails is left alone for half a minute, then asked again', async () => {
		let now = 0;
		let asked = 0;
		const broken = [
			() => Promise.reject(new Error('away')),
			() => Promise.resolve(answer([], 503)),
			() => Promise.resolve(Response.json({ odd: true }))
		];
		for (const fetch of broken) {
			asked = 0;
			const geocoder = new Geocoder({ url: 'https://geocoder.example', fetch: () => (asked++, fetch()), now: () => now });
			expect(await geocoder.find('rue de paris', box)).toBeNull();
			expect(await geocoder.find('rue de nantes', box)).toBeNull();
			expect(asked).toBe(1);
			now += 30_000;
			await geocoder.find('rue de nantes', box);
			expect(asked).toBe(2);
		}
	});

	it('that finds the question too short found nothing, and goes on', async () => {
		let asked = 0;
		const geocoder = new Geocoder({ url: 'https://geocoder.example', fetch: () => (asked++, Promise.resolve(answer([], 400))) });
		expect(await geocoder.find('ru', box)).toEqual([]);
		expect(await geocoder.find('rue', box)).toEqual([]);
		expect(asked).toBe(2);
	});

	it('is nobody when the town wants it so', async () => {
		const geocoder = new Geocoder({ url: null, fetch: () => Promise.reject(new Error('must not be asked')) });
		expect(await geocoder.find('rue de paris', box)).toBeNull();
	});
});
