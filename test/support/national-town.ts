import { readFileSync } from 'node:fs';
import type { Offer, Place } from '../../src/lib/domain/place.ts';
import type { Category } from '../../src/lib/domain/taxonomy.ts';
import type { ReferenceRows } from '../../src/lib/server/published/reference.ts';
import { seeded } from './random.ts';
import { syntheticPlace, syntheticReference } from './synthetic.ts';

type Row = Record<string, unknown>;
const read = <T>(path: string) => JSON.parse(readFileSync(new URL(`../../supabase/seed/${path}`, import.meta.url), 'utf8')) as T;

interface SeedCategory extends Pick<Category, 'slug' | 'theme' | 'label'> {
	osm_tag: string | null;
}
export const seedCategories = read<{ categories: SeedCategory[] }>('taxonomy.json').categories;

/** The categories that every town starts with, and organisations with and without numbers. */
export function nationalReference(): ReferenceRows {
	const rows = syntheticReference();
	const model = rows.categories[0]!;
	return {
		...rows,
		categories: seedCategories.map(({ slug, theme, label, osm_tag }) => ({ ...model, slug, theme, label, osmTag: osm_tag })),
		areas: rows.areas.map((area) => (area.slug === 'nantes' ? { ...area, code: '44109' } : area)),
		organisations: [
			organisation('ville', 'Ville de Saint-Œuf', 'public_service', '21440109300015'),
			organisation('service-sans-siret', 'Service sans SIRET', 'public_service'),
			organisation('voisins', 'Les Voisins', 'association', null, 'W442000001'),
			organisation('association-siret', 'L’Étape', 'association', '73282932000074', 'W442000002'),
			organisation('collectif', 'Collectif', 'collective')
		]
	};
}

function organisation(
	slug: string,
	name: string,
	kind: ReferenceRows['organisations'][number]['kind'],
	siret: string | null = null,
	rna: string | null = null
) {
	return { slug, name, kind, siret, rna, summary: null, website: null };
}

/** A place of which everything is known that a schema may ask for. */
export function completePlace(rows: ReferenceRows, seed: number, category: string): Place {
	const place = syntheticPlace(seeded(seed), rows);
	return {
		...place,
		category,
		kind: 'service',
		area: 'nantes-bellevue',
		steward: 'ville',
		facts: {
			...place.facts,
			...{ name: 'Médiathèque « L’Étape »', summary: 'Où l’on trouve de l’aide.', address: '2 bis rue de l’Hôtel-de-Ville' },
			...{ postcode: '44000', city: 'Nantes', phone: '02 40 00 00 00', opening_hours: 'Mo-Fr 09:00-12:00; PH off' }
		},
		extra: { equip_uid: `44109-01010401-${String(seed).padStart(3, '0')}`, computers: 3 }
	};
}

export function offer(id: string, more: Partial<Offer> = {}): Offer {
	const facts = { audience: [], cost: null, booking: null, opening_hours: null, closures: [], assurances: {} };
	return { id, name: 'Permanence', summary: 'Une aide, sans rendez-vous.', category: null, ...facts, ...more };
}

/** The places of the demonstration as its seed describes them. */
export function demoPlaces(rows: ReferenceRows): Place[] {
	const random = seeded(44);
	return read<Row[]>('demo/places.json').map((seed) => {
		const place = syntheticPlace(random, rows);
		const known = Object.fromEntries(Object.keys(place.facts).map((fact) => [fact, seed[fact] ?? null]));
		const lists = { closures: [], photos: [], audience: seed['audience'] ?? [], languages: seed['languages'] ?? [] };
		const offers = (seed['offers'] as (Partial<Offer> & { key: string })[]).map(({ key, ...facts }) =>
			offer(`${place.id}-${key}`, { summary: null, ...facts })
		);
		return {
			...place,
			...{ category: seed['category'] as string, kind: seed['kind'] as Place['kind'], steward: seed['steward'] as string | null },
			position: seed['position'] as Place['position'],
			facts: { ...known, ...lists } as unknown as Place['facts'],
			extra: seed['extra'] as Place['extra'],
			offers
		};
	});
}
