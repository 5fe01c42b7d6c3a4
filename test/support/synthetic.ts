import type { Place } from '../../src/lib/domain/place.ts';
import type { Category } from '../../src/lib/domain/taxonomy.ts';
import type { ReferenceRows } from '../../src/lib/server/published/reference.ts';
import { pick, randomUuid } from './random.ts';
import type { Random } from './random.ts';

const themeNames = ['Enfance', 'Culture', 'Santé', 'Solidarité', 'Nature', 'Déplacements', 'Énergie', 'Réemploi'];
const categoryNames =
	'Crèche|Ludothèque|Bibliothèque|Théâtre|Médecin|Pharmacie|Épicerie solidaire|Écrivain public|Parc|Jardin partagé|Vélo|Tramway|Chaufferie|Panneaux solaires|Ressourcerie|Composteur'.split(
		'|'
	);
const areaNames = ['Bellevue', 'Île de Nantes', 'Doulon', 'Malakoff', 'Zola', 'Breil', 'Dervallières', 'Erdre'];
const nouns =
	'Maison Atelier Centre Espace École Jardin Café Comptoir Cœur Relais Foyer Halle Salle Étape Fabrique Passerelle'.split(' ');
const streets = 'Paul Bellamy|du Calvaire|de la Paix|Crébillon|des Olivettes|de Strasbourg|Kervégan|du Château'.split('|');
const plainWords =
	'accueil enfants familles gratuit atelier cuisine lecture numérique réparation vélos repas écoute emploi français musique jardin'.split(
		' '
	);

