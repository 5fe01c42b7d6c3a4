import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Place, PlaceFacts } from '../../src/lib/domain/place.ts';
import { selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import type { Edition, Told } from '../../src/lib/server/opendata/geojson.ts';
import { splitAddress } from '../../src/lib/server/opendata/national/address.ts';
import { filledSchemas } from '../../src/lib/server/opendata/national/filled.ts';
import {
	datasetOfSchema,
	nationalFile,
	nationalFormats,
	nationalSchemas
} from '../../src/lib/server/opendata/national/national.ts';
import { reasons } from '../../src/lib/server/opendata/national/reasons.ts';
import type { Reason } from '../../src/lib/server/opendata/national/reasons.ts';
import { mapping, registerOf } from '../../src/lib/server/opendata/national/register.ts';
import type { NationalSlug } from '../../src/lib/server/opendata/national/schema.ts';
import { e164 } from '../../src/lib/server/opendata/national/schema.ts';
import { FileServer } from '../../src/lib/server/opendata/files/serve-file.ts';
import { FilterError } from '../../src/lib/server/published/filters.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { makeReference } from '../../src/lib/server/published/reference.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { nastyPlaces } from '../support/nasty-places.ts';
import { completePlace, demoPlaces, nationalReference, offer, seedCategories } from '../support/national-town.ts';
import { pick, seeded } from '../support/random.ts';
import { syntheticPlace } from '../support/synthetic.ts';
import { tableProblems } from '../support/table-schema-check.ts';
import type { TableSchema } from '../support/table-schema-check.ts';

const rows = nationalReference();
const dir = mkdtempSync(join(tmpdir(), 'national-'));
afterAll(() => rmSync(dir, { recursive: true }));

const schemaFile = (slug: string) =>
	JSON.parse(readFileSync(new URL(`../schemas/${slug}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;

async function editionOf(places: Place[], reference = rows): Promise<Edition> {
	const feed = new FakeFeed(reference);
	for (const place of places) feed.put(place);
	const { view } = await loadSnapshot(feed, () => 0);
	return { view, origin: 'https://carte.example', today: '2026-11-21' };
}

async function textOf(places: Place[], slug: NationalSlug, extension: string, reference = rows): Promise<string> {
	const edition = await editionOf(places, reference);
	const told: Told = { ...edition, register: registerOf(edition.view.reference) };
	const { schema, format } = nationalFile(slug, extension)!;
	const dataset = datasetOfSchema(schema, 'etalab-2.0');
	return [...nationalFormats[format].text!(edition.view.select(selectionOf(dataset)), told, dataset)].join('');
}

type Row = Record<string, unknown>;
interface Report {
	counts: { rows: number; left_out: number };
	left_out: { id: string; place: string; reasons: Reason[] }[];
	reasons: Partial<Record<Reason, { count: number; fr: string; en: string }>>;
}

const csvOf = async (places: Place[], slug: NationalSlug) =>
	parse(await textOf(places, slug, 'csv'), { columns: true }) as Record<string, string>[];
const jsonOf = async (places: Place[], slug: NationalSlug) => JSON.parse(await textOf(places, slug, 'json')) as Row[];
const reportOf = async (places: Place[], slug: NationalSlug) => JSON.parse(await textOf(places, slug, 'report.json')) as Report;

/** What the schema has against the file; how many rows it has. */
async function checked(places: Place[], slug: NationalSlug): Promise<{ problems: string[]; rows: number }> {
	const { extension } = nationalSchemas.find((each) => each.slug === slug)!;
	const text = await textOf(places, slug, extension);
	if (extension === 'csv') {
		const cells = parse(text) as string[][];
		return { problems: tableProblems(schemaFile(slug) as unknown as TableSchema, cells), rows: cells.length - 1 };
	}
	const list = JSON.parse(text) as Row[];
	const shape = z.fromJSONSchema(schemaFile(slug));
	const problems = list.flatMap((row) => shape.safeParse(row).error?.issues.map((issue) => JSON.stringify(issue)) ?? []);
	const alone = list.filter(({ publics }) => Array.isArray(publics) && publics.includes('tous-publics') && publics.length > 1);
	const ids = new Set(list.map(({ id }) => id));
	return { problems: [...problems, ...alone.map(String), ...(ids.size < list.length ? ['an id twice'] : [])], rows: list.length };
}

/** Every category, steward, audience and precision, and texts that break files. */
function anyTown(): Place[] {
	const random = seeded(12);
	const stewards = [...rows.organisations.map(({ slug }) => slug), null];
	const nasty = nastyPlaces().places;
	return [...nasty, ...Array.from({ length: 300 }, () => syntheticPlace(random, rows))].map((place, i): Place => {
		const category = rows.categories[i % rows.categories.length]!.slug;
		const number = i % 3 === 0 ? null : `44109-01010401-${String(i).padStart(3, '0')}`;
		const offers =
			i % 4 === 0 ? [offer(`${place.id}-o`, { category: pick(random, rows.categories).slug, audience: ['seniors'] })] : [];
		return {
			...place,
			...{ category, offers: place.offers.length > 0 ? place.offers : offers, steward: pick(random, stewards) },
			extra: { ...place.extra, ...(number === null ? {} : { equip_uid: number }), computers: i % 2 === 0 }
		};
	});
}

describe('files of national schemas', () => {
	const slugs = nationalSchemas.map(({ slug }) => slug);

	it.each(slugs)('%s: every row is what the schema asks for, whatever is on the map', async (slug) => {
		const { problems, rows: count } = await checked(anyTown(), slug);
		expect(problems).toEqual([]);
		expect(count).toBeGreaterThan(slug === 'mediation-numerique' ? 5 : 10);
	});

	it.each(slugs)('%s: so it is with the demonstration, where each place left out has its reasons', async (slug) => {
		const places = demoPlaces(rows);
		const { problems, rows: count } = await checked(places, slug);
		const { counts, left_out, reasons: told } = await reportOf(places, slug);
		expect(problems).toEqual([]);
		expect(counts).toEqual({ rows: count, left_out: left_out.length });
		expect(counts.rows + counts.left_out).toBeGreaterThan(1);
		for (const { reasons: why } of left_out) expect(why.length).toBeGreaterThan(0);
		for (const [reason, { count: times, ...label }] of Object.entries(told)) {
			expect(label).toEqual(reasons[reason as Reason]);
			expect(times).toBe(left_out.filter((each) => each.reasons.includes(reason as Reason)).length);
		}
	});

	it('a file of an empty map has its columns, or is an empty list', async () => {
		expect(await checked([], 'scdl-equipements')).toEqual({ problems: [], rows: 0 });
		expect(await textOf([], 'data-inclusion-services', 'json')).toBe('[]\n');
	});

	it('holds only what is under the licence of the territory', async () => {
		const place = completePlace(rows, 1, 'bibliotheque');
		const odbl = completePlace(rows, 2, 'bibliotheque');
		const found = await csvOf([place, { ...odbl, facts: { ...odbl.facts, licence: 'ODbL-1.0' } }], 'mediation-numerique');
		expect(found.map(({ id }) => id)).toEqual([place.id]);
	});

	it('tells opening hours, accents and apostrophes byte for byte, and lists between bars', async () => {
		const hours = 'Mo-Fr 08:30-12:00,13:30-17:30; Sa 08:30-12:00; PH off; "sur rendez-vous, l’été"';
		const complete = completePlace(rows, 1, 'aide-numerique');
		const facts = { opening_hours: hours, languages: ['fr', 'fsl', 'en', 'so'], booking: 'none', cost: 'conditional' } as const;
		const place: Place = { ...complete, facts: { ...complete.facts, ...facts, languages: [...facts.languages] } };
		const [row] = await csvOf([place], 'mediation-numerique');
		expect(row).toMatchObject({
			...{ horaires: hours, nom: 'Médiathèque « L’Étape »', adresse: '2 bis rue de l’Hôtel-de-Ville', code_insee: '44109' },
			...{ pivot: '21440109300015', source: 'Nantes', telephone: '+33240000000', frais_a_charge: 'Gratuit sous condition' },
			services: 'Maîtrise des outils numériques du quotidien|Accès internet et matériel informatique',
			prise_en_charge_specifique: 'Surdité|Langues étrangères (anglais)|Langues étrangères (autres)',
			modalites_acces: 'Se présenter|Téléphoner|Contacter par mail'
		});
		const [structure] = await jsonOf([place], 'data-inclusion-structures');
		expect(structure).toMatchObject({ horaires_accueil: hours, nom: 'Médiathèque « L’Étape »', source: 'alentour-nantes' });
		const equipment = completePlace(rows, 3, 'mairie');
		const [hall] = await csvOf([{ ...equipment, facts: { ...equipment.facts, opening_hours: hours } }], 'scdl-equipements');
		expect(hall).toMatchObject({
			...{ COLL_NOM: 'Ville de Saint-Œuf', EQUIP_OUVERTURE: hours, EQUIP_TEL: '+33 240000000' },
			...{
				EQUIP_UID: '44109-01010401-003',
				EQUIP_CODE: '01010401-003',
				EQUIP_TYPE: 'Mairie',
				EQUIP_THEME: 'Equipement administratif'
			},
			...{ ADR_NUMERO: '2 bis', ADR_NOMVOIE: "rue de l'Hôtel-de-Ville" }
		});
	});

	it('the day of the last change is the day where the map is', async () => {
		const place = { ...completePlace(rows, 1, 'aide-numerique'), updatedAt: '2026-07-13T22:30:00.000Z' };
		expect((await csvOf([place], 'mediation-numerique'))[0]?.['date_maj']).toBe('2026-07-14');
	});
});

describe('what is missing is told, never invented', () => {
	const facts = (more: Partial<PlaceFacts>) => (place: Place) => ({ ...place, facts: { ...place.facts, ...more } });
	const steward = (slug: string | null) => (place: Place) => ({ ...place, steward: slug });
	const uid = (value: string) => (place: Place) => ({ ...place, extra: { equip_uid: value } });
	const cases: [NationalSlug, Reason, (place: Place) => Place][] = [
		['scdl-equipements', 'no_steward', steward(null)],
		['scdl-equipements', 'steward_not_public', steward('association-siret')],
		['scdl-equipements', 'no_siret', steward('service-sans-siret')],
		['scdl-equipements', 'no_equip_uid', (place) => ({ ...place, extra: {} })],
		['scdl-equipements', 'equip_uid_form', uid('44109-0101-1')],
		['scdl-equipements', 'no_address', facts({ address: null })],
		['scdl-equipements', 'address_form', facts({ address: '2 rue (au fond)' })],
		['scdl-equipements', 'no_postcode', facts({ postcode: null })],
		['scdl-equipements', 'postcode_form', facts({ postcode: 'AD500' })],
		['scdl-equipements', 'no_city', facts({ city: null })],
		['scdl-equipements', 'city_form', facts({ city: 'Paris 12' })],
		['scdl-equipements', 'position_not_exact', facts({ precision: 'street' })],
		['mediation-numerique', 'no_steward', steward(null)],
		['mediation-numerique', 'no_pivot', steward('collectif')],
		['mediation-numerique', 'no_address', facts({ address: null })],
		['mediation-numerique', 'no_postcode', facts({ postcode: null })],
		['mediation-numerique', 'no_city', facts({ city: null })],
		['data-inclusion-structures', 'name_length', facts({ name: 'Nom '.repeat(40) })],
		['data-inclusion-services', 'no_description', facts({ summary: null, description: null })]
	];
	const home = (slug: NationalSlug) => (slug === 'scdl-equipements' ? 'mairie' : 'aide-numerique');

	it.each(cases)('%s leaves out a place for %s, and for nothing else', async (slug, reason, spoil) => {
		const place = completePlace(rows, 1, home(slug));
		expect(await reportOf([place], slug)).toMatchObject({ counts: { rows: 1, left_out: 0 }, reasons: {} });
		const { counts, left_out } = await reportOf([spoil(place)], slug);
		expect([counts, left_out.map((each) => each.reasons)]).toEqual([{ rows: 0, left_out: 1 }, [[reason]]]);
	});

	it('the number of an equipment is the town’s: none is made up, and none stands for two', async () => {
		const [one, other] = [completePlace(rows, 1, 'piscine'), completePlace(rows, 2, 'piscine')];
		const twice = [one, { ...other, extra: one.extra }];
		const { counts, reasons: told } = await reportOf(twice, 'scdl-equipements');
		expect([counts, Object.keys(told)]).toEqual([{ rows: 1, left_out: 1 }, ['equip_uid_taken']]);
		expect((await checked(twice, 'scdl-equipements')).problems).toEqual([]);
	});

	it('an association without SIRET is known by its number in the register of associations', async () => {
		const place = completePlace(rows, 1, 'aide-numerique');
		const pivots = await csvOf(
			[
				{ ...place, steward: 'voisins' },
				{ ...completePlace(rows, 2, 'aide-numerique'), steward: 'association-siret' }
			],
			'mediation-numerique'
		);
		expect(pivots.map(({ pivot }) => pivot).sort()).toEqual(['73282932000074', 'W442000001']);
		expect(pivots.map(({ typologie }) => typologie)).toEqual(['ASSO', 'ASSO']);
	});

	it('a position that says only the street is not given as the place’s', async () => {
		const complete = completePlace(rows, 1, 'aide-numerique');
		const place = facts({ precision: 'street' })(complete);
		expect((await csvOf([place], 'mediation-numerique'))[0]).toMatchObject({ latitude: '', longitude: '' });
		expect((await jsonOf([place], 'data-inclusion-structures'))[0]).toMatchObject({ latitude: null, longitude: null });
	});

	it('an audience that a list has no word for is not narrowed to those it knows', async () => {
		const publicsOf = async (audience: string[]) => {
			const place = facts({ audience })(completePlace(rows, 1, 'aide-numerique'));
			const [service] = await jsonOf([place], 'data-inclusion-services');
			return service!['publics'];
		};
		expect(await publicsOf(['seniors', 'adults'])).toBeNull();
		expect(await publicsOf(['seniors', 'everyone'])).toEqual(['tous-publics']);
		expect(await publicsOf(['children', 'families', 'women'])).toEqual(['familles', 'femmes']);
		expect(await publicsOf([])).toBeNull();
	});
});

describe('what is done at a place', () => {
	it('offers are services of the structure, each by its own category; without any, the category is the service', async () => {
		const quarter: Place = {
			...completePlace(rows, 1, 'maison-quartier'),
			offers: [
				offer('b', { name: 'Café des langues', category: 'cours-francais', cost: 'free', opening_hours: 'Th 17:30-19:00' }),
				offer('a', { name: 'Écrivain public', category: 'acces-droits', summary: null }),
				offer('c', { name: 'Yoga' })
			]
		};
		const food = completePlace(rows, 2, 'aide-alimentaire');
		const town = [quarter, food, completePlace(rows, 3, 'piscine')];
		const structures = await jsonOf(town, 'data-inclusion-structures');
		const services = await jsonOf(town, 'data-inclusion-services');
		expect(structures.map(({ id }) => id).sort()).toEqual([quarter, food].map(({ id }) => `alentour-nantes--${id}`).sort());
		const lessons = services.find(({ id }) => id === 'alentour-nantes--b');
		expect(lessons).toMatchObject({
			...{ structure_id: `alentour-nantes--${quarter.id}`, nom: 'Café des langues', type: 'formation', frais: 'gratuit' },
			...{ thematiques: ['lecture-ecriture-calcul--maitriser-le-francais'], horaires_accueil: 'Th 17:30-19:00' }
		});
		expect(services.map(({ structure_id }) => structure_id).every((id) => structures.some((each) => each['id'] === id))).toBe(
			true
		);
		expect(services).toHaveLength(2);
		expect((await reportOf(town, 'data-inclusion-services')).left_out).toEqual([
			{ id: 'a', place: quarter.id, name: quarter.facts.name, reasons: ['no_description'] }
		]);
	});

	it('a service is left out with its structure', async () => {
		const place = { ...completePlace(rows, 1, 'acces-droits'), offers: [offer('a')] };
		const nameless = { ...place, facts: { ...place.facts, name: 'X' } };
		expect((await reportOf([nameless], 'data-inclusion-structures')).left_out[0]?.reasons).toEqual(['name_length']);
		expect((await reportOf([nameless], 'data-inclusion-services')).left_out[0]?.reasons).toEqual(['no_structure']);
	});

	it('an offer of digital help makes a place of digital mediation; a library without computers is none', async () => {
		const quarter = { ...completePlace(rows, 1, 'maison-quartier'), offers: [offer('a', { category: 'aide-numerique' })] };
		const library = { ...completePlace(rows, 2, 'bibliotheque'), extra: { computers: false } };
		const found = await csvOf([quarter, library], 'mediation-numerique');
		expect(found.map(({ typologie, services }) => [typologie, services])).toEqual([
			['MQ', 'Maîtrise des outils numériques du quotidien']
		]);
		expect((await reportOf([library], 'mediation-numerique')).counts).toEqual({ rows: 0, left_out: 0 });
	});
});

describe('the mapping', () => {
	const listed = (slug: string, name: string) => JSON.stringify(schemaFile(slug)).includes(JSON.stringify(name).slice(1, -1));

	it('names categories that every town starts with, and values of the schemas', () => {
		for (const [slug, { osm_tag, scdl, mediation, inclusion }] of Object.entries(mapping)) {
			expect(seedCategories.find((category) => category.slug === slug)?.osm_tag, slug).toBe(osm_tag);
			if (scdl) expect(listed('scdl-equipements', scdl.theme), scdl.theme).toBe(true);
			for (const service of [...(mediation?.services ?? []), ...Object.values(mediation?.extras ?? {}).flat()])
				expect(listed('mediation-numerique', service), service).toBe(true);
			for (const topic of [...(inclusion?.thematiques ?? []), ...(inclusion?.type ? [inclusion.type] : [])])
				expect(listed('data-inclusion-services', `${topic}`), topic).toBe(true);
		}
	});

	it('knows a category of a town’s own by its tag, where the tag means one thing', () => {
		const [model] = rows.categories;
		const own = [
			{ ...model!, slug: 'biblio', osmTag: 'amenity=library' },
			{ ...model!, slug: 'garde', osmTag: 'amenity=childcare' },
			{ ...model!, slug: 'toString', osmTag: null }
		];
		const { mappings } = registerOf(makeReference({ ...rows, categories: own }));
		expect([...mappings.keys()]).toEqual(['biblio']);
		expect(mappings.get('biblio')).toBe(mapping['bibliotheque']);
	});
});

describe('the parts of an address', () => {
	it.each([
		['2 rue de l’Hôtel-de-Ville', '2', "rue de l'Hôtel-de-Ville"],
		['12 bis rue des Carmélites', '12 bis', 'rue des Carmélites'],
		['12bis, rue des Carmélites', '12 bis', 'rue des Carmélites'],
		['36-38 quai de la Fosse', '36/38', 'quai de la Fosse'],
		['Place Saint-Pierre', '99999', 'Place Saint-Pierre'],
		['11 Novembre 1918', '11', 'Novembre 1918'],
		['5 B rue du Sacré-Cœur', '5 b', 'rue du Sacré-Coeur'],
		['3 a', '3', 'a']
	])('%s', (address, number, name) => {
		expect(splitAddress(address)).toEqual({ number, name });
	});

	it.each([
		['02 40 00 00 00', '+33240000000'],
		['+33 (0)2.40.00.00.00', '+33240000000'],
		['+262 262 12 34 56', '+262262123456'],
		['3919', null],
		[null, null]
	])('the telephone number %s', (typed, number) => {
		expect(e164(typed)).toBe(number);
	});
});

describe('the schemas that are filled', () => {
	const complete = (seed: number) => completePlace(rows, seed, 'bibliotheque');
	const filled = async (places: Place[], reference = rows) => [...(await filledSchemas(await editionOf(places, reference)))];

	it('are those that have a row, and none when nothing is on the map or all is under another licence', async () => {
		const withoutNumber = { ...complete(1), extra: { computers: 3 } };
		expect(await filled([complete(1)])).toContain('scdl-equipements');
		expect(await filled([withoutNumber])).toContain('mediation-numerique');
		expect(await filled([withoutNumber])).not.toContain('scdl-equipements');
		expect(await filled([])).toEqual([]);
		expect(await filled([{ ...complete(1), facts: { ...complete(1).facts, licence: 'ODbL-1.0' } }])).toEqual([]);
	});

	it('follow a place that goes away, although another bears its number', async () => {
		const feed = new FakeFeed(rows);
		for (const place of [complete(1), { ...complete(2), extra: complete(1).extra }]) feed.put(place);
		const snapshot = await loadSnapshot(feed, () => 0);
		const slugs = async () => [
			...(await filledSchemas({ view: snapshot.view, origin: 'https://carte.example', today: '2026-11-21' }))
		];
		expect(await slugs()).toContain('scdl-equipements');
		const [first, second] = [...snapshot.view.all()];
		const without = (place: Place | undefined, reference = {}) =>
			snapshot.apply({
				...{ seq: snapshot.view.seq + 1, places: new Map([[place!.id, null]]), tombstones: new Map() },
				...{ reference, changes: [] }
			});
		without(first);
		expect(await slugs()).toContain('scdl-equipements');
		without(second);
		expect(await slugs()).toEqual([]);
	});

	it('follow an organisation that loses its SIRET', async () => {
		const organisations = rows.organisations.map((one) => ({ ...one, siret: null, rna: null }));
		expect(await filled([complete(1)], { ...rows, organisations })).not.toContain('scdl-equipements');
	});
});

describe('how they are served', () => {
	it('as whole files under a tag that lasts until a change, which name their schema', async () => {
		const edition = await editionOf([completePlace(rows, 1, 'bibliotheque')]);
		const server = new FileServer({ dir, build: 'b', current: () => edition.view });
		const ask = (extension: string, headers: Record<string, string> = {}, query = '') =>
			server.serveNational(new Request('https://carte.example/', { headers }), {
				edition,
				...nationalFile('mediation-numerique', extension)!,
				query: new URLSearchParams(query)
			});
		const file = await ask('csv');
		expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
		expect(file.headers.get('content-disposition')).toBe('attachment; filename="mediation-numerique.csv"');
		expect(file.headers.get('link')).toContain('standard-mediation-num/1.0.1/schema.json>; rel="describedby');
		expect(parse(await file.text(), { columns: true })).toHaveLength(1);
		expect((await ask('csv', { 'if-none-match': file.headers.get('etag')! })).status).toBe(304);
		const size = server.nationalSize(edition, 'mediation-numerique.csv');
		expect(size).toEqual({ bytes: Number(file.headers.get('content-length')), sha256: null });
		expect(server.nationalSize(edition, 'data-inclusion-services.json')).toBeNull();
		const told = await ask('report.json');
		expect(await told.json()).toMatchObject({ counts: { rows: 1, left_out: 0 }, licence: 'etalab-2.0', seq: 1 });
		await expect(ask('csv', {}, 'q=x')).rejects.toThrow(FilterError);
		expect(nationalFile('mediation-numerique', 'json')).toBeNull();
		expect(nationalFile('toString', 'csv')).toBeNull();
	});
});
