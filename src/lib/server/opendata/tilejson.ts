import { layerName, maxTileZoom } from '../published/tiles.ts';
import type { View } from '../published/view.ts';

/** TileJSON 3.0.0 of the places. https://github.com/mapbox/tilejson-spec/tree/master/3.0.0 */
export function tileJson(view: View, origin: string) {
	const { territory, ring, licence } = view.settings;
	const [west, south, east, north] = territory.bbox;
	const latitudes = ring.metres / 111_320;
	const longitudes = latitudes / Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180);
	const { lon, lat } = territory.center;
	return {
		tilejson: '3.0.0',
		name: territory.name,
		attribution: `${territory.name} (${licence.id})`,
		scheme: 'xyz',
		tiles: [`${origin}/tiles/places/{z}/{x}/{y}.mvt`],
		minzoom: 0,
		maxzoom: maxTileZoom,
		bounds: [west - longitudes, south - latitudes, east + longitudes, north + latitudes],
		center: [lon, lat, Math.min(maxTileZoom, Math.round(territory.zoom))],
		vector_layers: [
			{
				id: layerName,
				description: 'Places; below zoom 14 those close to one another are one cluster',
				minzoom: 0,
				maxzoom: maxTileZoom,
				fields: {
					id: 'String: uuid',
					name: 'String',
					kind: 'String: service or initiative',
					category: 'String: slug',
					theme: 'String: slug; of a cluster only when its places share it',
					cluster: 'Boolean: true for a cluster',
					point_count: 'Number of places in a cluster'
				}
			}
		]
	};
}
