import type { Place } from '../../src/lib/domain/place.ts';
import { seeded } from './random.ts';
import { syntheticPlace, syntheticReference } from './synthetic.ts';

/** Texts that break files. */
const texts = [
	'line\nbreak',
	'carriage\r\nreturn',
	'tab\there',
	'"quoted", and; separated | piped',
	"l’apostrophe d'ici",
	"=cmd|' /C calc'!A0",
	'@SUM(1+1)',
	'-2+3',
	'+33 2 40 00 00 00',
	'01000',
	'007',
	'1e5',
	'TRUE',
	'null',
	'2026-11-21',
	'<b>&amp;</b> ]]>',
	'👩🏽‍🔬 🇫🇷 é ﷽ 漢字',
	'\u200bzero\u00a0width ',
	' blanks around ',
	'%PDF {{x}} ${y} \\n',
	'_x0041_ of a spreadsheet',
	'x'.repeat(40_000)
];

const positions = [
	{ lon: 0, lat: 0 },
	{ lon: -0.0000001, lat: 0.5 },
	{ lon: -179.9999999, lat: -89.5 },
	{ lon: 180, lat: 90 },
	{ lon: 2.3333333, lat: -48.8566667 }
];

/** As many kinds of trouble as there are texts, bare ones and ones at odd places, ascending by id. */
export function nastyPlaces(): { rows: ReturnType<typeof syntheticReference>; places: Place[] } {
	const rows = syntheticReference();
	const random = seeded(77);
	const make = () => syntheticPlace(random, rows);
	const places = [
		...texts.map((text): Place => {
			const place = make();
			const offer = { id: place.id, name: text, summary: text, category: null, audience: ['everyone'], cost: null } as const;
			return {
				...place,
				facts: { ...place.facts, name: text.slice(0, 200), summary: text, description: text, address: text, city: text },
				extra: { note: text, open: true, count: -3, words: [text] },
				offers: [
					{
						...offer,
						audience: ['everyone'],
						booking: null,
						opening_hours: null,
						closures: [{ from: '2026-01-01', to: '2026-01-02', reason: text }],
						assurances: {}
					}
				]
			};
		}),
		...positions.map((position): Place => ({ ...make(), position })),
		...Array.from({ length: 10 }, () => bare(make())),
		...Array.from({ length: 10 }, (_, i): Place => {
			const place = make();
			const dates = { starts_on: `18${90 + i}-03-0${1 + (i % 9)}`, ends_on: '2027-12-31' };
			const photo = { id: place.id, alt: texts[i]!, licence: i % 2 ? 'CC-BY-4.0' : null, width: 10, height: 10 };
			return { ...place, updatedAt: `2026-03-29T01:5${i}:59.12${i}Z`, facts: { ...place.facts, ...dates, photos: [photo] } };
		}),
		...Array.from({ length: 13 }, make)
	];
	return { rows, places: places.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Nothing but what must be there. */
function bare(place: Place): Place {
	const { name, precision } = place.facts;
	const nothing = Object.fromEntries(
		Object.entries(place.facts).map(([fact, value]) => [fact, Array.isArray(value) ? [] : null])
	);
	const facts = { ...nothing, name, precision } as unknown as Place['facts'];
	return { ...place, area: null, steward: null, facts, extra: {}, offers: [], assurances: {} };
}
