import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import type { HistoryEntry, HistoryOperation, Offer, Photo, Place } from '../../src/lib/domain/place.ts';
import { follow } from '../../src/lib/server/published/follow.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { isLost } from '../../src/lib/server/published/losses.ts';
import { createPublished } from '../../src/lib/server/published/published.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const rows = syntheticReference();
const photo = (id: string, alt = 'La façade'): Photo => ({ id, alt, licence: 'CC-BY-4.0', width: 1600, height: 1200 });
const offer: Offer = {
	...{ id: '7d3b0f1e-0000-4000-8000-000000000001', name: 'Permanence', summary: 'Le lundi', category: null, booking: null },
	...{ audience: ['seniors'], cost: 'free', opening_hours: null, closures: [], assurances: {} }
};
const closure = { from: '2026-12-24', to: '2026-12-26', reason: 'Fêtes' };

const version = (number: number, operations: HistoryOperation[]): HistoryEntry => ({
	...{
		version: number,
		kind: 'updated',
		on: '2026-11-20',
		by_role: 'agent',
		by_organisation: 'ville',
		source: null,
		reason: null
	},
	operations
});

const synthetic = syntheticPlace(seeded(4), rows);
const before: Place = {
	...synthetic,
	...{ version: 2, steward: 'ville', offers: [offer], extra: { seats: 12 } },
	facts: {
		...synthetic.facts,
		...{ phone: '+33240111111', audience: ['children', 'families'], closures: [closure], photos: [photo('a'), photo('b')] }
	},
	history: [version(2, [{ fact: 'phone', old: '+33240000000', new: '+33240111111' }])]
};

/** As an edit leaves it: facts by path, and a version that says what they were. */
function edited(change: Partial<Place>, facts: Partial<Place['facts']>, ...operations: HistoryOperation[]): Place {
	const { facts: known, history, ...rest } = before;
	const number = before.version + 1;
	const all = [...history, version(number, operations)];
	return { ...rest, ...change, version: number, facts: { ...known, ...facts }, history: all };
}

describe('what everyone could read of a place', () => {
	test.each<[string, Place]>([
		['nothing changed', structuredClone(before)],
		[
			'a value takes the place of another',
			edited({}, { phone: '+33240222222' }, { fact: 'phone', old: '+33240111111', new: '+33240222222' })
		],
		['a value is taken out', edited({}, { phone: null }, { fact: 'phone', old: '+33240111111', new: null })],
		[
			'a list gets shorter',
			edited({}, { audience: ['children'] }, { fact: 'audience', old: ['children', 'families'], new: ['children'] })
		],
		['a closure is over', edited({}, { closures: [] }, { fact: 'closures', old: [closure], new: [] })],
		[
			'the place moves',
			edited(
				{ position: { lon: -1.5, lat: 47.2 } },
				{},
				{ fact: 'position', old: before.position, new: { lon: -1.5, lat: 47.2 } }
			)
		],
		[
			'an offer changes its name',
			edited(
				{ offers: [{ ...offer, name: 'Consultation' }] },
				{},
				{ fact: `offer:${offer.id}.name`, old: 'Permanence', new: 'Consultation' }
			)
		],
		[
			'an offer ends',
			edited(
				{ offers: [] },
				{},
				{
					fact: `offer:${offer.id}`,
					old: { name: 'Permanence', summary: 'Le lundi', audience: ['seniors'], cost: 'free' },
					new: null
				}
			)
		],
		['an extra fact changes', edited({ extra: { seats: 14 } }, {}, { fact: 'extra.seats', old: 12, new: 14 })],
		['somebody else takes care of it', edited({ steward: 'les-amis' }, {}, { fact: 'steward', old: 'ville', new: 'les-amis' })],
		['nobody vouches for what a visitor corrected', { ...before, assurances: {} }],
		['a photo is added', edited({}, { photos: [photo('a'), photo('b'), photo('c')] })],
		[
			'somebody vouches for it anew',
			{
				...before,
				assurances: Object.fromEntries(
					Object.entries(before.assurances).map(([fact, one]) => [fact, { ...one, on: '2026-11-22', method: 'phone' }])
				)
			}
		]
	])('stays readable when %s', (_, after) => expect(isLost(before, after)).toBe(false));

	test.each<[string, Place | null]>([
		['the place leaves', null],
		['a fact is withheld, with its history', { ...before, facts: { ...before.facts, phone: null }, history: [version(2, [])] }],
		['a fact that no version names is withheld', { ...before, facts: { ...before.facts, email: null } }],
		['another value stands where one was withheld', { ...before, facts: { ...before.facts, email: 'autre@exemple.fr' } }],
		['a photo is withheld', { ...before, facts: { ...before.facts, photos: [photo('b')] } }],
		[
			'an edit takes a photo off, whose picture no history shows',
			edited({}, { photos: [photo('a')] }, { fact: 'photos', old: ['a', 'b'], new: ['a'] })
		],
		['the words beside a photo are taken back', { ...before, facts: { ...before.facts, photos: [photo('a', ''), photo('b')] } }],
		['an item of a list is taken out without a word', { ...before, facts: { ...before.facts, audience: ['children'] } }],
		['an extra fact is withheld', { ...before, extra: {} }],
		['an offer is withheld', { ...before, offers: [] }],
		['what an offer says is withheld', { ...before, offers: [{ ...offer, summary: null }] }],
		['the steward is withheld', { ...before, steward: null }],
		['the precision gets coarser', { ...before, position: { lon: -1.55, lat: 47.21 } }],
		[
			'a former value is redacted in the history',
			{ ...before, history: [version(2, [{ fact: 'phone', old: null, new: null }])] }
		],
		['a version is no more there', { ...before, history: [] }],
		['an organisation is taken out of a version', { ...before, history: [{ ...before.history[0]!, by_organisation: null }] }]
	])('is lost when %s', (_, after) => expect(isLost(before, after)).toBe(true));
});

