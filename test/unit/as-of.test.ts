import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, Place } from '../../src/lib/domain/place.ts';
import { asOfDay, isPastDay, placeAsOf, placesAsOf } from '../../src/lib/server/opendata/as-of.ts';
import { datasetOf, formats, placesOf } from '../../src/lib/server/opendata/datasets.ts';
import type { Format } from '../../src/lib/server/opendata/datasets.ts';
import type { Edition, PlaceFeature } from '../../src/lib/server/opendata/geojson.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { makeReference } from '../../src/lib/server/published/reference.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const plain = syntheticReference();
const extraFacts = { places: anExtra(), keys: anExtra() };
const rows = { ...plain, categories: plain.categories.map((category) => ({ ...category, extraFacts })) };
const reference = makeReference(rows);
const dayOf = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
const offerId = '0b7bd0f6-6f0e-4b5c-9d5c-0c8e6ef0a001';

function anExtra() {
	return { label: { fr: '', en: '' }, type: 'string' as const };
}

const born = (): Place => ({
	...syntheticPlace(seeded(3), rows),
	offers: [],
	extra: {},
	assurances: {},
	version: 0,
	history: []
});

type Operation = NonNullable<HistoryEntry['operations']>[number] & { redacted?: boolean };

/** A place whose life is written down as the database does it. */
class Life {
	place = born();
	there = false;

	version(kind: HistoryEntry['kind'], day: string, operations: Operation[] = []): void {
		const entry = {
			version: ++this.place.version,
			kind,
			on: day,
			by_role: null,
			by_organisation: null,
			source: null,
			reason: null
		};
		this.place.history.push(kind === 'created' ? { ...entry, facts: ['name'] } : { ...entry, operations });
		if (kind !== 'updated') this.there = kind === 'created' || kind === 'reopened';
	}

	set(day: string, fact: string, value: unknown): void {
		const old = this.value(fact);
		// As the database has it: without its offer a part of it can't change.
		if (old === undefined) return;
		this.put(fact, value);
		this.version('updated', day, [{ fact, old, new: value }]);
	}

	/** Undefined where nothing could be. */
	value(fact: string): unknown {
		const { place } = this;
		const [, , part] = /^offer:(.{36})\.?(.*)$/.exec(fact) ?? [];
		if (part !== undefined) {
			const [offer] = place.offers;
			if (part !== '') return offer && ((offer as unknown as Record<string, unknown>)[part] ?? null);
			return offer ? structuredClone({ ...offer, id: undefined, assurances: undefined }) : null;
		}
		if (fact.startsWith('extra.')) return place.extra[fact.slice(6)] ?? null;
		const holder = fact in place.facts ? place.facts : place;
		return structuredClone((holder as unknown as Record<string, unknown>)[fact] ?? null);
	}

	put(fact: string, value: unknown): void {
		const { place } = this;
		const [, , part] = /^offer:(.{36})\.?(.*)$/.exec(fact) ?? [];
		if (part !== undefined) {
			if (part !== '') place.offers = [{ ...place.offers[0]!, [part]: value }];
			else place.offers = value === null ? [] : [{ ...emptyOffer, ...(value as object) }];
		} else if (fact.startsWith('extra.')) {
			const { [fact.slice(6)]: _, ...rest } = place.extra;
			place.extra = value === null ? rest : { ...rest, [fact.slice(6)]: value as string };
		} else if (fact in place.facts) Object.assign(place.facts, { [fact]: value });
		else Object.assign(place, { [fact]: value });
	}
}

const emptyOffer = {
	...{ id: offerId, name: '', summary: null, category: null, audience: [], cost: null, booking: null },
	...{ opening_hours: null, closures: [], assurances: {} }
};

/** What of a place can be compared with what it was. */
const state = ({ kind, category, steward, position, facts, extra, offers, version }: Place) =>
	structuredClone({ kind, category, steward, position, facts, extra, offers, version });

