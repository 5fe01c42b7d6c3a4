import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { GeoJSONVTFeature, GeoJSONVTTile } from '@maplibre/geojson-vt';
import type { Place } from '../../src/lib/domain/place.ts';
import { project } from '../../src/lib/geo/tile.ts';

const [extent, buffer, cells] = [4096, 64, 8];

interface Standing {
	place: Place;
	x: number;
	y: number;
}

/** The obvious, slow way to draw a tile of these places, encoded by the trade's library; shares no code with the other. */
export function naiveTile(places: Place[], [z, x, y]: [number, number, number]): Uint8Array {
	const count = 2 ** z;
	const standing = places.map((place): Standing => {
		const { x: east, y: south } = project(place.position.lon, place.position.lat);
		const parts = (share: number) => Math.floor(share * 2 ** 32);
		return { place, x: parts(east), y: parts(south) };
	});
	const inTile = (position: number, corner: number) => Math.floor((position / 2 ** 32) * count * extent) - corner * extent;
	const features = (z >= 14 ? standing.sort(byId).map((one) => [one]) : byCell(standing, count * cells)).flatMap((group) => {
		const mean = (pick: (one: Standing) => number) => group.reduce((sum, one) => sum + pick(one), 0) / group.length;
		const at: [number, number] = [
			inTile(
				mean((one) => one.x),
				x
			),
			inTile(
				mean((one) => one.y),
				y
			)
		];
		const isNear = at.every((part) => part >= -buffer && part < extent + buffer);
		return isNear
			? [{ type: 1, geometry: [at], tags: group.length === 1 ? one(group[0]!) : many(group) } as GeoJSONVTFeature]
			: [];
	});
	if (features.length === 0) return new Uint8Array(0);
	return fromGeojsonVt({ places: { features } as unknown as GeoJSONVTTile }, { version: 2, extent });
}

const byId = (a: Standing, b: Standing) => (a.place.id < b.place.id ? -1 : 1);

/** Row by row. */
function byCell(standing: Standing[], side: number): Standing[][] {
	const cellOf = ({ x, y }: Standing) => {
		const [column, row] = [x, y].map((part) => Math.floor((part / 2 ** 32) * side)) as [number, number];
		return row * side + column;
	};
	return [...Map.groupBy(standing, cellOf)].sort(([a], [b]) => a - b).map(([, group]) => group);
}

const one = ({ place: { id, facts, kind, category, theme } }: Standing) => ({ id, name: facts.name, kind, category, theme });

function many(group: Standing[]) {
	const themes = [...Map.groupBy(group, ({ place }) => place.theme)].sort(([a], [b]) => (a < b ? -1 : 1));
	const counts = Object.fromEntries(themes.map(([theme, { length }]) => [`count_${theme}`, length]));
	const only = themes.length === 1 ? { theme: themes[0]![0] } : {};
	return { cluster: true, point_count: group.length, ...only, ...counts };
}
