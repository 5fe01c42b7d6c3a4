import href from 'maplibre-gl/dist/maplibre-gl.css?url';

let loading: Promise<void> | undefined;

/**
 * MapLibre's own styles, asked for when a map is made: imported they would stand in the head of every page with a map, and hold up the
 * words that come before it. Without them the map still works, its buttons being plain.
 */
export function loadMapStyles(): Promise<void> {
	return (loading ??= new Promise((resolve) => {
		const link = document.createElement('link');
		link.rel = 'stylesheet';
		link.href = href;
		link.onload = link.onerror = () => resolve();
		document.head.append(link);
	}));
}
