import { holds } from '../datasets.ts';
import { placedFeature } from '../feature-text.ts';
import { collectionAddress, collectionOf } from './collections.ts';
import { cursorAfter, idOfCursor } from './cursor.ts';
import { addressOf, ownLinks, types } from './links.ts';
import type { Link } from './links.ts';
import { outputOf, readingOf } from './narrowing.ts';
import type { Asked, Found, Resource } from './operation.ts';
import { defaultLimit } from './parameters.ts';
import { budget, countAll, readPage } from './reading.ts';
import type { Page, Reading } from './reading.ts';
import { invalid, Refusal } from './refusal.ts';
import { cursorAtStanding, farthestSorted, readSorted, sortKeysOf, standingOfCursor } from './sorting.ts';

/** Pages of so many places are nothing. */
const light = 1000;
/** A page for people has no more rows than this. */
const mostRows = 500;

/** The places of a collection, a page at a time: ascending by id, or as `sortby` says. */
export function answerItems(asked: Asked): Found {
	const { query, path, edition, format } = asked;
	const dataset = collectionOf(edition.view, path);
	const output = outputOf(asked);
	const reading = readingOf(asked, dataset);
	const limit = Math.min(Number(query['limit'] ?? defaultLimit), format === 'page' ? mostRows : Infinity);
	const pageFrom = pagesOf(asked, limit);
	const features = async () => {
		const until = performance.now() + budget;
		const page = reading ? await pageFrom(reading, until) : { places: [], next: null, whole: true };
		if (!page.whole && page.places.length === 0) throw tooMuch();
		const matched = reading ? await countAll(reading, keyOf(asked), until) : 0;
		return {
			head: headOf(asked, page, matched),
			places: page.places,
			output,
			whole: page.whole && matched !== null
		};
	};
	return { headers: { 'content-crs': `<${output.uri}>` }, features, exact: false, heavy: limit > light };
}

/** Reads the page that is asked for; its `next` is the cursor of the one after it. @throws Refusal */
function pagesOf(asked: Asked, limit: number): (reading: Reading, until: number) => Promise<Page> {
	const { query, edition } = asked;
	const keys = sortKeysOf(asked);
	const cursor = query['cursor'] as string | undefined;
	const skip = Number(query['offset'] ?? 0);
	if (keys === null) {
		const after = cursor === undefined ? null : idOfCursor(cursor);
		return async (reading, until) => {
			const page = await readPage(reading, { after, skip, limit }, until);
			return { ...page, next: page.next === null ? null : cursorAfter(page.next) };
		};
	}
	if (skip + limit > farthestSorted)
		throw invalid('offset', `and limit may not reach beyond ${farthestSorted} together with sortby; follow the “next” links.`);
	const after = cursor === undefined ? null : standingOfCursor(keys, cursor);
	return async (reading, until) => {
		const order = edition.view.orderBy(keys);
		const { last, ...page } = await readSorted(reading, order, { after, skip, limit }, until);
		return { ...page, next: last && cursorAtStanding(keys, order.standingOf(last)) };
	};
}

const tooMuch = () =>
	new Refusal(
		413,
		'filter_too_slow',
		'This takes too long among so many places: narrow it with bbox, kind, theme, category or steward, or take the whole file from /data.'
	);

/** What of an address decides which places there are, whichever page of them is asked for. */
function keyOf({ url, path, edition }: Asked): string {
	const query = new URLSearchParams(url.search);
	for (const name of ['limit', 'cursor', 'offset', 'sortby', 'crs', 'f']) query.delete(name);
	query.sort();
	return `${path['collectionId']}?${query.toString()} ${edition.today}`;
}

function headOf(asked: Asked, { places, next }: Page, matched: number | null): Resource {
	const { url, root, path, now } = asked;
	const links: Link[] = ownLinks(asked);
	const following = next === null ? null : addressOf(url, { cursor: next, offset: undefined });
	if (following !== null) links.push({ rel: 'next', href: following, type: links[0]!.type, title: 'Next page' });
	links.push({ rel: 'collection', href: collectionAddress(root, path['collectionId']!), type: types.json, title: 'Collection' });
	return {
		type: 'FeatureCollection',
		links,
		timeStamp: new Date(now).toISOString(),
		...(matched === null ? {} : { numberMatched: matched }),
		numberReturned: places.length
	};
}

/** One place of a collection. What became of one that left is said too. */
export function answerItem(asked: Asked): Found {
	const { edition, path, root } = asked;
	const dataset = collectionOf(edition.view, path);
	const output = outputOf(asked);
	const id = path['featureId']!.toLowerCase();
	const ref = edition.view.find(id);
	if (!ref) throw departed(asked, id);
	if (!holds(edition.view, dataset, edition.view.read(ref)))
		throw new Refusal(404, 'unknown_feature', `There is no place ${id} in the collection ${dataset.slug}.`);
	const collection = collectionAddress(root, dataset.slug);
	const links = () => [...ownLinks(asked), { rel: 'collection', href: collection, type: types.json, title: 'Collection' }];
	return {
		headers: { 'content-crs': `<${output.uri}>` },
		resource: () => ({ ...placedFeature(ref, edition, output), links: links() })
	};
}

function departed({ edition, path, root }: Asked, id: string): Refusal {
	const gone = edition.view.tombstone(id);
	if (!gone) return new Refusal(404, 'unknown_feature', `There is no place ${id}.`);
	const items = `${collectionAddress(root, path['collectionId']!)}/items`;
	if (gone.kind === 'merged' && gone.intoId !== null)
		return new Refusal(308, 'place_merged', `This place became ${gone.intoId}.`, `${items}/${gone.intoId}`);
	return new Refusal(
		410,
		`place_${gone.kind}`,
		`This place left the map on ${gone.on}${gone.reason ? ` (${gone.reason})` : ''}.`
	);
}
