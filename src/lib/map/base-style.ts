import fontUrl from '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2?url';
import type { StyleSpecification } from 'maplibre-gl';
import { builtinStyle } from './style';
import type { MapAreas } from './style/name-points';
import type { Basemap, Scheme } from './view';

/** How long another's style may take before ours is drawn instead. */
const patienceMs = 4000;

/** Names of the places are written in the typeface of the page, whatever letters the base map brings. */
const typeface = { 'font-faces': { 'Atkinson Hyperlegible Next Variable': fontUrl } };

const kept = new Map<string, Promise<unknown>>();

/** A file asked for once in the life of the page; a failure is not kept. */
function fetchOnce<T>(url: string): Promise<T> {
	const asked =
		kept.get(url) ??
		fetch(url, { signal: AbortSignal.timeout(patienceMs) }).then((response) => {
			if (!response.ok) throw new Error(`${url} answered ${response.status}`);
			return response.json();
		});
	kept.set(url, asked);
	asked.catch(() => kept.delete(url));
	return asked as Promise<T>;
}

/**
 * The ground under the places: the configured style when it answers and the page is light (others' maps know no dark), else the built-in
 * one; without its areas, plain paper.
 */
export async function baseStyle(scheme: Scheme, { style, drawn }: Basemap): Promise<StyleSpecification> {
	if (style && scheme === 'light') {
		const other = await fetchOnce<StyleSpecification>(style).catch(() => null);
		if (other) return { ...other, ...typeface };
	}
	const none: MapAreas = { type: 'FeatureCollection', features: [] };
	const areas = await fetchOnce<MapAreas>('/basemap/areas.geojson').catch(() => none);
	return { ...builtinStyle({ scheme, origin: location.origin, areas, basemap: drawn }), ...typeface };
}
