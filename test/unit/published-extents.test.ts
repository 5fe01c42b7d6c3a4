import fc from 'fast-check';
import { expect, it } from 'vitest';
import { follow } from '../../src/lib/server/published/follow.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import type { Selection } from '../../src/lib/server/published/select.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { pick, seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const selections: Selection[] = [
	{},
	{ licence: 'etalab-2.0' },
	{ licence: 'etalab-2.0', theme: 'culture' },
	{ area: 'nantes-zola' },
	{ steward: 'ville', kind: 'service' },
	{ bbox: [-1.6, 47.2, -1.5, 47.25] },
	{ category: 'none' }
];

/** As one would see it: all places, one after the other. */
function naively(view: View, selection: Selection) {
	const positions = [...view.select(selection)].map(({ position }) => position);
	if (positions.length === 0) return null;
	const [lons, lats] = [positions.map(({ lon }) => lon), positions.map(({ lat }) => lat)];
	return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

it('the box around a selection is that of its places, whatever comes, moves, leaves or is renamed', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 1e6 }),
			fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }),
			async (seed, rounds) => {
				const random = seeded(seed);
				const feed = new FakeFeed(syntheticReference());
				for (let i = 0; i < 25; i++) feed.put(syntheticPlace(random, feed.rows));
				const snapshot = await loadSnapshot(feed, () => 0);
				const check = () => {
					for (const selection of selections) expect(snapshot.view.extent(selection)).toEqual(naively(snapshot.view, selection));
				};
				check();
				for (const changes of rounds) {
					for (let i = 0; i < changes; i++) {
						const id = pick(random, [...feed.places_.keys()]);
						const dice = random();
						if (dice < 0.3) feed.put(syntheticPlace(random, feed.rows));
						else if (dice < 0.6) feed.put(syntheticPlace(random, feed.rows, id));
						else if (dice < 0.9) feed.take(id, 'withdrawn');
						else {
							const [first, ...rest] = feed.rows.categories;
							feed.rows = { ...feed.rows, categories: [{ ...first!, theme: pick(random, feed.rows.themes).slug }, ...rest] };
							feed.note('category', first!.slug, 'updated');
						}
					}
					await follow(feed, snapshot);
					check();
					if (random() < 0.2) await snapshot.compact();
				}
			}
		),
		{ numRuns: 30, seed: 4 }
	);
});

it('the box around a selection tells nothing of a place that is withheld', async () => {
	const random = seeded(8);
	const feed = new FakeFeed(syntheticReference());
	for (let i = 0; i < 20; i++) feed.put(syntheticPlace(random, feed.rows));
	const far = { ...syntheticPlace(random, feed.rows), position: { lon: 5.4, lat: 43.3 } };
	feed.put(far);
	const snapshot = await loadSnapshot(feed, () => 0);
	expect(snapshot.view.extent({})).toEqual(expect.arrayContaining([5.4, 43.3]));
	feed.take(far.id, 'withdrawn');
	await follow(feed, snapshot);
	expect(snapshot.view.extent({})).toEqual(naively(snapshot.view, {}));
});
