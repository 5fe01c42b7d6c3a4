import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { fold } from '../../src/lib/domain/fold.ts';
import { conformance } from '../../src/lib/server/opendata/ogc/conformance.ts';
import { readSorted } from '../../src/lib/server/opendata/ogc/sorting.ts';
import { sortables } from '../../src/lib/server/published/order.ts';
import { openOgc, origin } from '../support/ogc.ts';
import type { Items, OgcApi } from '../support/ogc.ts';

let api: OgcApi;
beforeAll(async () => {
	api = await openOgc(180);
});
afterAll(() => api.stop());

const items = (query: string) => api.json<Items>(`/collections/places/items?${query}`);
const idsOf = ({ features }: Items) => features.map(({ id }) => String(id));
type Value = string | number | null;

/** What a person would do: by each key in turn, nothing known last, then by id. */
function sorted(places: Place[], ...keys: [value: (place: Place) => Value, descending?: boolean][]): string[] {
	const compare = (a: Value, b: Value) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1);
	return places
		.toSorted((a, b) => {
			for (const [value, descending] of keys) {
				const [one, other] = [value(a), value(b)];
				const difference = compare(one, other);
				if (difference !== 0) return descending && one !== null && other !== null ? -difference : difference;
			}
			return a.id < b.id ? -1 : 1;
		})
		.map(({ id }) => id);
}
/** All pages of so many, by their next links. */
async function pages(api: OgcApi, query: string): Promise<string[]> {
	const seen: string[] = [];
	let path: string | undefined = `/collections/places/items?${query}`;
	while (path) {
		const page: Items = await api.json<Items>(path);
		seen.push(...idsOf(page));
		path = page.links.find(({ rel }) => rel === 'next')?.href;
	}
	return seen;
}

