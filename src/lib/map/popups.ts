import { Popup } from 'maplibre-gl';
import type { Map as MapLibre, MapGeoJSONFeature } from 'maplibre-gl';
import { m } from '$lib/paraglide/messages';

interface Answers {
	select: (id: string) => void;
	/** The place under the pointer, or none. */
	point: (id: string | null) => void;
	/** Pages open beside this one, which is part of another's. */
	newTab: boolean;
}

/** A cluster comes nearer; a place says its name and leads to its page. */
export function openOnClick(map: MapLibre, { select, point: pointAt, newTab }: Answers): void {
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
		select(id);
	});
	for (const layer of ['place-points', 'place-clusters']) {
		map.on('mousemove', layer, ({ features }) => {
			map.getCanvas().style.cursor = 'pointer';
			const id = features?.[0]?.properties['id'] as string | undefined;
			pointAt(id ?? null);
		});
		map.on('mouseleave', layer, () => {
			map.getCanvas().style.cursor = '';
			pointAt(null);
		});
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
