import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { describe, expect, it } from 'vitest';
import { archiveLayersStyle } from '../../src/lib/map/style/archive.ts';
import type { Archive } from '../../src/lib/map/style/archive.ts';
import { attributed } from '../../src/lib/map/style/attribution.ts';

const areas = { type: 'FeatureCollection', features: [] } as const;
const archive: Archive = {
	tiles: 'pmtiles://https://carte.example/basemap/base.pmtiles/{z}/{x}/{y}',
	raster: false,
	minzoom: 0,
	maxzoom: 14,
	bounds: [-1.65, 47.17, -1.46, 47.3],
	attribution: '© OpenStreetMap contributors',
	layers: []
};
const openMapTiles = ['water', 'waterway', 'landcover', 'landuse', 'transportation', 'building', 'boundary', 'place'];
const protomaps = ['earth', 'water', 'landuse', 'roads', 'buildings', 'boundaries', 'places'];

describe.each(['light', 'dark'] as const)('the map of a PMTiles archive, %s', (scheme) => {
	const drawn = (given: Partial<Archive>) =>
		archiveLayersStyle({ ...archive, ...given }, { scheme, areas: { ...areas, features: [] } });

	it.each([
		['OpenMapTiles', openMapTiles, 'transportation'],
		['Protomaps', protomaps, 'roads']
	])('draws the roads of %s by class, water, green and buildings, quartiers on top', (_name, layers, roads) => {
		const style = drawn({ layers });
		expect(style && validateStyleMin(style).map(({ message }) => message)).toEqual([]);
		const sourceLayers = style?.layers.map((layer) => ('source-layer' in layer ? layer['source-layer'] : undefined)) ?? [];
		expect(sourceLayers).toEqual(expect.arrayContaining([roads, 'water', 'landuse']));
		expect(style?.layers.map(({ id }) => id)).toEqual(
			expect.arrayContaining(['road-ring', 'road-main', 'road-minor', 'building'])
		);
		expect(style?.layers.at(-1)?.id).toBe('quartier-name');
		expect(style?.sources['base']).toMatchObject({ type: 'vector', attribution: '© OpenStreetMap contributors' });
	});

	it('draws pictures as they are', () => {
		const style = drawn({ raster: true });
		expect(style && validateStyleMin(style).map(({ message }) => message)).toEqual([]);
		expect(style?.layers.find(({ id }) => id === 'picture')?.type).toBe('raster');
	});

	it('leaves vectors of an unknown schema to the built-in map', () => {
		expect(drawn({ layers: ['bananas'] })).toBeNull();
	});
});

it('names IGN on its map when its style forgets to', () => {
	const source = { type: 'vector' as const, tiles: ['https://data.geopf.fr/tms/{z}/{x}/{y}.pbf'] };
	const style = { version: 8 as const, sources: { plan: source }, layers: [] };
	const url = 'https://data.geopf.fr/annexes/style.json';
	expect(attributed(style, url).sources['plan']).toHaveProperty('attribution', expect.stringContaining('© IGN'));
	expect(attributed(style, 'https://example.org/style.json')).toBe(style);
});
