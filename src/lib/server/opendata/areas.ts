import type { FeatureCollection } from 'geojson';
import type { View } from '../published/view.ts';

/** The territory's areas as polygons, large ones first so that a map draws the small ones above. */
export function areasCollection(view: View): FeatureCollection {
	const depth = (slug: string) => view.reference.ancestors(slug).length;
	const areas = [...view.reference.areas].sort((a, b) => depth(a.slug) - depth(b.slug));
	return {
		type: 'FeatureCollection',
		features: areas.map(({ slug, name, level, parent, geometry, bbox, point }) => ({
			type: 'Feature',
			id: slug,
			bbox,
			geometry,
			properties: { slug, name, level, parent, point: [point.lon, point.lat] }
		}))
	};
}
