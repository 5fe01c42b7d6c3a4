/** What the service worker reads in a page, and writes into it. Pages are ours: a pattern is enough to find its way in them. */

/** The line above a kept page; a page that is fresh again takes it away. */
export const lineId = 'kept-line';
/** Where the offline page has room for the places seen lately. */
export const placesId = 'kept-places';

export interface Link {
	href: string;
	title: string;
}

/** Scripts and styles that a page names, as paths: without them a kept page is words only. */
export function codeIn(html: string): string[] {
	return [...new Set(Array.from(html.matchAll(/_app\/immutable\/[\w./-]+/g), ([path]) => `/${path}`))];
}

export const languageOf = (html: string): 'fr' | 'en' => (/<html[^>]*\slang="en"/.test(html) ? 'en' : 'fr');

/** The name of a page, without the site's after the dash; still escaped as in the page. */
export function titleOf(html: string): string {
	const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '';
	return title.replace(/ – [^–]*$/, '').trim();
}

/**
 * A kept page with a line that says so, before everything else and outside of what its scripts take over.
 * @param label the line's name as a landmark
 */
export function withLine(html: string, { text, label }: { text: string; label: string }): string {
	const line = `<aside class="kept-line" id="${lineId}" aria-label="${escaped(label)}"><p>${escaped(text)}</p></aside>`;
	return html.replace(/<body[^>]*>/, (body) => body + line);
}

/** The offline page names its files relatively, and stands in for pages at any depth. */
export const rooted = (html: string): string => html.replaceAll(/(href|src)="\.\//g, '$1="/');

/**
 * The offline page, filled.
 * @param address the page that was asked for: its path and query
 * @param places newest first, with titles as they stand in a page
 */
export function filled(html: string, { address, places }: { address: string; places: Link[] }): string {
	const here = html
		.replaceAll('href="/offline"', () => `href="${escaped(address)}"`)
		.replaceAll('back=%2Foffline', () => `back=${encodeURIComponent(address)}`);
	if (places.length === 0) return here;
	const items = places.map(({ href, title }) => `<li><a href="${escaped(href)}">${title}</a></li>`).join('');
	return here
		.replace(new RegExp(`(<section[^>]*id="${placesId}"[^>]*?) hidden(?:="")?`), '$1')
		.replace(new RegExp(`(id="${placesId}"[\\s\\S]*?<ul[^>]*>)[\\s\\S]*?(</ul>)`), (_all, before: string, after: string) => {
			return before + items + after;
		});
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
