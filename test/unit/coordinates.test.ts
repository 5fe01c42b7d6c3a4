import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCoordinates } from '../../src/lib/domain/coordinates.ts';
import { parsePosition } from '../../src/lib/domain/fact-parse.ts';

const nantes = { lat: 47.2184, lon: -1.5536 };

it.each([
	'47.2184, -1.5536',
	'47.2184 -1.5536',
	'(47.2184, -1.5536)',
	'47,2184 ; -1,5536',
	'47,2184, -1,5536',
	'47.2184° -1.5536°',
	'geo:47.2184,-1.5536',
	'geo:47.2184,-1.5536;u=35?z=17',
	'https://www.openstreetmap.org/?mlat=47.2184&mlon=-1.5536#map=17/47.1/-1.4',
	'https://www.openstreetmap.org/#map=17/47.2184/-1.5536',
	'https://www.openstreetmap.org/node/123#map=17.5/47.2184/-1.5536',
	'https://www.google.com/maps/@47.2184,-1.5536,17z',
	'https://www.google.fr/maps/place/Mairie/@47.1,-1.4,17z/data=!3m1!4b1!4m5!3m4!1s0x0!8m2!3d47.2184!4d-1.5536',
	'https://maps.google.com/?q=47.2184,-1.5536',
	'https://www.google.com/maps/search/?api=1&query=47.2184%2C-1.5536',
	'https://maps.apple.com/?ll=47.2184,-1.5536&q=Mairie',
	'https://carte.example/?near=-1.5536,47.2184&z=16'
])('%s is a position', (text) => {
	expect(parseCoordinates(text)).toEqual(nantes);
});

it.each([
	['47°13\'06.24"N 1°33\'12.96"W', nantes],
	['47° 13′ 06,24″ N, 1° 33′ 12,96″ O', nantes],
	["N 47°13.104' W 1°33.216'", nantes],
	['47.2184°N 1.5536°W', nantes],
	["12°30'S 45°15'E", { lat: -12.5, lon: 45.25 }]
])('%s, in degrees of a compass, is a position', (text, expected) => {
	const found = parseCoordinates(text);
	expect(found?.lat).toBeCloseTo(expected.lat, 5);
	expect(found?.lon).toBeCloseTo(expected.lon, 5);
});

it.each([
	'',
	'47,2184',
	'47',
	'rue de la Paix',
	'3 rue de Strasbourg 44000',
	'95.1, 12',
	'47.2, 200.5',
	"47°70'N 1°0'W",
	'https://example.org/',
	'geo:'
])('%j is none', (text) => {
	expect(parseCoordinates(text)).toBeNull();
});

it('throws at nothing, and gives no point outside the earth', () => {
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.webUrl({ withFragments: true, withQueryParameters: true })), (text) => {
			const found = parseCoordinates(text);
			if (found) expect(Math.abs(found.lat) <= 90 && Math.abs(found.lon) <= 180).toBe(true);
		})
	);
});

it('any of them may be pasted into either field of a form', () => {
	const pasted = '47°13\'06.24"N 1°33\'12.96"W';
	expect(parsePosition(pasted, '')).toMatchObject({ ok: true, value: { lat: expect.closeTo(47.2184, 5) } });
	expect(parsePosition('', 'geo:47.2184,-1.5536')).toEqual({ ok: true, value: nantes });
	expect(parsePosition('47,2184', '-1,5536')).toEqual({ ok: true, value: nantes });
});