const slugOf = (name: string) =>
	name
		.normalize('NFD')
		.replace(/[\u0300-\u036f]/g, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-');

/** Eight themes, sixteen categories, one commune of eight quartiers. */
export function syntheticReference(): ReferenceRows {
	const square = (west: number, south: number): GeoJSON.Polygon => ({
		type: 'Polygon',
		coordinates: [ring(west, south)]
	});
	return {
		themes: themeNames.map((fr, sort) => ({
			slug: slugOf(fr),
			label: { fr, en: `${fr} (en)` },
			colour: 'teal',
			pictogram: 'maki:star',
			sort
		})),
		categories: categoryNames.map((fr, i) => category(fr, slugOf(themeNames[Math.floor(i / 2)]!), i)),
		areas: [
			{ ...area('Nantes', null), level: 'commune' as const, geometry: square(-1.65, 47.15) },
			...areaNames.map((name, i) => ({ ...area(name, 'nantes'), geometry: square(-1.65 + i * 0.02, 47.18) }))
		],
		organisations: [{ slug: 'ville', name: 'Ville', kind: 'public_service', summary: null, website: null }],
		datasets: [
			{ slug: 'places', title: { fr: 'Lieux', en: 'Places' }, description: { fr: '', en: '' }, licence: 'etalab-2.0', sort: 0 }
		],
		settings: {
			territory: { name: 'Nantes', bbox: [-1.65, 47.15, -1.45, 47.3], center: { lon: -1.55, lat: 47.21 }, zoom: 11 },
			licence: { id: 'etalab-2.0' },
			demo: { on: false },
			time: { zone: 'Europe/Paris', country: 'fr', state: 'Pays de la Loire' },
			ring: { metres: 5000 },
			contact: { name: 'Mairie' }
		}
	};
}

function ring(west: number, south: number): [number, number][] {
	return [
		[west, south],
		[west + 0.05, south],
		[west + 0.05, south + 0.05],
		[west, south + 0.05],
		[west, south]
	];
}

function category(fr: string, theme: string, sort: number): Category {
	return {
		slug: slugOf(fr),
		theme,
		label: { fr, en: `${fr} (en)` },
		pictogram: 'maki:star',
		defaultKind: 'service',
		extraFacts: {},
		halfLives: {},
		keyFacts: fr === 'Parc' ? ['extra.places'] : [],
		factOpenness: {},
		osmTag: null,
		schemaType: null,
		synonyms: fr === 'Crèche' ? { fr: ['halte-garderie', 'multi-accueil'], en: ['nursery'] } : {},
		sort
	};
}

function area(name: string, parent: string | null) {
	const bbox: [number, number, number, number] = [-1.65, 47.15, -1.45, 47.3];
	const slug = parent === null ? slugOf(name) : `${parent}-${slugOf(name)}`;
	return { slug, name, level: 'quartier' as const, parent, code: null, bbox, point: { lon: -1.55, lat: 47.2 } };
}

const day = (random: Random) =>
	`202${4 + Math.floor(random() * 3)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`;

const usualHours =
	'24/7|Mo-Fr 09:00-12:30,14:00-18:00; PH off|Tu-Sa 10:00-19:00|Mo-Sa 08:00-20:00; Su 09:00-12:30|sunrise-sunset|Mo-Fr 08:30-17:30; SH off; PH off|"sur rendez-vous"'.split(
		'|'
	);

/** Of three places with hours, one has its own. */
function hours(random: Random): string {
	if (random() < 0.65) return pick(random, usualHours);
	const clock = (from: number) => {
		const minutes = from * 60 + Math.floor(random() * 8) * 15;
		return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
	};
	const day = pick(random, ['Mo-Fr', 'Mo-Sa', 'Tu-Sa', 'We,Fr', 'Mo,Tu,Th']);
	return `${day} ${clock(8)}-${clock(11)},${clock(13)}-${clock(17)}; PH off`;
}

/** A place as towns have them: three assured facts, a description every other time, one to three versions; 1.5 kB on average. */
export function syntheticPlace(random: Random, reference: ReferenceRows, id = randomUuid(random)): Place {
	const { slug: categorySlug, theme, label } = pick(random, reference.categories);
	const name = `${pick(random, nouns)} ${pick(random, streets)} ${Math.floor(random() * 2000)}`;
	const text = (count: number) => Array.from({ length: count }, () => pick(random, plainWords)).join(' ');
	const on = day(random);
	const assurance = { on, method: 'on_site', by_role: 'agent', by_organisation: 'ville' } as const;
	const quartier = random() < 0.05 ? null : pick(random, reference.areas.slice(1)).slug;
	return {
		id,
		slug: slugOf(name),
		kind: random() < 0.7 ? 'service' : 'initiative',
		theme,
		category: categorySlug,
		area: quartier,
		steward: random() < 0.5 ? 'ville' : null,
		source: null,
		position: { lon: round(-1.65 + random() * 0.2), lat: round(47.15 + random() * 0.15) },
		openness: 'open',
		version: 3,
		createdAt: `${on}T08:00:00.000Z`,
		updatedAt: `${on}T09:00:00.000Z`,
		facts: {
			...{ name, summary: `${label.fr} : ${text(8)}`, description: random() < 0.5 ? text(40) : null, precision: 'exact' },
			address: `${1 + Math.floor(random() * 200)} rue ${pick(random, streets)}`,
			postcode: '44000',
			city: 'Nantes',
			opening_hours: random() < 0.7 ? hours(random) : null,
			...{ closures: [], booking: 'none', phone: '+33240000000', email: 'accueil@exemple.fr', website: 'https://exemple.fr/' },
			...{
				wheelchair: pick(random, ['yes', 'limited', 'no', null]),
				audience: pick(random, [['children', 'families'], ['everyone'], ['seniors'], []]),
				cost: pick(random, ['free', 'paid', 'conditional', null]),
				languages: pick(random, [['fr'], ['fr', 'en'], ['fsl', 'fr'], []]),
				starts_on: null,
				ends_on: null
			},
			...{ photos: [], licence: null, contact_name: null, contact_phone: null, part_of: null }
		},
		extra: { places: Math.floor(random() * 60) },
		offers: [],
		assurances: { position: assurance, opening_hours: assurance, phone: assurance },
		factOpenness: {},
		history: [1, 2, 3].slice(0, 1 + Math.floor(random() * 3)).map((version) => historyEntry(version, on))
	};
}

function historyEntry(version: number, on: string): Place['history'][number] {
	const entry = { version, on, by_role: 'agent', by_organisation: 'ville', source: null, reason: null } as const;
	return version === 1
		? { ...entry, kind: 'created', facts: ['name', 'position', 'category', 'opening_hours', 'phone', 'address'] }
		: {
				...entry,
				kind: 'updated',
				operations: [{ fact: 'opening_hours', old: 'Mo-Fr 09:00-12:00', new: 'Mo-Fr 09:00-12:30,14:00-18:00' }]
			};
}

const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