const word = fc.constantFrom('Un', 'Deux', 'Trois', 'Quatre');
const maybe = fc.option(word);
const change: fc.Arbitrary<[fact: string, value: unknown]> = fc.oneof(
	fc.tuple(fc.constantFrom('name', 'opening_hours'), word),
	fc.tuple(fc.constantFrom('phone', 'description', 'extra.places', 'extra.keys', 'steward'), maybe),
	fc.tuple(fc.constant('audience'), fc.subarray(['children', 'seniors'])),
	fc.tuple(fc.constant('kind'), fc.constantFrom('service', 'initiative')),
	fc.tuple(fc.constant('category'), fc.constantFrom('ludotheque', 'medecin')),
	fc.tuple(fc.constant('position'), fc.record({ lon: fc.constantFrom(-1.6, -1.55), lat: fc.constantFrom(47.2, 47.25) })),
	fc.tuple(fc.constant(`offer:${offerId}`), fc.option(fc.record({ name: word, cost: fc.constantFrom('free', 'paid') }))),
	fc.tuple(fc.constantFrom(`offer:${offerId}.name`, `offer:${offerId}.summary`), word)
);
const step = fc.record({
	wait: fc.integer({ min: 0, max: 2 }),
	act: fc.oneof({ weight: 5, arbitrary: change }, { weight: 1, arbitrary: fc.constant('leave or come back' as const) })
});

describe('a place as of a day', () => {
	it('is what it was then, whatever happened to it since', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
				const life = new Life();
				const recorded = new Map<number, ReturnType<typeof state> | null>([[-1, null]]);
				let day = 0;
				const record = () => recorded.set(day, life.there ? state(life.place) : null);
				life.version('created', dayOf(day));
				record();
				for (const { wait, act } of steps) {
					for (const until = day + wait; day < until; record()) day++;
					if (typeof act === 'string') life.version(life.there ? 'ended' : 'reopened', dayOf(day));
					else life.set(dayOf(day), ...act);
					record();
				}
				// Only of those that are there today anything is public.
				if (!life.there) life.version('reopened', dayOf(++day));
				record();
				for (const [number, expected] of recorded) {
					const past = placeAsOf(life.place, dayOf(number), reference);
					expect(past && state(past)).toEqual(expected);
				}
			}),
			{ numRuns: 300, seed: 11 }
		);
	});

	const life = (...versions: [kind: HistoryEntry['kind'], ...Operation[]][]): Place => {
		const one = new Life();
		one.version('created', dayOf(0));
		versions.forEach(([kind, ...operations], i) => one.version(kind, dayOf(10 * (i + 1)), operations));
		return one.place;
	};
	const then = (place: Place, day = 5) => placeAsOf(place, dayOf(day), reference);

	it('tells nothing that was redacted, but what was before and after it', () => {
		const redacted = { fact: 'phone', old: null, new: null, redacted: true };
		const place = life(['updated', { fact: 'phone', old: 'Un', new: 'Deux' }], ['updated', redacted], ['updated', redacted]);
		place.facts.phone = 'Trois';
		expect([5, 15, 25, 35].map((day) => then(place, day)?.facts.phone)).toEqual(['Un', 'Deux', null, 'Trois']);
		const unnamed = life(['redacted', { ...redacted, fact: 'name' }]);
		expect(then(unnamed)?.facts.name).toBe('—');
	});

	it('is not there while it was not open, nor are facts that were closed', () => {
		expect(then(life(['updated', { fact: 'openness', old: 'private', new: 'open' }]))).toBeNull();
		const place = life(['updated', { fact: 'fact_openness', old: { phone: 'shared', 'extra.keys': 'private' }, new: null }]);
		place.facts.phone = 'Un';
		place.extra = { keys: 'sous le pot' };
		expect([then(place)?.facts.phone, then(place)?.extra]).toEqual([null, {}]);
		expect([then(place, 15)?.facts.phone, then(place, 15)?.extra]).toEqual(['Un', { keys: 'sous le pot' }]);
		const discreet = {
			...rows,
			categories: rows.categories.map((one) => ({ ...one, factOpenness: { email: 'shared' as const } }))
		};
		const made = life(['updated', { fact: 'fact_openness', old: null, new: { email: 'open' } }]);
		const emails = [5, 15].map((day) => placeAsOf(made, dayOf(day), makeReference(discreet))?.facts.email);
		expect(emails).toEqual([null, made.facts.email]);
	});

	it('is not told when only its street was shown, then or now, unless nothing changed since', () => {
		const moved = { fact: 'position', old: { lon: -1.5, lat: 47.2 }, new: { lon: -1.6, lat: 47.3 } };
		expect(then(life(['updated', { fact: 'precision', old: 'street', new: 'exact' }, moved]))).toBeNull();
		const blurred = life(['updated']);
		blurred.facts.precision = 'area';
		expect([then(blurred), then(blurred, 15)?.id]).toEqual([null, blurred.id]);
	});

	it('shows only photos that are shown today', () => {
		const photo = (id: string) => ({ id, alt: id, licence: null, width: 1, height: 1 });
		const [kept, gone, later] = ['a', 'b', 'c'].map(photo) as [ReturnType<typeof photo>, ...ReturnType<typeof photo>[]];
		const place = life(['updated', { fact: 'photos', old: [kept, gone], new: [kept, later] }]);
		place.facts.photos = [kept, later!];
		expect(then(place)?.facts.photos).toEqual([kept]);
	});

	it('lies in the neighbourhood where it lay', () => {
		const within = (slug: string) => {
			const [[lon, lat]] = reference.areaBySlug.get(slug)!.geometry.coordinates[0] as [[number, number]];
			return { lon: lon + 0.01, lat: lat + 0.01 };
		};
		const [bellevue, zola] = [within('nantes-bellevue'), within('nantes-zola')];
		const place = life(['updated', { fact: 'position', old: bellevue, new: zola }]);
		Object.assign(place, { position: zola, area: 'nantes-zola' });
		expect([then(place)?.area, then(place, 15)?.area]).toEqual(['nantes-bellevue', 'nantes-zola']);
		place.history[1]!.operations![0]!.old = { lon: 2.3, lat: 48.8 };
		expect(then(place)?.area).toBeNull();
	});
});