describe('the order of places', () => {
	it('/req/core/rc-sortby-response: by a key, down with a minus, by several in turn', async () => {
		const { places } = api;
		const name = ({ facts }: Place) => fold(facts.name);
		expect(idsOf(await items('limit=200&sortby=name'))).toEqual(sorted(places, [name]));
		expect(idsOf(await items('limit=200&sortby=-name'))).toEqual(sorted(places, [name, true]));
		for (const plus of ['%2B', '+'])
			expect(idsOf(await items(`limit=200&sortby=${plus}category,-updated_at`))).toEqual(
				sorted(places, [({ category }) => category], [({ updatedAt }) => updatedAt, true])
			);
	});

	it('what is not known comes last in both directions', async () => {
		const { places } = api;
		const steward = (place: Place) => place.steward;
		expect(idsOf(await items('limit=200&sortby=steward'))).toEqual(sorted(places, [steward]));
		expect(idsOf(await items('limit=200&sortby=-steward'))).toEqual(sorted(places, [steward, true]));
		const { features } = await items('limit=200&sortby=-area');
		expect(features.at(-1)!.properties.area).toBeNull();
	});

	it('every sortable orders the properties of its name', async () => {
		for (const name of sortables.filter((one) => one !== 'name')) {
			const { features } = await items(`limit=200&sortby=-${name}`);
			const values = features.map(({ properties }) => properties[name] as Value);
			expect(values).toEqual(values.toSorted((a, b) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? 1 : -1)));
			expect(new Set(idsOf({ features } as Items)).size).toBe(180);
		}
	});

	it('instants of the same millisecond are told apart', async () => {
		const town = await openOgc(6, { seed: 4 });
		for (const [i, place] of town.places.entries())
			town.feed.put({ ...place, updatedAt: `2026-11-20T08:00:00.12345${6 - i}+00:00` });
		for (const { id } of town.places) town.feed.note('place', id, 'updated');
		await town.caughtUp();
		const { features } = await town.json<Items>('/collections/places/items?sortby=updated_at');
		expect(features.map(({ id }) => id)).toEqual(town.places.map(({ id }) => id).reverse());
		await town.stop();
	});

	it('goes through pages with filters and boxes, each place once', async () => {
		const all = idsOf(await items('limit=200&sortby=-updated_at,kind'));
		expect(await pages(api, 'limit=17&sortby=-updated_at,kind')).toEqual(all);
		expect(idsOf(await items('limit=20&offset=30&sortby=-updated_at,kind'))).toEqual(all.slice(30, 50));
		const narrow = 'sortby=-area,name&bbox=-1.6,47.16,-1.5,47.28&filter=' + encodeURIComponent("wheelchair = 'yes'");
		const found = idsOf(await items(`limit=200&${narrow}`));
		expect(found.length).toBeGreaterThan(8);
		expect(await pages(api, `limit=4&${narrow}`)).toEqual(found);
	});

	it('pages neither repeat nor leave out a place while another one leaves the map or moves', async () => {
		const town = await openOgc(40, { seed: 5 });
		const first = await town.json<Items>('/collections/places/items?limit=20&sortby=name');
		const last = String(first.features.at(-1)!.id);
		town.feed.take(last, 'ended');
		const moved = town.places.find(({ id }) => id === first.features[4]!.id)!;
		town.feed.put({ ...moved, facts: { ...moved.facts, name: 'Aaa' } });
		town.feed.note('place', moved.id, 'updated');
		await town.caughtUp();
		const second = await town.json<Items>(first.links.find(({ rel }) => rel === 'next')!.href);
		expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(40);
		await town.stop();
	});

	it.each([
		['sortby=colour', /^sortby cannot order by “colour”; there are id, name,/],
		['sortby=', /^sortby cannot order by “”/],
		['sortby=--name', /^sortby cannot order by “-name”/],
		['sortby=name,-name', /once only/],
		['sortby=id,name,kind,theme,area', /4 properties at most/],
		['sortby=name&offset=20000', /^offset .*20000/],
		['sortby=name&cursor=abc', /^cursor must be taken/],
		['cursor=WyJuYW1lIiwiYSIsMV0', /^cursor must be taken/]
	])('%s is refused, and the answer says why', async (query, why) => {
		const response = await api.get(`/collections/places/items?${query}`);
		expect(response.status).toBe(400);
		expect(((await response.json()) as { detail: string }).detail).toMatch(why);
	});

	it('a cursor of another order is refused', async () => {
		const { links } = await items('limit=5&sortby=name');
		const cursor = new URL(links.find(({ rel }) => rel === 'next')!.href).searchParams.get('cursor')!;
		expect((await api.get(`/collections/places/items?sortby=-name&cursor=${cursor}`)).status).toBe(400);
		expect((await api.get(`/collections/places/items?cursor=${cursor}`)).status).toBe(400);
	});

	it('a filter that nothing could finish gives no page that might be wrong', async () => {
		const reading = { view: api.view(), selection: {}, accepts: () => true };
		const order = api.view().orderBy([{ name: 'name', descending: false }]);
		const page = await readSorted(reading, order, { after: null, skip: 0, limit: 10 }, performance.now() - 1);
		expect(page).toEqual({ places: [], last: null, whole: false });
	});
});

describe('the sortables', () => {
	it('are a JSON Schema that the collection leads to, in the reader’s language', async () => {
		const { links, defaultSortOrder } = await api.json<Items & { defaultSortOrder: string[] }>('/collections/places');
		const link = links.find(({ rel, type }) => rel.endsWith('/sortables') && type === 'application/schema+json')!;
		expect(link.href).toBe(`${origin}/ogc/collections/places/sortables`);
		const response = await api.get(link.href);
		expect(response.headers.get('content-type')).toBe('application/schema+json');
		const schema = (await response.json()) as { properties: Record<string, { title: string; type: string }> };
		expect(schema).toMatchObject({ $id: link.href, type: 'object', additionalProperties: false });
		expect(Object.keys(schema.properties).sort()).toEqual([...sortables].sort());
		expect(schema.properties['updated_at']).toMatchObject({ title: 'Dernière modification', type: 'string' });
		for (const name of defaultSortOrder) expect(sortables).toContain(name);
	});

	it('are a draft: no class of it is declared', () => {
		expect(conformance.filter((name) => name.includes('sort'))).toEqual([]);
	});
});
