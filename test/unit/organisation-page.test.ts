import { expect, it } from 'vitest';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { organisationPage } from '../../src/routes/organisations/[slug]/organisation-page.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const reference = syntheticReference();
const random = seeded(7);
const places = Array.from({ length: 120 }, (_, index) => {
	const place = {
		...syntheticPlace(random, reference),
		steward: index % 3 === 0 ? 'amis' : index % 3 === 1 ? 'amis-du-port' : null
	};
	place.facts.description = '"steward":"amis"';
	return place;
});
const own = places.filter(({ steward }) => steward === 'amis');
const amis = { slug: 'amis', name: 'Amis', kind: 'association' as const, summary: null, website: null };

it('the page of an organisation counts its places, how fresh they are and of which categories, and lists them by name', async () => {
	const { view } = await loadSnapshot(new FakeFeed(reference, places), () => 0);
	const page = (number: number) => organisationPage(view, amis, number, now);
	const [first, second] = [page(1), page(2)];
	expect([first.total, first.pages, page(0).page, page(9).page]).toEqual([40, 2, 1, 2]);
	const names = [...first.cards, ...second.cards].map(({ name }) => name);
	const folded = (name: string) =>
		name.normalize('NFD').replace(/\p{M}/gu, '').replace(/œ/g, 'oe').replace(/Œ/g, 'oe').toLowerCase();
	const order = (a: string, b: string) => (folded(a) < folded(b) ? -1 : 1);
	expect(names).toEqual(own.map(({ facts }) => facts.name).sort(order));
	const count = <T>(values: T[]) =>
		values.reduce((sums, value) => sums.set(value, (sums.get(value) ?? 0) + 1), new Map<T, number>());
	const fresh = count(own.map((place) => view.freshness(place, first.today).freshness));
	for (const { level, count } of first.freshness) expect(count).toBe(fresh.get(level) ?? 0);
	const categories = count(own.map(({ category }) => category));
	expect(new Map(first.categories.map(({ slug, count }) => [slug, count]))).toEqual(categories);
	expect(organisationPage(view, { ...amis, slug: 'personne' }, 1, now)).toMatchObject({
		total: 0,
		cards: [],
		categories: [],
		pages: 1
	});
});