describe('a dataset as of a day', () => {
	async function editionOf(feed: FakeFeed, day: string): Promise<Edition> {
		const { view } = await loadSnapshot(feed, () => 0);
		return { view, origin: 'https://carte.example', today: '2026-11-21', asOf: asOfDay(view, day) };
	}
	const read = (edition: Edition, format: 'geojson' | 'csv') => {
		const dataset = datasetOf(edition.view, 'places')!;
		const { text } = formats[format] as Format;
		return [...text!(placesOf(edition, dataset), edition, dataset)].join('');
	};

	it('holds those that were in it then, says what it is and who has left since, and vouches for nothing', async () => {
		const feed = new FakeFeed(rows);
		const one = new Life();
		one.version('created', dayOf(0));
		one.version('updated', dayOf(10), [{ fact: 'licence', old: 'ODbL-1.0', new: null }]);
		const two = { ...one.place, id: one.place.id.replace(/^./, 'e'), history: one.place.history.slice(0, 1), version: 1 };
		const gone = { ...two, id: one.place.id.replace(/^./, 'f') };
		for (const place of [one.place, two, gone]) feed.put(place);
		feed.take(gone.id, 'ended');
		const file = JSON.parse(read(await editionOf(feed, dayOf(5)), 'geojson')) as { features: PlaceFeature[] };
		expect(file).toMatchObject({
			as_of: '2026-01-06',
			as_of_note: expect.stringContaining('left_since') as unknown,
			left_since: [{ id: gone.id, kind: 'ended', on: '2026-11-21', reason: 'closed', into_id: null }]
		});
		expect(file.features.map(({ id }) => id)).toEqual([two.id]);
		expect(file.features[0]!.properties).toMatchObject({ verified_at: null, freshness: null, assurances: {}, version: 1 });
		const after = await editionOf(feed, dayOf(15));
		expect([...placesAsOf(after.view, { licence: 'etalab-2.0' }, dayOf(15))]).toHaveLength(2);
		expect(read(after, 'csv').trimEnd().split('\r\n')).toHaveLength(3);
		expect(
			read(await editionOf(feed, '2025-12-31'), 'csv')
				.trimEnd()
				.split('\r\n')
		).toHaveLength(1);
	});

	it.each([
		['2026-03-01', true],
		['2026-11-21', true],
		['2026-11-22', false],
		['2026-02-30', false],
		['2026-3-1', false],
		['yesterday', false]
	])('%s is a day of the past: %s', (text, isOne) => expect(isPastDay(text, '2026-11-21')).toBe(isOne));
});
