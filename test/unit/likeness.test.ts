import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likelyScore, likeness, nameLikeness } from '../../src/lib/domain/likeness.ts';

const doulon = { lon: -1.5203, lat: 47.2265 };
const metresEast = (metres: number) => ({
	...doulon,
	lon: doulon.lon + metres / (111_320 * Math.cos((doulon.lat * Math.PI) / 180))
});

describe('the likeness of two names', () => {
	it.each([
		['Bibliothèque Émile Zola', 'bibliotheque emile zola'],
		['École de la Beaujoire', 'Ecole Beaujoire'],
		['Maison de quartier de Doulon', 'Doulon (maison de quartier)'],
		['Médiathèque Jacques Demy', 'Mediateque Jaques Demy'],
		['Square St Félix', 'Square Saint-Félix'],
		['Jardin partagé des Oblates', 'Les Oblates'],
		['Bibliothèque Floresca Guépin', 'Médiathèque Floresca Guépin']
	])('is high for « %s » and « %s »', (a, b) => {
		expect(nameLikeness(a, b)).toBeGreaterThanOrEqual(0.75);
	});

	it.each([
		['Mairie annexe de Doulon', 'Mairie annexe de Chantenay'],
		['École maternelle Jean Moulin', 'École maternelle Louise Michel'],
		['Crèche 1', 'Crèche 2'],
		['Square du 8 mai', 'Square du 11 novembre'],
		['Repair café', 'Piscine Jules Verne'],
		['', 'Piscine'],
		['…', '!']
	])('is low for « %s » and « %s »', (a, b) => {
		expect(nameLikeness(a, b)).toBeLessThan(likelyScore);
	});

	it('is the same from both sides, between 0 and 1, and 1 for a name and itself', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (a, b) => {
				const score = nameLikeness(a, b);
				expect(score).toBeCloseTo(nameLikeness(b, a), 10);
				expect(score >= 0 && score <= 1).toBe(true);
				if (/[\p{L}\p{N}]/u.test(a.normalize('NFD'))) expect(nameLikeness(a, a)).toBeCloseTo(1, 10);
			})
		);
	});
});

describe('two places', () => {
	const place = (name: string, metres: number) => ({ name, position: metresEast(metres) });

	it('are likely one when their names are alike and they are neighbours', () => {
		const { score, metres } = likeness(place('Repair Café de Doulon', 0), place('Repair café Doulon', 80));
		expect(score).toBeGreaterThan(0.9);
		expect(metres).toBeCloseTo(80, -1);
	});

	it('are not when the same name stands two kilometres off', () => {
		expect(likeness(place('Repair Café', 0), place('Repair Café', 2000)).score).toBeLessThan(0.1);
	});

	it('are not because they share a house', () => {
		expect(likeness(place('Crèche Les Petits Pas', 0), place('Bibliothèque de Doulon', 0)).score).toBe(0);
	});

	it('need almost the same name while one of them has no position', () => {
		const typed = { name: 'Bibliothèque de Doulon', position: null };
		expect(likeness(typed, place('Bibliotheque Doulon', 0))).toMatchObject({ metres: null, score: expect.closeTo(0.7, 5) });
		expect(likeness(typed, place('Maison de Doulon et de ses habitants', 0)).score).toBeLessThan(likelyScore);
	});
});
