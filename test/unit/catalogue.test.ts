import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/lib/domain/taxonomy.ts';
import { catalogue } from '../../src/lib/server/opendata/dcat/catalogue.ts';
import type { CatalogueOptions } from '../../src/lib/server/opendata/dcat/catalogue.ts';
import type { Size } from '../../src/lib/server/opendata/dcat/dataset.ts';
import type { Node } from '../../src/lib/server/opendata/dcat/graph.ts';
import { jsonld } from '../../src/lib/server/opendata/dcat/jsonld.ts';
import { rdfxml } from '../../src/lib/server/opendata/dcat/rdfxml.ts';
import { turtle } from '../../src/lib/server/opendata/dcat/turtle.ts';
import type { Edition } from '../../src/lib/server/opendata/geojson.ts';
import type { NationalSlug } from '../../src/lib/server/opendata/national/schema.ts';
import { overviewsOf } from '../../src/lib/server/opendata/overview.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { Graph } from '../support/rdf.ts';
import { violations } from '../support/shacl.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';
import { harvest } from '../support/udata-rules.ts';

const identifier = '2f0c8f0e-4a53-4d5f-9f5b-0c6d1d9c7a11';
const dataset = (slug: string, more: Partial<Dataset> = {}): Dataset => ({
	slug,
	title: { fr: `Jeu ${slug}`, en: `Dataset ${slug}` },
	description: { fr: 'Ce que la carte sait « là » & <ici>.\nSur deux lignes, "cité".', en: 'What the map knows of it.' },
	licence: 'etalab-2.0',
	sort: 1,
	listed: true,
	frequency: 'DAILY',
	keywords: ['enfance & famille'],
	identifier: `${identifier.slice(0, -4)}${slug.length.toString(16).padStart(4, '0')}`,
	...more
});

/** A catalogue over thirty places, two of them under another licence. */
async function editionOf(
	datasets: Dataset[],
	more: { demo?: boolean; origin?: string; listed?: boolean } = {}
): Promise<Edition> {
	const rows = { ...syntheticReference() };
	rows.settings = { ...rows.settings, demo: { on: more.demo ?? false } };
	rows.datasets = [
		{ ...dataset('places', { sort: 0, identifier, frequency: 'UPDATE_CONT', listed: more.listed ?? true }) },
		...datasets
	];
	const random = seeded(8);
	const feed = new FakeFeed(rows);
	for (let i = 0; i < 30; i++) {
		const place = syntheticPlace(random, rows);
		feed.put(i < 2 ? { ...place, facts: { ...place.facts, licence: 'ODbL-1.0' } } : place);
	}
	const { view } = await loadSnapshot(feed, () => 0);
	return { view, origin: more.origin ?? 'https://carte.example', today: '2026-11-21' };
}

async function page(edition: Edition, options: Partial<CatalogueOptions> = {}): Promise<Node> {
	const address = `${edition.origin}/catalog.ttl`;
	return catalogue(edition, await overviewsOf(edition), { address, ...options })!;
}
const harvested = (root: Node) => harvest(new Graph(turtle(root)), '2026-11-22T00:00:00Z');

const narrowed = dataset('enfance', {
	theme: 'enfance',
	area: 'nantes-zola',
	organisation: 'ville',
	contact: { name: 'Accueil "enfance"', email: 'enfance@exemple.fr', url: 'https://exemple.fr/a b?c=é' },
	publishedAt: 'https://data.exemple.fr/jeu'
});

/** As if places had a row in some schemas. */
const filled = new Map<NationalSlug, Size | null>([
	['scdl-equipements', { bytes: 7, sha256: 'ef'.repeat(32) }],
	['data-inclusion-services', null]
]);

