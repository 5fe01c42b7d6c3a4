import type { Filters } from '$lib/server/published/filters';
import { embedHref, layoutOf } from '../href';
import type { Layout } from '../href';

/** Pixels. */
export const heights = [480, 640, 800] as const;

/** What a web master asks a frame to be. */
export interface Wanted extends Pick<Filters, 'theme' | 'category' | 'area'> {
	layout: Layout;
	/** Null follows the visitor. */
	lang: 'fr' | 'en' | null;
	height: (typeof heights)[number];
}

interface Known {
	/** Slugs of the taxonomy. */
	themes: readonly string[];
	/** Category → its theme. */
	categories: ReadonlyMap<string, string>;
	areas: readonly string[];
}

/** Reads the form; what nobody knows is left out, and so is a theme that the category isn't in. */
export function wantedOf(query: URLSearchParams, { themes, categories, areas }: Known): Wanted {
	const asked = (name: string) => query.get(name) ?? '';
	const category = categories.has(asked('category')) ? asked('category') : null;
	const theme = themes.includes(asked('theme')) ? asked('theme') : null;
	const lang = asked('lang');
	return {
		...(theme && (!category || categories.get(category) === theme) && { theme }),
		...(category && { category }),
		...(areas.includes(asked('area')) && { area: asked('area') }),
		layout: layoutOf(asked('layout')),
		lang: lang === 'fr' || lang === 'en' ? lang : null,
		height: heights.find((height) => String(height) === asked('height')) ?? 640
	};
}

/** The address of that frame, as short as it can be. */
export function frameHref({ theme, category, area, layout, lang }: Wanted): string {
	const asked = { theme, category, area, lang, layout: layout === 'both' ? null : layout };
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value);
	return embedHref(query, {});
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);

/**
 * What is pasted into the other page. `allow` lets the map's own button ask the visitor where she is; the frame waits for its turn, since it stands
 * below the rest of most pages.
 */
export function snippet({ src, title, height }: { src: string; title: string; height: number }): string {
	return [
		`<iframe src="${escaped(src)}"`,
		`title="${escaped(title)}"`,
		`width="100%" height="${height}" style="border: 0"`,
		'loading="lazy" allow="geolocation"></iframe>'
	].join('\n  ');
}
