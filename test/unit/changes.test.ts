import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { belongs } from '../../src/lib/server/opendata/belongs.ts';
import { changesText, dependsOn, pageOf, remembers } from '../../src/lib/server/opendata/feed/changes.ts';
import { parseChangesQuery } from '../../src/lib/server/opendata/feed/changes-query.ts';
import { datasetOf, placesOf, selectionOf } from '../../src/lib/server/opendata/datasets.ts';
import { featureOf } from '../../src/lib/server/opendata/geojson.ts';
import type { Edition, PlaceFeature } from '../../src/lib/server/opendata/geojson.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { recentLength } from '../../src/lib/server/published/snapshot.ts';
import type { Change } from '../../src/lib/server/published/view.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { pick, seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();
const random = seeded(77);
const someone = () => syntheticPlace(random, rows);

interface Entry extends Omit<Change, 'intoId'> {
	into_id: string | null;
	state: string | null;
	feature: PlaceFeature | null;
	tombstone: object | null;
	reload: boolean;
}
interface Body {
	seq: number;
	more: boolean;
	next: string;
	licence: string;
	changes: Entry[];
}

const editionOf = async (feed: FakeFeed): Promise<Edition> => {
	const { view } = await loadSnapshot(feed, () => 0);
	return { view, origin: 'https://carte.example', today: '2026-11-21' };
};

async function read(feed: FakeFeed | Edition, query: string): Promise<Body> {
	const edition = feed instanceof FakeFeed ? await editionOf(feed) : feed;
	const parsed = parseChangesQuery(edition.view, new URLSearchParams(query));
	return JSON.parse(await changesText(edition, parsed, pageOf(edition.view, parsed))) as Body;
}

const named = (place: Place, name: string): Place => ({ ...place, facts: { ...place.facts, name } });
const licensed = (place: Place, licence: string | null): Place => ({ ...place, facts: { ...place.facts, licence } });

