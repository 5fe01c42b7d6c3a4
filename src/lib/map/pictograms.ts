import drawings from './pictograms.json' with { type: 'json' };

interface Drawing {
	viewBox: string;
	path: string;
}

const known: Record<string, Drawing> = drawings;
const fallback = drawings['maki:marker'];

/**
 * The drawing of a pictogram, `maki:<name>` or `temaki:<name>`; a plain marker for a name that this build does not have (its drawings are
 * those of the taxonomy it came with). Pictograms by Mapbox and OpenStreetMap contributors, CC0.
 */
export function pictogramDrawing(name: string): Drawing {
	return (Object.hasOwn(known, name) ? known[name] : undefined) ?? fallback;
}

/** A whole SVG, to be put into a page or an image; it takes the colour of the text around it. */
export function pictogram(name: string): string {
	const { viewBox, path } = pictogramDrawing(name);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" fill="currentColor" aria-hidden="true"><path d="${path}"/></svg>`;
}
