import { AttributionControl, GeolocateControl, NavigationControl, ScaleControl } from 'maplibre-gl';
import { m } from '$lib/paraglide/messages';
import type { Map as MapLibre } from 'maplibre-gl';

/**
 * Zoom, position, scale and sources. The map never turns, so there is no compass. Whose map it is stands at the top, because the foot of a tall map
 * is out of sight until the page scrolls.
 */
export function addControls(map: MapLibre): void {
	map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
	map.addControl(new GeolocateControl({ positionOptions: { timeout: 15_000 }, showUserLocation: true }), 'top-right');
	// MapLibre names this button only once the browser has said whether it may locate; until then it would be a button without a name.
	map.getContainer().querySelector('.maplibregl-ctrl-geolocate')?.setAttribute('aria-label', m.map_locate());
	map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
	map.addControl(new AttributionControl({ compact: true }), 'top-left');
	map.dragRotate.disable();
	map.keyboard.disableRotation();
}