describe('a page of changes', () => {
	it('tells in commit order what changed, with the present feature and the names of the facts', async () => {
		const feed = new FakeFeed(rows);
		const [first, second] = [someone(), someone()];
		feed.put(first);
		feed.put(second);
		feed.put(named(first, 'Le nouveau nom'));
		feed.changes_.at(-1)!.facts = ['name'];
		const body = await read(feed, '');
		expect(body.changes.map(({ seq, kind, state }) => [seq, kind, state])).toEqual([
			[1, 'created', 'later'],
			[2, 'created', 'present'],
			[3, 'updated', 'present']
		]);
		expect(body.changes[2]).toMatchObject({ facts: ['name'], feature: { properties: { name: 'Le nouveau nom' } } });
		expect(body.changes[0]!.feature).toBeNull();
		expect(body).toMatchObject({ seq: 3, more: false, licence: 'etalab-2.0' });
	});

	it('goes on where the last one stopped, and says when all is told', async () => {
		const feed = new FakeFeed(rows);
		for (let i = 0; i < 5; i++) feed.put(someone());
		const first = await read(feed, 'limit=2&area=nantes');
		expect(first).toMatchObject({ seq: 2, more: true });
		expect(first.next).toBe('https://carte.example/data/changes?since=2&limit=2&area=nantes');
		const rest = await read(feed, new URL(first.next).search.replace('limit=2', 'limit=9999'));
		expect(rest.changes.map(({ seq }) => seq)).toEqual([3, 4, 5]);
		expect(rest).toMatchObject({ seq: 5, more: false });
		expect(await read(feed, 'since=5')).toMatchObject({ changes: [], seq: 5, more: false });
	});

	it('gives a place that left as a tombstone, also in entries of when it was there', async () => {
		const feed = new FakeFeed(rows);
		const [ended, merged, kept] = [someone(), someone(), someone()];
		for (const place of [ended, merged, kept]) feed.put(place);
		feed.take(merged.id, 'merged', kept.id);
		feed.take(ended.id, 'ended');
		const all = await read(feed, '');
		expect(all.changes.map(({ state }) => state)).toEqual(['later', 'later', 'present', 'gone', 'gone']);
		expect(all.changes[3]!.tombstone).toEqual({ kind: 'merged', on: '2026-11-21', reason: null, into_id: kept.id });
		const early = await read(feed, 'limit=2');
		expect(early.changes.map(({ kind, state }) => [kind, state])).toEqual([
			['created', 'gone'],
			['created', 'gone']
		]);
		expect(early.changes[0]!.tombstone).toMatchObject({ kind: 'ended', reason: 'closed' });
		expect(JSON.stringify(early)).not.toContain(ended.facts.name);
	});

	it('never says what was closed meanwhile, nor what the value had been', async () => {
		const feed = new FakeFeed(rows);
		const open = { ...someone(), facts: { ...someone().facts, phone: '+33251000000' } };
		feed.put(open);
		feed.put({ ...open, facts: { ...open.facts, phone: null } }, 'redacted');
		feed.changes_.at(-1)!.facts = ['phone'];
		for (const query of ['limit=1', '']) expect(JSON.stringify(await read(feed, query))).not.toContain('+33251000000');
	});

	it('follows one dataset: what is under another licence is outside, and out when it changes', async () => {
		const feed = new FakeFeed(rows);
		const place = someone();
		feed.put(place);
		feed.put(licensed(place, 'ODbL-1.0'));
		const own = await read(feed, '');
		expect(own.changes[1]).toMatchObject({ state: 'outside', feature: null, tombstone: null });
		const other = await read(feed, 'dataset=places-odbl');
		expect(other).toMatchObject({ licence: 'ODbL-1.0', changes: [{}, { state: 'present', feature: { id: place.id } }] });
	});

	it('asks to begin anew when a category or the licence of all changes, and not for the figures of the day', async () => {
		const feed = new FakeFeed(rows);
		const notes = [
			['category', 'creche', 'created'],
			['category', 'creche', 'updated'],
			['settings', 'licence', 'updated'],
			['settings', 'moderation_figures', 'updated']
		] as const;
		for (const [subject, id, kind] of notes) feed.note(subject, id, kind);
		expect((await read(feed, '')).changes.map(({ reload, state }) => [reload, state])).toEqual([
			[false, null],
			[true, null],
			[true, null],
			[false, null]
		]);
	});

	it.each([
		'sinse=1',
		'since=1&since=2',
		'since=-1',
		'limit=0',
		'limit=x',
		'dataset=nothing',
		'theme=nothing',
		'area=',
		'area=x'
	])('refuses ?%s and says why', async (query) => {
		await expect(read(new FakeFeed(rows), query)).rejects.toThrow(new RegExp(query.split('=')[0]!));
	});

	it('forgets what is older than it can remember, the same on every node', async () => {
		const feed = new FakeFeed(rows);
		for (let i = 0; i < recentLength + 10; i++) feed.note('settings', 'contact', 'updated');
		const { view } = await editionOf(feed);
		expect([9, 10].map((since) => remembers(view, since))).toEqual([false, true]);
	});
});

describe('the tag of a page', () => {
	it('stays while nothing of a full page of the past has moved', async () => {
		const feed = new FakeFeed(rows);
		const places = [someone(), someone(), someone()];
		for (const place of places) feed.put(place);
		const tag = async (limit: number) => {
			const { view } = await editionOf(feed);
			return dependsOn(view, pageOf(view, { since: 0, limit }));
		};
		expect([await tag(2), await tag(9)]).toEqual([2, 3]);
		feed.put(named(places[2]!, 'Ailleurs'));
		expect([await tag(2), await tag(9)]).toEqual([2, 4]);
		feed.put(named(places[0]!, 'Ici'));
		expect(await tag(2)).toBe(5);
		feed.note('category', 'creche', 'updated');
		expect(await tag(2)).toBe(6);
	});

	it('turns when the place moves into which one of the page was merged', async () => {
		const feed = new FakeFeed(rows);
		const [from, into, other] = [someone(), someone(), someone()];
		feed.put(from);
		for (const place of [into, other]) feed.put(place);
		feed.take(from.id, 'merged', into.id);
		feed.take(into.id, 'merged', other.id);
		const { view } = await editionOf(feed);
		expect(dependsOn(view, pageOf(view, { since: 0, limit: 1 }))).toBe(5);
	});
});

