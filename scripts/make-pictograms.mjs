// Writes src/lib/map/pictograms.json: the pictograms named by the taxonomy, taken from Maki and Temaki (both CC0), so that the map and the
// pages draw the same shapes and no icon comes from elsewhere. Run it after changing supabase/seed/taxonomy.json.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
/** @type {Record<string, string>} */
const folders = { maki: 'node_modules/@mapbox/maki/icons', temaki: 'node_modules/@ideditor/temaki/icons' };

/** Names beyond the taxonomy: a place whose category is unknown to this build falls back on it. */
const extra = ['maki:marker'];

/** @param {string} path from the root of the project */
function read(path) {
	return readFileSync(new URL(path, root), 'utf8');
}

/**
 * One line, and thousandths at most: a sign is drawn at twice its size, not at a thousand times.
 * @param {string} path
 */
function tidy(path) {
	return path
		.replace(/&#x[0-9A-Fa-f]+;|\s+/g, ' ')
		.replace(/(\.\d{3})\d+/g, '$1')
		.trim();
}

/** @param {string} name */
function pictogram(name) {
	const [set = '', icon] = name.split(':');
	const svg = read(`${folders[set]}/${icon}.svg`);
	const viewBox = /viewBox="([^"]+)"/.exec(svg)?.[1];
	const paths = [...svg.matchAll(/<path\b[^>]*?\sd="([^"]+)"/g)].map(([, path = '']) => tidy(path));
	const shapes = svg.match(/<(path|rect|circle|ellipse|polygon|polyline|line)\b/g) ?? [];
	if (!viewBox || paths.length === 0 || shapes.length !== paths.length) throw new Error(`${name}: only paths are understood`);
	return { viewBox, path: paths.join(' ') };
}

/** @type {Record<'themes' | 'categories', { pictogram: string }[]>} */
const taxonomy = JSON.parse(read('supabase/seed/taxonomy.json'));
const names = [...taxonomy.themes, ...taxonomy.categories].map((row) => row.pictogram);
const pictograms = Object.fromEntries([...new Set([...names, ...extra])].sort().map((name) => [name, pictogram(name)]));
writeFileSync(new URL('src/lib/map/pictograms.json', root), `${JSON.stringify(pictograms, null, '\t')}\n`);
console.log(`${Object.keys(pictograms).length} pictograms`);
