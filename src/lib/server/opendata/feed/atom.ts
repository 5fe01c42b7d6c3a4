import type { LonLat } from '../../../domain/place.ts';
import { xmlText } from '../xml.ts';

export const atomType = 'application/atom+xml';

export interface AtomLink {
	rel: 'self' | 'alternate' | 'related';
	type: string;
	href: string;
	hreflang?: string;
}

export interface AtomEntry {
	/** An IRI that never changes. */
	id: string;
	title: string;
	summary: string;
	/** An instant, RFC 3339. */
	updated: string;
	links: AtomLink[];
	category: { term: string; label: string } | null;
	/** Under which it may be reused, where that is not the feed's. */
	rights: string | null;
	point: LonLat | null;
}

export interface AtomFeed {
	id: string;
	locale: string;
	title: string;
	subtitle: string;
	updated: string;
	author: { name: string; uri: string };
	rights: string;
	links: AtomLink[];
	/** Newest first. */
	entries: AtomEntry[];
}

/** A feed as RFC 4287 has it, with the position of what is somewhere as GeoRSS Simple: latitude first. */
export function atomText({ entries, locale, author, links, ...feed }: AtomFeed): string {
	const lines = [
		'<?xml version="1.0" encoding="utf-8"?>',
		`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="${xmlText(locale)}">`,
		element('id', feed.id),
		element('title', feed.title),
		element('subtitle', feed.subtitle),
		element('updated', feed.updated),
		`<author>${element('name', author.name)}${element('uri', author.uri)}</author>`,
		element('rights', feed.rights),
		...links.map(linkText),
		...entries.map(entryText),
		'</feed>'
	];
	return `${lines.join('\n')}\n`;
}

function entryText({ id, title, summary, updated, links, category, rights, point }: AtomEntry): string {
	const lines = [
		'<entry>',
		element('id', id),
		element('title', title),
		element('updated', updated),
		...(category ? [`<category term="${xmlText(category.term)}" label="${xmlText(category.label)}"/>`] : []),
		...links.map(linkText),
		element('summary', summary),
		...(rights === null ? [] : [element('rights', rights)]),
		...(point === null ? [] : [element('georss:point', `${point.lat} ${point.lon}`)]),
		'</entry>'
	];
	return lines.join('\n');
}

const element = (name: string, text: string) => `<${name}>${xmlText(text)}</${name}>`;

function linkText({ rel, type, href, hreflang }: AtomLink): string {
	const language = hreflang === undefined ? '' : ` hreflang="${xmlText(hreflang)}"`;
	return `<link rel="${rel}" type="${xmlText(type)}"${language} href="${xmlText(href)}"/>`;
}
