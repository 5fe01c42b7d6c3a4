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

/** A cluster comes nearer; a place says its name and leads to its page. What comes back closes what is open. */
export function openOnClick(map: MapLibre, { select, point: pointAt, newTab }: Answers): () => void {
	let popup: Popup | null = null;
	map.on('click', ({ point, lngLat }) => {
		const thumb = 8;
		const box: [[number, number], [number, number]] = [
			[point.x - thumb, point.y - thumb],
			[point.x + thumb, point.y + thumb]
		];
		const [feature] = map.queryRenderedFeatures(box, { layers: placesOn(map) });
		if (!feature) return;
		const at = positionOf(feature) ?? [lngLat.lng, lngLat.lat];
		if (feature.properties['point_count']) {
			map.easeTo({ center: at, zoom: Math.min(map.getZoom() + 2, 17) });
			return;
		}
		const id = String(feature.properties['id']);
		popup = new Popup({ offset: 20, maxWidth: '18rem' })
			.setLngLat(at)
			.setDOMContent(content(id, feature, newTab))
			.addTo(map);
		select(id);
	});
	pointOnMove(map, pointAt);
	return () => popup?.remove();
}

/**
 * Under a mouse: one look a frame, and none while the map moves. MapLibre's own events of a layer look at each move of the mouse, once per
 * layer and event, which a dragged map of a hundred thousand places has no time for.
 */
function pointOnMove(map: MapLibre, pointAt: Answers['point']): void {
	let frame = 0;
	let shown: string | null = null;
	const show = (feature: MapGeoJSONFeature | undefined) => {
		const id = (feature?.properties['id'] as string | undefined) ?? null;
		map.getCanvas().style.cursor = feature ? 'pointer' : '';
		if (id !== shown) pointAt(id);
		shown = id;
	};
	map.on('mousemove', ({ point }) => {
		cancelAnimationFrame(frame);
		frame = requestAnimationFrame(() => {
			if (!map.isMoving()) show(map.queryRenderedFeatures(point, { layers: placesOn(map) })[0]);
		});
	});
	map.on('mouseout', () => {
		cancelAnimationFrame(frame);
		show(undefined);
	});
	map.on('remove', () => cancelAnimationFrame(frame));
}

/** The layers that a place or a cluster is drawn by, once they are there. */
const placesOn = (map: MapLibre): string[] => ['place-points', 'place-clusters'].filter((id) => map.getLayer(id));

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
