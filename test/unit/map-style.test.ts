import { readFileSync } from 'node:fs';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import * as turf from '@turf/turf';
import { describe, expect, it } from 'vitest';
import { palette } from '../../src/lib/domain/palette.ts';
import { pictogram, pictogramDrawing } from '../../src/lib/map/pictograms.ts';
import { builtinStyle } from '../../src/lib/map/style.ts';
import { mapColours } from '../../src/lib/map/style/colours.ts';
import type { MapAreas } from '../../src/lib/map/style/name-points.ts';
import { namePoints } from '../../src/lib/map/style/name-points.ts';

function read<T>(path: string): T {
	return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as T;
}

const areas = read<MapAreas>('supabase/seed/demo/areas.geojson');
const origin = 'https://carte.example';
const schemes = ['light', 'dark'] as const;

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
		const value = parseInt(colour.slice(start, start + 2), 16) / 255;
		return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
	const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (light + 0.05) / (dark + 0.05);
}

describe.each(schemes)('the built-in map, %s', (scheme) => {
	it.each([null, '/basemap/nantes.geojson'])('is a style that MapLibre accepts, with the base map %s', (basemap) => {
		const style = builtinStyle({ scheme, origin, areas, basemap });
		expect(validateStyleMin(style).map((problem) => problem.message)).toEqual([]);
		expect(new Set(style.layers.map((layer) => layer.id)).size).toBe(style.layers.length);
	});

	it('asks nobody but our own server, and no glyph file of anyone', () => {
		const style = builtinStyle({ scheme, origin, areas, basemap: '/basemap/nantes.geojson' });
		expect(style).not.toHaveProperty('glyphs');
		expect(style).not.toHaveProperty('sprite');
		const addresses = JSON.stringify(style).match(/https?:[^"]+/g) ?? [];
		expect(addresses).toEqual([`${origin}/basemap/nantes.geojson`]);
	});

	it('writes names that can be read on what lies under them', () => {
		const colours = mapColours[scheme];
		const pairs = [
			[colours.quartierName, colours.ground],
			[colours.streetName, colours.ground],
			[colours.waterName, colours.water],
			[colours.parkName, colours.park]
		] as const;
		for (const [text, ground] of pairs) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
		expect(contrast(colours.townName, colours.outside)).toBeGreaterThanOrEqual(3);
	});

	it('keeps every theme apart from the ground, the water and the parks', () => {
		const { ground, water, park } = mapColours[scheme];
		for (const hue of Object.values(palette))
			for (const under of [ground, water, park]) expect(contrast(hue[scheme], under)).toBeGreaterThanOrEqual(3);
	});
});

describe('names of areas', () => {
	it('stand once each, inside their area', () => {
		const points = namePoints(areas).features;
		expect(points).toHaveLength(areas.features.length);
		points.forEach((point, index) => {
			expect(turf.booleanPointInPolygon(point, areas.features[index]!)).toBe(true);
		});
	});

	it('stand inside also when an area is in two pieces or bends around another', () => {
		const square = (west: number, size: number) => [
			[west, 0],
			[west + size, 0],
			[west + size, size],
			[west, size],
			[west, 0]
		];
		const horseshoe = [
			[0, 0],
			[6, 0],
			[6, 6],
			[5, 6],
			[5, 0.2],
			[1, 0.2],
			[1, 6],
			[0, 6],
			[0, 0]
		];
		const odd = turf.featureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, { name: string; level: string }>([
			turf.multiPolygon([[square(0, 1)], [square(5, 3)]], { name: 'Deux îles', level: 'quartier' }),
			turf.polygon([horseshoe], { name: 'Le Coude', level: 'quartier' })
		]);
		namePoints(odd).features.forEach((point, index) => {
			expect(turf.booleanPointInPolygon(point, odd.features[index]!)).toBe(true);
		});
	});
});

describe('pictograms', () => {
	it('has a drawing for each one that the taxonomy names', () => {
		const { themes, categories } = read<Record<'themes' | 'categories', { pictogram: string }[]>>('supabase/seed/taxonomy.json');
		const marker = pictogramDrawing('maki:marker');
		const missing = [...themes, ...categories].filter((row) => pictogramDrawing(row.pictogram) === marker);
		expect(missing).toEqual([]);
	});

	it('falls back on a marker, and puts nothing of an unknown name into the page', () => {
		const plain = pictogram('maki:marker');
		expect(pictogram('maki:"><script>')).toBe(plain);
		expect(pictogram('constructor')).toBe(plain);
		expect(plain).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 15 15"/);
	});
});
