import { Marker } from 'maplibre-gl';
import type { Map as MapLibre } from 'maplibre-gl';
import type { LonLat } from '$lib/domain/place';

/** CSS pixels per press of an arrow key; with Shift one. */
const stride = 10;
const arrows: Record<string, [x: number, y: number]> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1]
};

export interface Pin {
	/** Puts it there, and the map where it can be seen. */
	show(position: LonLat): void;
	remove(): void;
}

/** A point that is dragged, or moved with the arrow keys while it has the focus; `onmove` hears where it was left. */
export function addPin(map: MapLibre, at: LonLat, label: string, onmove: (position: LonLat) => void): Pin {
	const marker = new Marker({ draggable: true, color: '#a8281f' }).setLngLat(at).addTo(map);
	const element = marker.getElement();
	element.tabIndex = 0;
	element.setAttribute('role', 'img');
	element.setAttribute('aria-roledescription', label);
	element.setAttribute('aria-label', label);
	const tell = () => {
		const { lng, lat } = marker.getLngLat();
		onmove({ lon: lng, lat });
	};
	marker.on('dragend', tell);
	element.addEventListener('keydown', (event) => {
		const arrow = arrows[event.key];
		if (!arrow) return;
		// The map would pan by the same key.
		event.preventDefault();
		event.stopPropagation();
		const pixels = event.shiftKey ? 1 : stride;
		const point = map.project(marker.getLngLat());
		marker.setLngLat(map.unproject([point.x + arrow[0] * pixels, point.y + arrow[1] * pixels]));
		tell();
	});
	return {
		show({ lon, lat }) {
			const before = marker.getLngLat();
			if (Math.abs(before.lng - lon) < 1e-6 && Math.abs(before.lat - lat) < 1e-6) return;
			marker.setLngLat([lon, lat]);
			if (!map.getBounds().contains([lon, lat])) map.jumpTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 15) });
		},
		remove: () => marker.remove()
	};
}
