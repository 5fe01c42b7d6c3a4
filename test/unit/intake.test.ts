import { describe, expect, it } from 'vitest';
import { toAreas } from '../../src/lib/server/intake/areas.ts';
import { toCandidates } from '../../src/lib/server/intake/candidates.ts';
import type { CandidateOptions } from '../../src/lib/server/intake/candidates.ts';
import { parseMapping } from '../../src/lib/server/intake/mapping.ts';
import { readTable, UnreadableFile } from '../../src/lib/server/intake/table.ts';
import { readValue } from '../../src/lib/server/intake/values.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function candidates(text: string, pairs: string[], more: Partial<CandidateOptions> = {}) {
	const table = readTable(bytes(text));
	const mapping = parseMapping(pairs, table);
	return toCandidates(table, { mapping, defaults: { category: 'creche' }, idColumns: null, extraFacts: {}, ...more });
}

function collection(...features: [object | null, object][]): string {
	return JSON.stringify({
		type: 'FeatureCollection',
		features: features.map(([geometry, properties]) => ({ type: 'Feature', geometry, properties }))
	});
}

const point = (lon: number, lat: number) => ({ type: 'Point', coordinates: [lon, lat] });

describe('a table', () => {
	it.each([
		['semicolons', 'nom;ville\nÉcole;Rezé\n'],
		['commas', 'nom,ville\nÉcole,Rezé\n'],
		['tabs', 'nom\tville\nÉcole\tRezé\n'],
		['a byte-order mark', '\ufeffnom;ville\nÉcole;Rezé\n'],
		['Windows line ends', 'nom;ville\r\nÉcole;Rezé\r\n'],
		['letters in two pieces', 'nom;ville\nE\u0301cole;Reze\u0301\n'],
		['a column without a name', 'nom;ville;\nÉcole;Rezé;?\n']
	])('is read with %s', (_what, text) => {
		expect(readTable(bytes(text))).toEqual({
			columns: ['nom', 'ville'],
			rows: [{ number: 2, cells: { nom: 'École', ville: 'Rezé' }, geometry: null }]
		});
	});

	it('is read in windows-1252 when it is not UTF-8', () => {
		expect(readTable(latin('nom;ville\nCr\u00e8che;N\u0092importe\n')).rows[0]?.cells).toEqual({
			nom: 'Crèche',
			ville: 'N’importe'
		});
	});

	it('is not cut at the decimal commas of quoted numbers', () => {
		expect(readTable(bytes('nom,lon,lat\nA,"3,89","43,59"\nB,"3,88","43,61"\n')).rows[1]?.cells).toEqual({
			nom: 'B',
			lon: '3,88',
			lat: '43,61'
		});
	});

	it.each([
		['nothing', '', 'empty'],
		['one column', 'nom\nÉcole\n', 'neither GeoJSON nor a table'],
		['half a JSON', '{"type": "FeatureCollection", "features": [', 'cut off'],
		['two columns of one name', 'nom;nom\na;b\n', 'Two columns are named "nom"'],
		[
			'another projection',
			'{"type":"FeatureCollection","crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},"features":[]}',
			'EPSG::2154'
		],
		['no features', '{"hello": 1}', 'not a GeoJSON Feature']
	])('of %s is refused in a sentence', (_what, text, sentence) => {
		expect(() => readTable(bytes(text))).toThrow(UnreadableFile);
		expect(() => readTable(bytes(text))).toThrow(sentence);
	});

	it('in GeoJSON may say that it is in degrees in the old way', () => {
		const text =
			'{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[]}';
		expect(readTable(bytes(text)).rows).toEqual([]);
	});
});

describe('a mapping', () => {
	const table = { columns: ['NOM', 'RUE', 'N°', 'a+b'] };

	it('takes a column, several columns, or a text for all', () => {
		expect([...parseMapping(['name=NOM', 'address=N°+RUE', 'city="Nantes"', 'summary=a+b'], table)]).toEqual([
			['name', { columns: ['NOM'] }],
			['address', { columns: ['N°', 'RUE'] }],
			['city', { constant: 'Nantes' }],
			['summary', { columns: ['a+b'] }]
		]);
	});

	it.each([
		[['name=TITRE'], 'there is no column "TITRE". Columns: NOM, RUE, N°, a+b.'],
		[['name=NOM', 'adresse=RUE'], 'there is no fact "adresse". Facts: name,'],
		[['name=NOM', 'name=RUE'], 'mapped twice'],
		[['address=RUE'], '--map name=<column> is needed'],
		[['nom'], 'write fact=column']
	])('%j is refused in a sentence', (pairs, sentence) => {
		expect(() => parseMapping(pairs, table)).toThrow(sentence);
	});
});

