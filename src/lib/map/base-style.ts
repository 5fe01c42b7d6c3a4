import fontUrl from '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2?url';
import type { StyleSpecification } from 'maplibre-gl';
import { builtinStyle } from './style';
import { attributed } from './style/attribution';
import type { MapAreas } from './style/name-points';
import type { Basemap, Scheme } from './view';

/** How long another's style may take before ours is kept for good. */
const patienceMs = 8000;

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

/** A ground under the places; `foreign` when it isn't the built-in one. */
export interface Ground {
	style: StyleSpecification;
	foreign: boolean;
}

/**
 * The grounds under the places, each to be drawn in place of the one before: the built-in style at once (without its areas, plain paper), then
 * what is configured, when it answers: the town's own archive of tiles, or another's style, which is for light pages only (others' maps know no
 * dark).
 */
export async function* grounds(scheme: Scheme, basemap: Basemap): AsyncGenerator<Ground> {
	const none: MapAreas = { type: 'FeatureCollection', features: [] };
	const areas = fetchOnce<MapAreas>('/basemap/areas.geojson').catch(() => none);
	// Asked at the same time, drawn after.
	const asked = configured(scheme, basemap, areas).catch(() => null);
	const own = builtinStyle({ scheme, origin: location.origin, areas: await areas, basemap: basemap.drawn });
	yield { style: { ...own, ...typeface }, foreign: false };
	const style = await asked;
	if (style) yield { style: { ...style, ...typeface }, foreign: true };
}

/** The configured ground; null for none. @throws when it does not answer or cannot be read */
async function configured(
	scheme: Scheme,
	{ style, archive }: Basemap,
	areas: Promise<MapAreas>
): Promise<StyleSpecification | null> {
	if (archive) {
		const { archiveStyle } = await import('./archive');
		return archiveStyle({ scheme, url: new URL(archive, location.origin).href, areas: await areas });
	}
	if (!style || scheme === 'dark') return null;
	const other = await fetchOnce<StyleSpecification>(style);
	return other.version === 8 && Array.isArray(other.layers) ? attributed(other, style) : null;
}