async function townOf(count: number) {
	const random = seeded(9);
	const feed = new FakeFeed(rows);
	for (let i = 0; i < count; i++) feed.put(syntheticPlace(random, rows));
	feed.put(before);
	const snapshot = await loadSnapshot(feed, () => 0);
	await follow(feed, snapshot);
	return { feed, snapshot, other: [...feed.places_.values()][0]! };
}

const withheld: Place = { ...before, facts: { ...before.facts, email: null } };
const corrected = edited({}, { phone: '+33240222222' }, { fact: 'phone', old: '+33240111111', new: '+33240222222' });

describe('the number of the last loss', () => {
	it('is at first that of what was loaded, and stays while edits replace, add and confirm', async () => {
		const { feed, snapshot } = await townOf(3);
		expect(snapshot.view.lostAt).toBe(4);
		feed.put(corrected);
		feed.put(syntheticPlace(seeded(77), rows));
		feed.put(corrected, 'verified');
		feed.note('organisation', 'les-amis', 'created');
		await follow(feed, snapshot);
		await snapshot.compact();
		expect([snapshot.view.seq, snapshot.view.lostAt]).toEqual([8, 4]);
	});

	it('follows a fact that is withheld under the name of an update, before and after a folding', async () => {
		const { feed, snapshot } = await townOf(3);
		feed.put(withheld);
		await follow(feed, snapshot);
		expect(snapshot.view.lostAt).toBe(5);
		await follow(feed, snapshot);
		await snapshot.compact();
		feed.put(corrected);
		await follow(feed, snapshot);
		expect(snapshot.view.lostAt).toBe(5);
		await snapshot.compact();
		feed.put({ ...corrected, offers: [] });
		await follow(feed, snapshot);
		expect(snapshot.view.lostAt).toBe(7);
	});

	it.each(['ended', 'merged', 'withdrawn'])('follows a place that is %s', async (kind) => {
		const { feed, snapshot } = await townOf(3);
		feed.take(before.id, kind);
		await follow(feed, snapshot);
		expect(snapshot.view.lostAt).toBe(5);
	});

	it('follows what is redacted, and whatever is no place and was not created', async () => {
		const { feed, snapshot } = await townOf(3);
		feed.note('place', before.id, 'redacted');
		await follow(feed, snapshot);
		expect(snapshot.view.lostAt).toBe(5);
		feed.note('settings', 'contact', 'updated');
		await follow(feed, snapshot);
		expect(snapshot.view.lostAt).toBe(6);
	});

	it('follows places that a category closes although the feed does not name them', async () => {
		const { feed, snapshot } = await townOf(3);
		feed.places_.set(before.id, withheld);
		feed.note('category', before.category, 'updated');
		await follow(feed, snapshot);
		expect(snapshot.view.byId(before.id)?.facts.email).toBeNull();
		expect(snapshot.view.lostAt).toBe(5);
	});

	it('is never too early when a place is read in a newer state than its change says', async () => {
		const { feed, snapshot, other } = await townOf(3);
		feed.put(corrected);
		feed.put({ ...corrected, offers: [] });
		feed.put(other, 'verified');
		// The second change is committed when the place of the first is read, and named only at the next look.
		feed.maxRows = 2;
		await follow(feed, snapshot);
		expect([snapshot.view.seq, snapshot.view.lostAt]).toEqual([5, 5]);
		feed.maxRows = 1000;
		await follow(feed, snapshot);
		expect([snapshot.view.seq, snapshot.view.lostAt]).toEqual([7, 6]);
		await follow(feed, snapshot);
		feed.put({ ...corrected, offers: [] }, 'verified');
		await follow(feed, snapshot);
		expect([snapshot.view.seq, snapshot.view.lostAt]).toEqual([8, 6]);
	});

	it('is never too early when something was withheld while everything was read', async () => {
		const feed = new FakeFeed(rows, []);
		feed.put(before);
		const { places } = feed;
		feed.places = async (after, limit) => {
			if (after === null) feed.put(withheld);
			return places(after, limit);
		};
		const snapshot = await loadSnapshot(feed, () => 0);
		expect([snapshot.view.seq, snapshot.view.byId(before.id)!.facts.email]).toEqual([1, null]);
		await follow(feed, snapshot);
		expect([snapshot.view.seq, snapshot.view.lostAt]).toEqual([2, 2]);
	});
});

