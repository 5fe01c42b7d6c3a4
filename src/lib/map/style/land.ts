import type {
	ExpressionFilterSpecification,
	ExpressionSpecification,
	FilterSpecification,
	LayerSpecification
} from 'maplibre-gl';
import type { MapColours } from './colours.ts';
import { between, growing } from './widths.ts';

const source = 'basemap';
const layerIs = (name: string): ExpressionFilterSpecification => ['==', ['get', 'layer'], name];

export function parkLayers(colours: MapColours): LayerSpecification[] {
	return [
		{
			id: 'park',
			type: 'fill',
			source,
			filter: layerIs('park'),
			paint: { 'fill-color': colours.park, 'fill-outline-color': colours.parkEdge }
		}
	];
}

/** Water with a shaded shore, as an engraver would draw it. */
export function waterLayers(colours: MapColours): LayerSpecification[] {
	return [
		{
			id: 'stream',
			type: 'line',
			source,
			filter: layerIs('stream'),
			layout: { 'line-cap': 'round', 'line-join': 'round' },
			paint: { 'line-color': colours.water, 'line-width': growing(0.8, 2.2, 9) }
		},
		{ id: 'water', type: 'fill', source, filter: layerIs('water'), paint: { 'fill-color': colours.water } },
		{
			id: 'water-depth',
			type: 'line',
			source,
			filter: layerIs('water'),
			layout: { 'line-join': 'round' },
			paint: {
				'line-color': colours.shore,
				'line-opacity': 0.32,
				'line-width': growing(2, 7, 22),
				'line-blur': growing(2, 7, 22),
				'line-offset': growing(1, 3, 10)
			}
		},
		{
			id: 'shore',
			type: 'line',
			source,
			filter: layerIs('water'),
			layout: { 'line-join': 'round' },
			paint: { 'line-color': colours.shore, 'line-width': growing(0.5, 0.9, 1.6) }
		}
	];
}

const street = (name: string): FilterSpecification => ['all', layerIs('street'), ['==', ['get', 'class'], name]];

/** All casings before all fills, so that streets join instead of crossing. */
function streetLayers(colours: MapColours): LayerSpecification[] {
	const classes = [
		{ name: 'minor', casing: colours.streetCasing, fill: colours.street, widths: [0.6, 3, 20], edge: [0.4, 1.4, 3], minzoom: 12 },
		{ name: 'main', casing: colours.mainCasing, fill: colours.main, widths: [1.6, 5.2, 28], edge: [0.8, 1.6, 3], minzoom: 9 },
		{ name: 'ring', casing: colours.ringCasing, fill: colours.ring, widths: [2.6, 7, 34], edge: [1, 1.8, 3], minzoom: 8 }
	] as const;
	const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
	const casings = classes.map(({ name, casing, widths: [a, b, c], edge: [x, y, z], minzoom }): LayerSpecification => {
		const paint = { 'line-color': casing, 'line-width': growing(a + x, b + y, c + z) };
		return { id: `street-${name}-casing`, type: 'line', source, minzoom, filter: street(name), layout, paint };
	});
	const fills = classes.map(({ name, fill, widths: [a, b, c], minzoom }): LayerSpecification => {
		const paint = { 'line-color': fill, 'line-width': growing(a, b, c) };
		return { id: `street-${name}`, type: 'line', source, minzoom, filter: street(name), layout, paint };
	});
	return [...casings, ...fills];
}

/** Streets, the railway with its sleepers, tram lines side by side where they share a street, and their stops. */
export function wayLayers(colours: MapColours): LayerSpecification[] {
	const { tram } = colours;
	const lineColour: ExpressionSpecification = ['match', ['get', 'ref'], '1', tram[1], '2', tram[2], tram[3]];
	const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
	return [
		...streetLayers(colours),
		{
			id: 'rail',
			type: 'line',
			source,
			filter: ['all', layerIs('rail'), ['!', ['has', 'class']]],
			layout: { 'line-join': 'round' },
			paint: { 'line-color': colours.rail, 'line-width': growing(0.9, 1.6, 3) }
		},
		{
			id: 'rail-tunnel',
			type: 'line',
			source,
			minzoom: 13,
			filter: ['all', layerIs('rail'), ['has', 'class']],
			paint: { 'line-color': colours.rail, 'line-opacity': 0.6, 'line-width': growing(0.9, 1.4, 2.4), 'line-dasharray': [2, 4] }
		},
		{
			id: 'rail-sleepers',
			type: 'line',
			source,
			minzoom: 12,
			filter: ['all', layerIs('rail'), ['!', ['has', 'class']]],
			paint: { 'line-color': colours.rail, 'line-width': growing(2.4, 5, 10), 'line-dasharray': [0.25, 2.4] }
		},
		...['1', '2', '3'].map((ref): LayerSpecification => ({
			id: `tram-${ref}`,
			type: 'line',
			source,
			filter: ['all', layerIs('tram'), ['==', ['get', 'ref'], ref]],
			layout,
			paint: {
				'line-color': lineColour,
				'line-width': growing(1.2, 2.2, 5),
				'line-offset': ref === '3' ? growing(1.5, 2.8, 6) : 0
			}
		})),
		{
			id: 'stop',
			type: 'circle',
			source,
			minzoom: 13,
			filter: layerIs('stop'),
			paint: {
				'circle-radius': between(13, 2.2, 17, 5),
				'circle-color': colours.ground,
				'circle-stroke-color': lineColour,
				'circle-stroke-width': between(13, 1.2, 17, 2.4)
			}
		}
	];
}
