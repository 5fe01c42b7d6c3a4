import { Popup } from 'maplibre-gl';
import type { Map as MapLibre, MapGeoJSONFeature } from 'maplibre-gl';
import { m } from '$lib/paraglide/messages';

/** A cluster comes nearer; a place says its name and leads to its page, beside this one where that is part of another's. */
export function openOnClick(map: MapLibre, onselect: (id: string) => void, newTab = false): void {
	map.on('click', ({ point, lngLat }) => {
		const thumb = 8;
		const box: [[number, number], [number, number]] = [
			[point.x - thumb, point.y - thumb],
			[point.x + thumb, point.y + thumb]
		];
		const layers = ['place-points', 'place-clusters'].filter((id) => map.getLayer(id));
		const [feature] = map.queryRenderedFeatures(box, { layers });
		if (!feature) return;
		const at = positionOf(feature) ?? [lngLat.lng, lngLat.lat];
		if (feature.properties['point_count']) {
			map.easeTo({ center: at, zoom: Math.min(map.getZoom() + 2, 17) });
			return;
		}
		const id = String(feature.properties['id']);
		new Popup({ offset: 20, maxWidth: '18rem' })
			.setLngLat(at)
			.setDOMContent(content(id, feature, newTab))
			.addTo(map);
		onselect(id);
	});
	for (const layer of ['place-points', 'place-clusters']) {
		map.on('mouseenter', layer, () => (map.getCanvas().style.cursor = 'pointer'));
		map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''));
	}
}

function positionOf({ geometry }: MapGeoJSONFeature): [number, number] | null {
	if (geometry.type !== 'Point') return null;
	const [lon, lat] = geometry.coordinates;
	return lon === undefined || lat === undefined ? null : [lon, lat];
}

function content(id: string, { properties }: MapGeoJSONFeature, newTab: boolean): HTMLElement {
	const element = document.createElement('div');
	const name = document.createElement('strong');
	name.textContent = String(properties['name'] ?? '');
	const link = document.createElement('a');
	link.href = `/places/${encodeURIComponent(id)}`;
	link.textContent = newTab ? `${m.map_see_place()} ${m.embed_new_tab()}` : m.map_see_place();
	if (newTab) Object.assign(link, { target: '_blank', rel: 'noopener' });
	element.append(name, document.createElement('br'), link);
	return element;
}