describe('the snapshot on disk', () => {
	const folders: string[] = [];
	afterAll(() => Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true, maxRetries: 5 }))));

	const secret = 'confidentiel@exemple.fr';
	const open: Place = { ...before, facts: { ...before.facts, email: secret } };

	async function onDisk() {
		const dir = await mkdtemp(join(tmpdir(), 'losses-'));
		folders.push(dir);
		const feed = new FakeFeed(rows, []);
		feed.put(open);
		const log = { info: () => undefined, warn: () => undefined };
		const first = createPublished({ source: feed, dir, log, pollMs: 5 });
		await first.start();
		await first.ready();
		await first.stop();
		const published = createPublished({ source: feed, dir, log, pollMs: 5, saveMs: 3_600_000 });
		await published.start();
		await expect.poll(() => published.status().database).toBe('up');
		return { feed, published, text: () => readFile(join(dir, 'places.ndjson'), 'utf8') };
	}

	it('loses at once a fact that is withheld, which the feed calls an update', async () => {
		const { feed, published, text } = await onDisk();
		expect(await text()).toContain(secret);
		feed.put(withheld);
		await expect.poll(text).not.toContain(secret);
		await published.stop();
	});

	it('is not written for an edit that takes nothing away', async () => {
		const { feed, published, text } = await onDisk();
		const history = [...open.history, version(3, [{ fact: 'summary', old: open.facts.summary, new: 'Autre' }])];
		const young: Place = { ...open, facts: { ...open.facts, summary: 'Autre' }, history };
		feed.put(young);
		feed.put(young, 'verified');
		await published.until(3, AbortSignal.timeout(5000));
		const looks = feed.asked.changes!;
		await expect.poll(() => feed.asked.changes).toBeGreaterThan(looks + 1);
		expect(JSON.parse((await text()).split('\n')[0]!)).toMatchObject({ seq: 1 });
		await published.stop();
	});
});
