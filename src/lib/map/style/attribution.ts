import type { StyleSpecification } from 'maplibre-gl';

/** Whose map it is, for those who do not say so in their style. */
const owners: Record<string, string> = {
	'data.geopf.fr': '<a href="https://geoservices.ign.fr/">© IGN</a>'
};

/** A style that names its owner on the map, as its terms ask, even when its sources forget to. */
export function attributed(style: StyleSpecification, url: string): StyleSpecification {
	const owner = owners[new URL(url).hostname];
	if (!owner) return style;
	const sources = Object.entries(style.sources).map(([name, source]) => {
		const named = ('attribution' in source && source.attribution) || source.type === 'image' || source.type === 'video';
		return [name, named ? source : { ...source, attribution: owner }] as const;
	});
	return { ...style, sources: Object.fromEntries(sources) as StyleSpecification['sources'] };
}