describe('the catalogue', () => {
	it('violates no shape of DCAT-AP 3.0.1, and the shapes bite', async () => {
		const sizeOf = () => ({ bytes: 12, sha256: 'ab'.repeat(32) });
		const document = turtle(await page(await editionOf([narrowed]), { sizeOf, national: filled }));
		expect(await violations(document)).toEqual([]);
		const faults: [said: string, broken: RegExp, by: string][] = [
			['accessURL MinCount', /dcat:accessURL/g, 'dcat:nothing'],
			['license Class', / a dct:LicenseDocument/, ' a dct:Thing'],
			['conformsTo Class', / a dct:Standard/g, ' a dct:Thing'],
			['publisher MaxCount', /dct:publisher/, 'dct:publisher <urn:x>; dct:publisher'],
			['format NodeKind', /dct:format <[^>]*>/, 'dct:format "CSV"'],
			['modified Node', /dct:modified "[^;]*;/, 'dct:modified "hier";'],
			['byteSize Datatype', /dcat:byteSize "?12"?[^;]*;/, 'dcat:byteSize "12";'],
			['title MinCount', / dct:title "Jeu enfance"@fr, [^;]*;/, '']
		];
		const broken = faults.reduce((text, [said, pattern, by]) => {
			expect([said, pattern.test(text)]).toEqual([said, true]);
			return text.replace(pattern, by);
		}, document);
		const said = await violations(broken);
		for (const [fault] of faults) expect(said.join('\n')).toContain(`${fault}ConstraintComponent`);
	});

	it('is harvested by udata: each dataset once, with its files, licence, frequency, place, time and contact', async () => {
		const edition = await editionOf([narrowed]);
		const { datasets, services, refused, next } = harvested(
			await page(edition, { sizeOf: (_, format) => (format === 'csv' ? { bytes: 99, sha256: 'cd'.repeat(32) } : null) })
		);
		expect(refused).toEqual([]);
		expect(next).toBeNull();
		expect(datasets.map(({ licence, frequency }) => [licence, frequency])).toEqual([
			['lov2', 'UPDATE_CONT'],
			['lov2', 'DAILY'],
			['odc-odbl', 'UPDATE_CONT']
		]);
		const one = datasets[1]!;
		expect(one.tags.sort()).toEqual(['Enfance', 'Gouvernement et secteur public', 'Zola', 'enfance & famille']);
		expect(one).toMatchObject({
			id: narrowed.identifier,
			title: 'Jeu enfance',
			contacts: ['Accueil "enfance" <enfance@exemple.fr>'],
			landingPage: 'https://carte.example/data/enfance',
			spatial: 'POLYGON((-1.65 47.15, -1.45 47.15, -1.45 47.3, -1.65 47.3, -1.65 47.15))'
		});
		expect(datasets[0]!.temporal?.[0]).toMatch(/^\d{4}-\d\d-\d\d$/);
		expect(one.resources.map(({ url }) => url)).toContain('https://carte.example/data/enfance.geojson');
		const csv = one.resources.find(({ format }) => format === 'csv');
		expect(csv).toMatchObject({ mime: 'text/csv', size: 99, sha256: 'cd'.repeat(32) });
		expect(services).toMatchObject([{ url: 'https://carte.example/ogc', serves: datasets.map(({ id }) => id) }]);
	});

	it('lists national files that hold something, each after the version of its schema, by which udata knows it', async () => {
		const edition = await editionOf([narrowed]);
		const { datasets, services, refused } = harvested(await page(edition, { national: filled }));
		expect(refused).toEqual([]);
		const [everything, scdl, inclusion] = datasets;
		const address = 'https://schema.data.gouv.fr/schemas/scdl/equipements/0.1.5/schema.json';
		expect(scdl).toMatchObject({
			title: 'Équipements collectifs publics (SCDL) – Nantes',
			licence: 'lov2',
			frequency: 'UPDATE_CONT',
			contacts: everything!.contacts,
			landingPage: 'https://carte.example/data/places#national',
			schema: address
		});
		expect(scdl!.resources).toEqual([
			{
				...{ url: 'https://carte.example/data/scdl-equipements.csv', format: 'csv', mime: 'text/csv' },
				...{ size: 7, sha256: 'ef'.repeat(32), schema: address }
			}
		]);
		const json = { format: 'json', mime: 'application/json', size: null, sha256: null };
		expect(inclusion!.resources).toMatchObject([{ url: 'https://carte.example/data/data-inclusion-services.json', ...json }]);
		expect([everything!.schema, everything!.resources[0]!.schema]).toEqual([null, null]);
		expect(new Set(datasets.map(({ id }) => id)).size).toBe(datasets.length);
		expect(services[0]!.serves).not.toContain(scdl!.id);
		const moved = await editionOf([narrowed], { origin: 'https://ailleurs.example' });
		expect(harvested(await page(moved, { national: filled })).datasets[1]!.id).toBe(scdl!.id);
	});

	it('lists no national file when what it is made of is not ticked', async () => {
		const edition = await editionOf([], { listed: false });
		const titles = harvested(await page(edition, { national: filled })).datasets.map(({ title }) => title);
		expect(titles).toEqual(['Lieux sous licence ODbL-1.0']);
	});

	it('leaves out what is not ticked, what is planned and what is closed', async () => {
		const reason = { fr: 'Bientôt', en: 'Soon' };
		const edition = await editionOf([
			dataset('hidden', { listed: false }),
			dataset('planned-one', { state: 'planned', reason }),
			dataset('closed-one-x', { state: 'closed', reason })
		]);
		expect(harvested(await page(edition)).datasets.map(({ title }) => title)).toEqual([
			'Jeu places',
			'Lieux sous licence ODbL-1.0'
		]);
	});

	it('keeps its identifiers when the site changes its name, and says when it is a demonstration', async () => {
		const ids = async (origin: string) =>
			harvested(await page(await editionOf([narrowed], { origin }))).datasets.map(({ id }) => id);
		expect(await ids('https://ailleurs.example')).toEqual(await ids('https://carte.example'));
		const { datasets, services } = harvested(await page(await editionOf([narrowed], { demo: true })));
		for (const { title } of [...datasets, ...services]) expect(title).toMatch(/^\[Démonstration\] /);
	});

	it('is cut into pages that lead from one to the next, the API on the first', async () => {
		const many = Array.from({ length: 5 }, (_, i) => dataset(`jeu${'x'.repeat(i)}`));
		const edition = await editionOf(many);
		const found: string[] = [];
		let services = 0;
		let at: string | null = 'https://carte.example/catalog.ttl?page=1';
		while (at !== null) {
			const root = await page(edition, { page: Number(at.split('=')[1]), size: 3 });
			expect(await violations(turtle(root))).toEqual([]);
			const { datasets, next, services: here, refused } = harvested(root);
			expect(refused).toEqual([]);
			found.push(...datasets.map(({ id }) => id));
			services += here.length;
			at = next;
		}
		expect([found.length, new Set(found).size, services]).toEqual([7, 7, 1]);
		expect(catalogue(edition, new Map(), { address: '', page: 4, size: 3 })).toBeNull();
	});

	it('says the same in Turtle, JSON-LD and RDF/XML, whatever stands in a text', async () => {
		const odd = dataset('odd', {
			title: { fr: 'a\\b "c" \'d\' <e> & ]]> \u0001\uFFFE é 🌳 \ud800 fin\r', en: '' },
			description: { fr: 'x\n\ty  z', en: '&amp; {"@id": "x"} ^^<y>' },
			keywords: ['"""', '@fr', 'a,b']
		});
		const sizeOf = () => ({ bytes: 1, sha256: '00'.repeat(32) });
		const roots = [
			await page(await editionOf([narrowed, odd, dataset('autre-jeu')]), { size: 2 }),
			await page(await editionOf([narrowed, odd]), { sizeOf, national: filled })
		];
		const groups = roots.map((root) => [
			['turtle', turtle(root)],
			['json-ld', jsonld(root)],
			['xml', rdfxml(root)]
		]);
		const said = execFileSync('/usr/bin/python3', ['test/support/isomorphic.py'], { input: JSON.stringify(groups) });
		for (const { triples, differ } of JSON.parse(said.toString()) as { triples: number; differ: string[] }[]) {
			expect(triples).toBeGreaterThan(100);
			expect(differ).toEqual([]);
		}
	});
});