describe('who belongs to a selection', () => {
	it('is who the view selects', async () => {
		const feed = new FakeFeed(rows);
		for (let i = 0; i < 80; i++) feed.put(licensed(someone(), pick(random, [null, 'ODbL-1.0', 'etalab-2.0'])));
		const { view } = await editionOf(feed);
		const place = pick(random, [...view.all()]);
		const { theme, area } = place;
		for (const selection of [
			{ licence: 'etalab-2.0' },
			{ theme },
			{ area: area! },
			{ area: 'nantes' },
			{ steward: 'ville' },
			{ theme, area: 'nantes', licence: 'ODbL-1.0' }
		]) {
			const judged = [...view.all()].filter((one) => belongs(view, selection, one)).map(({ id }) => id);
			expect(judged).toEqual([...view.select(selection)].map(({ id }) => id));
		}
	});
});

describe('a reader who follows', () => {
	it.each([1, 2, 3, 4, 5, 6])('has what the file has, whatever happens between her pages (%i)', async (seed) => {
		const chance = seeded(seed);
		const feed = new FakeFeed(rows);
		const gone: Place[] = [];
		const query = pick(chance, ['', '&area=nantes', '&theme=culture', '&organisation=ville', '&dataset=places-odbl']);
		// There for as long as somebody is under it.
		feed.put(licensed(someone(), 'ODbL-1.0'));
		const held = new Map<string, PlaceFeature>();
		let next = `https://carte.example/data/changes?since=0&limit=7${query}`;
		const step = async (edition: Edition) => {
			const body = await read(edition, new URL(next).search);
			for (const { state, id, feature } of body.changes) {
				if (state === 'present') held.set(id, feature!);
				else if (state !== 'later') held.delete(id);
			}
			next = body.next;
			return body.more;
		};
		for (let i = 0; i < 150; i++) {
			const [, ...there] = [...feed.places_.values()];
			const place = there.length > 0 ? pick(chance, there) : someone();
			const act = chance();
			if (act < 0.3 || there.length < 3) feed.put(someone());
			else if (act < 0.5) feed.put(named(place, `Nom ${i}`));
			else if (act < 0.6) feed.put(licensed(place, pick(chance, [null, 'ODbL-1.0'])));
			else if (act < 0.7)
				feed.put({ ...place, steward: pick(chance, [null, 'ville']), area: pick(chance, [null, 'nantes-bellevue']) });
			else if (act < 0.8) feed.take(place.id, 'merged', pick(chance, there).id);
			else if (act < 0.9) {
				gone.push(place);
				feed.take(place.id, pick(chance, ['ended', 'withdrawn']));
			} else if (gone.length > 0) feed.put(gone.pop()!, 'reopened');
			if (chance() < 0.1) await step(await editionOf(feed));
		}
		const edition = await editionOf(feed);
		while (await step(edition));
		const { selections } = parseChangesQuery(edition.view, new URL(next).searchParams);
		const expected = [...edition.view.select(Object.assign({}, ...selections) as object)];
		expect([...held.keys()].sort()).toEqual(expected.map(({ id }) => id));
		for (const place of expected) expect(JSON.stringify(held.get(place.id))).toBe(JSON.stringify(featureOf(place, edition)));
		if (query === '') {
			const dataset = datasetOf(edition.view, 'places')!;
			expect(selectionOf(dataset)).toEqual(selections[0]);
			expect([...placesOf(edition, dataset)].length).toBe(held.size);
		}
	});
});