describe('a row', () => {
	it('becomes a candidate with its number, its facts and the defaults', () => {
		const text = 'nom;rue;cp;lat;lon\nCrèche  Rouge;1 rue A;4400;47,2184;-1,55360001\n';
		expect(candidates(text, ['name=nom', 'address=rue', 'postcode=cp']).candidates).toMatchObject([
			{
				number: 2,
				facts: {
					category: 'creche',
					name: 'Crèche Rouge',
					address: '1 rue A',
					postcode: '04400',
					position: { lon: -1.5536, lat: 47.2184 }
				}
			}
		]);
	});

	it.each([
		['without a name', point(-1.5, 47.2), { nom: ' ', rue: 'x', ville: 'y' }, 'it has no name'],
		['without a place', null, { nom: 'A', rue: 'x', ville: 'y' }, 'it has no coordinates'],
		['at 0, 0', point(0, 0), { nom: 'A', rue: 'x', ville: 'y' }, 'they are unknown'],
		['in Lambert-93', point(355_577.6, 6_689_723.1), { nom: 'A', rue: 'x', ville: 'y' }, 'Lambert-93 (EPSG:2154)'],
		['with latitude first', point(47.2, -1.5), { nom: 'A', rue: 'x', ville: 'y' }, 'swapped'],
		['that is a surface', { type: 'Polygon', coordinates: [] }, { nom: 'A', rue: 'x', ville: 'y' }, 'its geometry is a Polygon'],
		['of a legend', point(-1.5, 47.2), { nom: 'ANETZ', rue: '', ville: null }, 'a line of a legend']
	])('%s is refused with the reason', (_what, geometry, properties, reason) => {
		const { candidates: taken, refused } = candidates(collection([geometry, properties]), [
			'name=nom',
			'address=rue',
			'city=ville'
		]);
		expect(taken).toEqual([]);
		expect(refused).toEqual([{ number: 1, name: properties.nom.trim(), reason: expect.stringContaining(reason) }]);
	});

	it('takes its coordinates from a pair as portals write them', () => {
		const text = 'nom;ou\nA;47.21, -1.55\nB;47,21 -1,55\n';
		const { candidates: taken } = candidates(text, ['name=nom', 'position=ou']);
		expect(taken.map(({ facts }) => facts['position'])).toEqual([
			{ lon: -1.55, lat: 47.21 },
			{ lon: -1.55, lat: 47.21 }
		]);
	});

	it('keeps its identity when case, accents and spaces change, and not when the address does', () => {
		const ids = (text: string) => candidates(text, ['name=nom', 'address=rue']).candidates.map(({ sourceId }) => sourceId);
		const [first] = ids('nom;rue;lat;lon\nCrèche Été;1 rue A;47;-1\n');
		expect(ids('nom;rue;lat;lon\nCRECHE  ETE;1 RUE A;47.1;-1.1\n')).toEqual([first]);
		expect(ids('nom;rue;lat;lon\nCrèche Été;2 rue A;47;-1\n')).not.toEqual([first]);
	});

	it('is refused when another has the same identity, which --id can tell apart', () => {
		const text = 'nom;type;lat;lon\nPetit Prince;MA;47;-1\nPetit Prince;HG;47;-1\n';
		expect(candidates(text, ['name=nom']).refused).toEqual([
			{ number: 3, name: 'Petit Prince', reason: 'row 2 has the same name and address: --id names columns that tell them apart' }
		]);
		const told = candidates(text, ['name=nom'], { idColumns: ['nom', 'type'] });
		expect(told.candidates.map(({ sourceId }) => sourceId)).toEqual(['Petit Prince|MA', 'Petit Prince|HG']);
	});

	it('is taken without a cell that makes no sense, and that is said', () => {
		const { candidates: taken, remarks } = candidates('nom;h;lat;lon\nA;lundi 9h-12h;47;-1\n', ['name=nom', 'opening_hours=h']);
		expect(taken[0]?.facts).not.toHaveProperty('opening_hours');
		expect(remarks).toEqual([{ number: 2, name: 'A', reason: expect.stringContaining('(meant: Mo 09:00-12:00?)') }]);
	});
});

