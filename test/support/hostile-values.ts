import fc from 'fast-check';

/** What there is to be named in addresses. */
export interface Known {
	ids: string[];
	photos: string[];
	themes: string[];
	categories: string[];
	areas: string[];
	organisations: string[];
	datasets: string[];
}

/** What means nothing anywhere, ready for an address. */
export const strange = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 40 }).map(encode),
	fc.string({ unit: 'binary', maxLength: 20 }).map(encode),
	fc.constantFrom(
		'',
		'%',
		'%00',
		'%ff',
		'..',
		'../..',
		'..%2f..%2f..%2fetc%2fpasswd',
		'%2e%2e%2fsupabase.json',
		'__proto__',
		'constructor'
	),
	fc
		.constantFrom('null', '-0', '1e400', 'NaN', '99999999999999999999', "'; drop table places; --", '<script>', '%F0%9F%98%80')
		.map((text) => text.replaceAll(' ', '+').replaceAll('<', '%3C').replaceAll('>', '%3E'))
);

/** Lone surrogates have no bytes: they come as what a browser makes of them. */
export function encode(text: string): string {
	return encodeURIComponent(text.toWellFormed());
}

export const number = fc.oneof(
	fc.integer().map(String),
	fc.integer({ min: -3, max: 25 }).map(String),
	fc.double().map((value) => encode(String(value)))
);
const numbers = (length: number) => fc.array(number, { minLength: length - 1, maxLength: length + 1 }).map(String);
const box = fc.constantFrom('-1.6,47.19,-1.53,47.23', '179,-10,-179,10', '-180,-90,180,90', '1,1,0,0');
const filter = fc.constantFrom(
	encode(`${'('.repeat(1300)}name='x'${')'.repeat(1300)}`),
	encode(
		Array.from({ length: 130 }, (_, i) => `name LIKE '%a%b%${i}%'`)
			.join(' OR ')
			.slice(0, 3900)
	),
	encode(
		Array.from({ length: 60 }, (_, i) => `S_INTERSECTS(geometry,POLYGON((0 0,${i} 1,1 ${i},0 0)))`)
			.join(' AND ')
			.slice(0, 4000)
	),
	encode("NOT (CASEI(name) LIKE CASEI('%é%') AND updated_at > TIMESTAMP('2026-01-01T00:00:00Z'))"),
	encode("name = 'x' AND"),
	encode('{"op":"and","args":[]}')
);

/** Values of parameters that mean something somewhere, by name. */
export function meant(known: Known): Record<string, fc.Arbitrary<string>> {
	const of = (values: string[]) => fc.constantFrom(...values, 'rien').map(encode);
	const day = fc
		.constantFrom('now', '2026-11-22', '2026-02-30', '2026-11-22T10:30', '1900-01-01', '9999-12-31T23:59')
		.map(encode);
	return {
		...{ q: fc.constantFrom('repair cafe', 'crèche', 'a', 'a*(b"', '"'.repeat(80), 'é'.repeat(200)).map(encode) },
		...{ theme: of(known.themes), category: of(known.categories), area: of(known.areas), organisation: of(known.organisations) },
		...{
			steward: of(known.organisations),
			dataset: of(known.datasets),
			language: of(['fr', 'fsl']),
			lang: of(['fr', 'en', 'de'])
		},
		...{ kind: of(['service', 'initiative']), wheelchair: of(['yes', 'limited']), cost: of(['free']), audience: of(['seniors']) },
		...{ near: fc.oneof(fc.constant('-1.55,47.21'), numbers(2)), bbox: fc.oneof(box, numbers(4)), z: number, page: number },
		...{
			open: day,
			checked: day,
			as_of: day,
			datetime: day,
			since: number,
			limit: number,
			offset: number,
			lon: number,
			lat: number
		},
		...{
			excel: of(['fr']),
			f: of(['json', 'html']),
			filter,
			'filter-lang': of(['cql2-text', 'cql2-json']),
			crs: of(['http://www.opengis.net/def/crs/EPSG/0/2154'])
		},
		...{
			'bbox-crs': of(['http://www.opengis.net/def/crs/EPSG/0/2154']),
			name: of(['Le Repair Café']),
			place: of(known.ids),
			done: of(['saved'])
		}
	};
}
