/**
 * The rules by which W3C's Feed Validation Service judges an Atom feed (RFC 4287 and GeoRSS Simple), as far as a feed like ours could break
 * them; those that it calls warnings too.
 */
import { parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

const atom = '{http://www.w3.org/2005/Atom}';
const point = '{http://www.georss.org/georss}point';
const language = '{http://www.w3.org/XML/1998/namespace}lang';

/** Least and greatest number of each element that may be there (RFC 4287 §4.1). */
type Counts = Record<string, [number, number]>;
const ofFeed: Counts = {
	...{
		id: [1, 1],
		title: [1, 1],
		updated: [1, 1],
		subtitle: [0, 1],
		rights: [0, 1],
		generator: [0, 1],
		icon: [0, 1],
		logo: [0, 1]
	},
	...{ author: [1, Infinity], contributor: [0, Infinity], category: [0, Infinity], link: [1, Infinity], entry: [0, Infinity] }
};
const ofEntry: Counts = {
	...{
		id: [1, 1],
		title: [1, 1],
		updated: [1, 1],
		summary: [0, 1],
		content: [0, 1],
		rights: [0, 1],
		published: [0, 1],
		source: [0, 1]
	},
	...{ author: [0, Infinity], contributor: [0, Infinity], category: [0, Infinity], link: [0, Infinity] }
};
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const mediaType = /^[a-z]+\/[a-z0-9.+-]+(; ?[a-z]+=[a-z0-9-]+)?$/;

/** What is wrong with a feed, a sentence each; `url` is where it was had from, `now` an instant that nothing in it may be past. */
export function faultsOf(text: string, url: string, now: Date): string[] {
	const feed = parseXml(text);
	if (feed.name !== `${atom}feed`) return [`the root is ${feed.name}`];
	const faults = [...countFaults('feed', feed, ofFeed), ...partFaults('feed', feed, now)];
	const self = childrenOf(feed, 'link').filter(({ attributes }) => attributes.rel === 'self');
	if (self.length !== 1 || self[0]!.attributes.href !== url) faults.push('self is not the address of the document');
	if (!/^[a-z]{2}(-[A-Z]{2})?$/.test(feed.attributes[language] ?? '')) faults.push('the language is not named');
	if (childrenOf(feed, 'author').some((author) => textOf(author, 'name').trim() === '')) faults.push('an author has no name');
	const entries = childrenOf(feed, 'entry');
	const ids = [textOf(feed, 'id'), ...entries.map((entry) => textOf(entry, 'id'))];
	if (new Set(ids).size !== ids.length) faults.push('an id is there twice');
	const updates = entries.map((entry) => Date.parse(textOf(entry, 'updated')));
	if (updates.length > 0 && Math.max(...updates) > Date.parse(textOf(feed, 'updated')))
		faults.push('the feed is older than its entries');
	for (const entry of entries) {
		const name = `entry ${textOf(entry, 'id')}`;
		faults.push(...countFaults(name, entry, ofEntry), ...partFaults(name, entry, now));
		const alternates = childrenOf(entry, 'link').filter(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate');
		if (alternates.length === 0 && childrenOf(entry, 'content').length === 0)
			faults.push(`${name} has neither a link nor content`);
	}
	return faults;
}

/** The elements of that name in an element. */
export const childrenOf = ({ children }: XmlElement, name: string) => children.filter((child) => child.name === atom + name);
/** The text of the first of them. */
export const textOf = (element: XmlElement, name: string) => childrenOf(element, name)[0]?.text ?? '';

function countFaults(where: string, element: XmlElement, counts: Counts): string[] {
	const wrong = Object.entries(counts).filter(([name, [least, greatest]]) => {
		const { length } = childrenOf(element, name);
		return length < least || length > greatest;
	});
	const odd = element.children.filter(({ name }) => name.startsWith(atom) && !Object.hasOwn(counts, name.slice(atom.length)));
	return [
		...wrong.map(([name]) => `${where}: so many ${name}`),
		...odd.map(({ name }) => `${where}: ${name} has no place there`)
	];
}

function partFaults(where: string, element: XmlElement, now: Date): string[] {
	const faults: string[] = [];
	const title = textOf(element, 'title');
	if (title.trim() === '') faults.push(`${where}: the title is blank`);
	if (title !== title.trim()) faults.push(`${where}: the title has blanks around it`);
	const id = textOf(element, 'id');
	if (!/^[a-z][a-z0-9+.-]*:\S+$/.test(id)) faults.push(`${where}: the id is no IRI`);
	if (id.startsWith('urn:uuid:') && !/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
		faults.push(`${where}: ${id}`);
	const updated = textOf(element, 'updated');
	if (!dateTime.test(updated) || Number.isNaN(Date.parse(updated))) faults.push(`${where}: ${updated} is no instant`);
	if (Date.parse(updated) > now.getTime()) faults.push(`${where}: ${updated} is to come`);
	const links = childrenOf(element, 'link').map(({ attributes }) => attributes);
	for (const { href = '', type = 'text/html' } of links) {
		if (!URL.canParse(href) || new URL(href).href !== href) faults.push(`${where}: the link ${href}`);
		if (!mediaType.test(type)) faults.push(`${where}: the type ${type}`);
	}
	const alternates = links
		.filter(({ rel = 'alternate' }) => rel === 'alternate')
		.map(({ type, hreflang }) => `${type} ${hreflang}`);
	if (new Set(alternates).size !== alternates.length) faults.push(`${where}: two alternates of one type and language`);
	if (childrenOf(element, 'category').some(({ attributes }) => !attributes.term))
		faults.push(`${where}: a category without a term`);
	for (const { text } of element.children.filter(({ name }) => name === point)) {
		const [lat, lon, ...rest] = text.split(' ').map(Number);
		const isThere = rest.length === 0 && Math.abs(lat ?? NaN) <= 90 && Math.abs(lon ?? NaN) <= 180;
		if (!isThere) faults.push(`${where}: ${text} is nowhere`);
	}
	return faults;
}