describe('a cell', () => {
	it.each([
		['opening_hours', 'Mo-Fr 9:00-12:00', 'Mo-Fr 09:00-12:00'],
		['phone', '02 40 41 90 00', '02 40 41 90 00'],
		['phone', 240419000, '0240419000'],
		['website', 'www.exemple.fr/a', 'https://www.exemple.fr/a'],
		['wheelchair', 'Oui', 'yes'],
		['wheelchair', false, 'no'],
		['cost', 'gratuit', 'free'],
		['audience', 'children; families', ['children', 'families']],
		['starts_on', '1/9/2026', '2026-09-01'],
		['extra.places', '12', 12],
		['extra.bio', 'non', false]
	])('of %s, %j is read as %j', (fact, cell, value) => {
		const label = { fr: '', en: '' };
		const extra = fact === 'extra.places' ? { label, type: 'integer' as const } : { label, type: 'boolean' as const };
		expect(readValue(fact, cell, extra)).toEqual({ value });
	});

	it.each([
		['phone', '02 40 41 90 00 / 06 00 00 00 00'],
		['email', 'contact.exemple.fr'],
		['website', 'javascript:alert(1)'],
		['wheelchair', 'peut-être'],
		['starts_on', 'septembre']
	])('of %s, %j is a problem', (fact, cell) => {
		expect(readValue(fact, cell, undefined)).toEqual({ problem: expect.stringContaining(cell) });
	});

	it('that is empty is no value', () => {
		expect(readValue('phone', null, undefined)).toBeNull();
		expect(readValue('name', '  ', undefined)).toBeNull();
	});
});

describe('areas of a file', () => {
	const square = {
		type: 'Polygon',
		coordinates: [
			[
				[-1.6, 47.2],
				[-1.5, 47.2],
				[-1.5, 47.3],
				[-1.6, 47.2]
			]
		]
	};
	const known = [{ slug: 'nantes', name: 'Nantes', level: 'commune' as const }];
	const areas = (text: string) =>
		toAreas(readTable(bytes(text)), { level: 'quartier', nameField: 'nom', parentField: 'libcom', codeField: 'code', known });

	it('of one name in two communes have two slugs, and nest where the commune is known', () => {
		const { areas: taken, orphans } = areas(
			collection(
				[square, { nom: 'Nord', libcom: 'Nantes', code: 440_109.0 }],
				[square, { nom: 'Nord', libcom: 'Rezé', code: null }]
			)
		);
		expect(taken).toMatchObject([
			{ slug: 'nantes-nord', parent: 'nantes', code: '440109' },
			{ slug: 'reze-nord', parent: null, code: null }
		]);
		expect(orphans).toEqual(['Rezé']);
	});

	it.each([
		['without an outline', null, 'it has no geometry'],
		['that are points', point(-1.5, 47.2), 'its geometry is a Point, not a polygon'],
		['in metres', { type: 'Polygon', coordinates: [[[355_577, 6_689_723]]] }, 'not in degrees']
	])('%s are refused', (_what, geometry, reason) => {
		const { areas: taken, refused } = areas(collection([geometry, { nom: 'Bourg', libcom: 'Nantes', code: 1 }]));
		expect(taken).toEqual([]);
		expect(refused).toEqual([{ number: 1, name: 'Bourg', reason: expect.stringContaining(reason) }]);
	});

	it('twice in a file are taken once', () => {
		const twice = collection(
			[square, { nom: 'Nord', libcom: 'Nantes', code: 1 }],
			[square, { nom: 'NORD', libcom: 'Nantes', code: 2 }]
		);
		expect(areas(twice).refused).toEqual([{ number: 2, name: 'NORD', reason: 'row 1 has the same name in Nantes' }]);
	});

	it('need the columns that were named', () => {
		expect(() => areas(collection([square, { name: 'Nord' }]))).toThrow('There is no column "nom". Columns: name.');
	});
});
