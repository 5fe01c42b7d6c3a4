import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryEntry, Place } from '../../src/lib/domain/place.ts';
import { checksums, lastDayOf, monthsSince, parseFileName } from '../../src/lib/server/opendata/archives/archive.ts';
import type { Archive, ArchiveFormat } from '../../src/lib/server/opendata/archives/archive.ts';
import { below } from '../../src/lib/server/db/archive-files.ts';
import { describeArchives } from '../../src/lib/server/opendata/archives/describe.ts';
import { serveArchive } from '../../src/lib/server/opendata/archives/serve-archive.ts';
import { findLosses } from '../../src/lib/server/opendata/archives/amend.ts';
import { touchedSince } from '../../src/lib/server/opendata/archives/touched.ts';
import { Archives } from '../../src/lib/server/opendata/archives/archives.ts';
import { datasetOf, formats, placesOf } from '../../src/lib/server/opendata/datasets.ts';
import type { Format } from '../../src/lib/server/opendata/datasets.ts';
import type { PlaceFeature } from '../../src/lib/server/opendata/geojson.ts';
import { follow } from '../../src/lib/server/published/follow.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { Recent } from '../../src/lib/server/published/recent.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import type { Snapshot } from '../../src/lib/server/published/snapshot.ts';
import { FakeFeed } from '../support/fake-feed.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { seeded } from '../support/random.ts';
import { syntheticPlace, syntheticReference } from '../support/synthetic.ts';

const folders: string[] = [];
const newFolder = () => {
	const folder = mkdtempSync(join(tmpdir(), 'archives-'));
	folders.push(folder);
	return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const plain = syntheticReference();
const extraFacts = { places: { label: { fr: '', en: '' }, type: 'integer' as const } };
const rows = { ...plain, categories: plain.categories.map((category) => ({ ...category, extraFacts })) };
const origin = 'https://carte.example';
const photo = { id: '0b7bd0f6-6f0e-4b5c-9d5c-0c8e6ef0b001', alt: 'La façade', licence: 'etalab-2.0' };
const offer = {
	...{ id: '0b7bd0f6-6f0e-4b5c-9d5c-0c8e6ef0a001', name: 'Permanence', summary: 'Le lundi', category: null, audience: [] },
	...{ cost: null, booking: null, opening_hours: 'Mo 09:00-12:00', closures: [], assurances: {} }
};

const entry = (version: number, kind: HistoryEntry['kind'], on: string, more: object = {}): HistoryEntry =>
	({ version, kind, on, by_role: null, by_organisation: null, source: null, reason: null, ...more }) as HistoryEntry;

/** A town in October and what happens to it. */
class Town {
	time = Date.parse('2026-10-31T20:00:00Z');
	feed = new FakeFeed(rows);
	snapshot!: Snapshot;
	store = new MemoryStore(() => this.time);
	ids: string[] = [];

	async begin(): Promise<this> {
		const random = seeded(5);
		for (let i = 0; i < 6; i++) {
			const place = syntheticPlace(random, rows);
			this.ids.push(place.id);
			this.feed.put({
				...place,
				createdAt: '2026-10-05T08:00:00.000Z',
				updatedAt: '2026-10-05T08:00:00.000Z',
				version: 1,
				facts: { ...place.facts, photos: [photo] as never, description: 'Ligne\u2028suivante\n« et "citée" », encore' },
				offers: [offer],
				history: [entry(1, 'created', '2026-10-05', { facts: ['name'] })]
			});
		}
		this.snapshot = await loadSnapshot(this.feed, () => 0);
		return this;
	}

	node(dir = newFolder(), more: object = {}): Archives {
		const { store } = this;
		return new Archives({ store, dir, origin, current: () => this.snapshot.view, now: () => this.time, ...more });
	}

	/** A node that looked before and after midnight. */
	async throughTheNight(dir = newFolder()): Promise<Archives> {
		const archives = this.node(dir);
		await archives.round();
		this.time = Date.parse('2026-10-31T23:00:05Z');
		await archives.round();
		return archives;
	}

	place = (index: number): Place => structuredClone(this.feed.places_.get(this.ids[index]!)!);

	/** What the database publishes of a place from now on. */
	async publish(place: Place, kind = 'updated'): Promise<void> {
		this.feed.put(place, kind);
		await follow(this.feed, this.snapshot);
	}

	/** An ordinary edit: what was stays in the public history. */
	async edit(index: number, fact: 'phone' | 'name', value: string): Promise<void> {
		const place = this.place(index);
		const old = place.facts[fact];
		place.version++;
		place.history.push(entry(place.version, 'updated', '2026-11-03', { operations: [{ fact, old, new: value }] }));
		await this.publish({ ...place, facts: { ...place.facts, [fact]: value } });
	}

	/** A value that is withheld, or closed: it is in nothing public any more. */
	async withhold(index: number, fact: 'phone' | 'description'): Promise<void> {
		const place = this.place(index);
		await this.publish({ ...place, facts: { ...place.facts, [fact]: null } });
	}

	async take(index: number, kind: string): Promise<void> {
		this.feed.take(this.ids[index]!, kind);
		await follow(this.feed, this.snapshot);
	}
}

const only = (archives: Archives): Archive => archives.list('places')![0]!;

async function pathOf(archives: Archives, format: ArchiveFormat = 'geojson.gz', month = '2026-10'): Promise<string> {
	const opened = await archives.open('places', month, format);
	if (opened === null || opened === 'unsure') throw new Error(String(opened));
	return opened.path;
}
const bytesOf = async (...asked: Parameters<typeof pathOf>) => readFileSync(await pathOf(...asked));
const geojsonOf = async (archives: Archives, month?: string) => {
	type File = { features: PlaceFeature[]; as_of?: string; as_of_note?: string; seq: number; amended?: unknown };
	return JSON.parse(gunzipSync(await bytesOf(archives, 'geojson.gz', month)).toString()) as File;
};
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** All that is kept anywhere, as text. */
function everything({ store }: Town, dir: string): string {
	const unpack = (bytes: Uint8Array) => (bytes[0] === 0x1f ? gunzipSync(bytes) : Buffer.from(bytes)).toString();
	const here = readdirSync(dir).map((name) => unpack(readFileSync(join(dir, name))));
	return [...[...store.objects.values()].map(({ bytes }) => unpack(bytes)), ...here].join('\n');
}

describe('the files of a month', () => {
	let town: Town;
	beforeEach(async () => {
		town = await new Town().begin();
	});

	it('are written as the month ends, as the dataset was then, under a checksum that is theirs', async () => {
		const archives = await town.throughTheNight();
		const view = town.snapshot.view;
		const edition = { view, origin, today: '2026-10-31' };
		const dataset = datasetOf(view, 'places')!;
		const text = (format: Format) => [...format.text!(placesOf(edition, dataset), edition, dataset)].join('');
		const archive = only(archives);
		expect(archive).toMatchObject({
			month: '2026-10',
			day: '2026-10-31',
			madeOn: '2026-11-01',
			rebuilt: false,
			places: 6,
			seq: 6
		});
		const [geojson, csv] = [await bytesOf(archives), await bytesOf(archives, 'csv')];
		expect(gunzipSync(geojson).toString()).toBe(text(formats.geojson));
		expect(csv.toString()).toBe(text(formats.csv));
		expect([sha256(geojson), sha256(csv)]).toEqual([archive.files['geojson.gz'].sha256, archive.files.csv.sha256]);
		expect([geojson.length, csv.length]).toEqual([archive.files['geojson.gz'].bytes, archive.files.csv.bytes]);
		expect(checksums([archive])).toBe(`${sha256(geojson)}  places-2026-10.geojson.gz\n${sha256(csv)}  places-2026-10.csv\n`);
	});

	it('hold the last moment of the month, not what happened in the first of the next', async () => {
		const archives = town.node();
		await archives.round();
		town.time = Date.parse('2026-10-31T23:00:05Z');
		await town.withhold(0, 'description');
		await town.edit(1, 'phone', '+33240111111');
		await archives.round();
		expect(only(archives).seq).toBe(6);
		const { features } = await geojsonOf(archives);
		const phones = Object.fromEntries(features.map(({ id, properties }) => [id, properties.phone]));
		expect(phones[town.ids[1]!]).toBe('+33240000000');
		// What left within those five seconds left here too.
		expect(features.map(({ properties }) => properties.description).filter(Boolean)).toHaveLength(5);
	});

	it('stay the same, byte for byte, whatever is edited, verified, created or ended in public later', async () => {
		const archives = await town.throughTheNight();
		const before = [await bytesOf(archives), await bytesOf(archives, 'csv')];
		await town.edit(0, 'phone', '+33240222222');
		await town.edit(0, 'name', 'Un autre nom');
		await town.publish({ ...town.place(1), assurances: {} }, 'verified');
		await town.take(2, 'ended');
		await town.publish({ ...syntheticPlace(seeded(77), rows), createdAt: '2026-11-03T08:00:00.000Z' });
		await archives.round();
		expect([await bytesOf(archives), await bytesOf(archives, 'csv')]).toEqual(before);
		expect(only(archives).notes).toEqual([]);
		// Nor do they for a node that starts months later and has none of this on its disk.
		town.time = Date.parse('2027-01-15T10:00:00Z');
		const later = town.node();
		await later.round();
		expect([await bytesOf(later), await bytesOf(later, 'csv')]).toEqual(before);
	});

	it('are made again without a value that was withheld, with another checksum, a note, and nothing left of the old bytes', async () => {
		const dir = newFolder();
		const archives = await town.throughTheNight(dir);
		const secret = 'Chez Madame Dupont, deuxième étage';
		const before = only(archives);
		expect(everything(town, dir)).toContain('+33240000000');
		const place = town.place(0);
		place.facts.description = secret;
		place.history = [entry(1, 'created', '2026-10-06', { facts: ['name'] })];
		await town.publish(place);
		town.store.objects.clear();
		const again = town.node(dir);
		await again.round();
		expect(everything(town, dir)).toContain(secret);
		const written = only(again);
		await town.withhold(0, 'description');
		const { features, amended } = await geojsonOf(again);
		const after = only(again);
		expect(features.find(({ id }) => id === town.ids[0])!.properties.description).toBeNull();
		expect(features).toHaveLength(6);
		expect(everything(town, dir)).not.toContain(secret);
		expect(await bytesOf(again, 'csv').then(String)).not.toContain(secret);
		expect(after.notes).toEqual([{ on: '2026-11-01', reasons: ['value'] }]);
		expect(amended).toEqual(after.notes);
		expect(after.files['geojson.gz'].sha256).not.toBe(written.files['geojson.gz'].sha256);
		expect(after.files.csv.sha256).not.toBe(written.files.csv.sha256);
		expect(before.month).toBe(after.month);
		expect(sha256(await bytesOf(again))).toBe(after.files['geojson.gz'].sha256);
	});

	it('lose a place that was withdrawn, also long after it had ended', async () => {
		const dir = newFolder();
		const archives = await town.throughTheNight(dir);
		const { name } = town.place(2).facts;
		await town.take(2, 'ended');
		await archives.round();
		expect(only(archives).notes).toEqual([]);
		expect(everything(town, dir)).toContain(name);
		town.feed.note('place', town.ids[2]!, 'withdrawn');
		await follow(town.feed, town.snapshot);
		await archives.round();
		expect(only(archives)).toMatchObject({ places: 5, notes: [{ reasons: ['place'] }] });
		expect(everything(town, dir)).not.toContain(name);
	});

	it('lose a photo that was taken away, what it said, and nothing else', async () => {
		const archives = await town.throughTheNight();
		const lines = (await bytesOf(archives, 'csv')).toString().split('\r\n');
		const place = town.place(3);
		await town.publish({ ...place, facts: { ...place.facts, photos: [] } });
		const after = (await bytesOf(archives, 'csv')).toString().split('\r\n');
		const changed = after.filter((line, index) => line !== lines[index]);
		expect([after.length, changed.length, changed[0]!.slice(0, 36)]).toEqual([lines.length, 1, place.id]);
		expect(lines.join()).toContain(changed[0]!.split('\n')[0]);
		expect(
			lines
				.join('\r\n')
				.replace(/"\[\{""url"".*?\}\]"/g, '[]')
				.split('\r\n')
		).toContain(changed[0]);
		const { features } = await geojsonOf(archives);
		expect(features.map(({ properties }) => properties.photos.length).sort()).toEqual([0, 1, 1, 1, 1, 1]);
		expect(only(archives).notes.map(({ reasons }) => reasons)).toEqual([['photo']]);
	});

	it('lose the name in the address with a redacted name, an offer, an extra fact, and a position that is blurred now', async () => {
		const archives = await town.throughTheNight();
		const [named, offered, extra, blurred] = [0, 1, 2, 3].map((index) => town.place(index)) as [Place, Place, Place, Place];
		const redacted = entry(2, 'redacted', '2026-11-04', { operations: [{ fact: 'name', old: null, new: null, redacted: true }] });
		await town.publish(
			{ ...named, slug: 'lieu', version: 2, facts: { ...named.facts, name: '—' }, history: [...named.history, redacted] },
			'redacted'
		);
		await town.publish({ ...offered, offers: [{ ...offer, summary: null }] });
		await town.publish({ ...extra, extra: {} });
		await town.publish({ ...blurred, facts: { ...blurred.facts, precision: 'street' } });
		const { features } = await geojsonOf(archives);
		const byId = new Map(features.map((feature) => [feature.id, feature.properties]));
		expect(features).toHaveLength(5);
		expect(byId.get(town.ids[0]!)).toMatchObject({ name: '—', slug: 'lieu', url: `${origin}/places/${town.ids[0]}/lieu` });
		expect(byId.get(town.ids[1]!)!.offers[0]).toMatchObject({
			name: 'Permanence',
			summary: null,
			opening_hours: 'Mo 09:00-12:00'
		});
		expect(byId.get(town.ids[2]!)!.extra).toEqual({});
		expect(byId.has(blurred.id)).toBe(false);
	});

	it('lose what a migration of the database closed, though no change says so, and are read through for it once', async () => {
		const dir = newFolder();
		await town.throughTheNight(dir);
		const { seq } = town.snapshot.view;
		town.feed.rows = { ...rows, settings: { ...rows.settings, schema: { version: '2' } } };
		const closed = town.place(0);
		town.feed.places_.set(closed.id, { ...closed, facts: { ...closed.facts, phone: null } });
		town.snapshot = await loadSnapshot(town.feed, () => 0);
		expect(town.snapshot.view.seq).toBe(seq);
		const archives = town.node(dir);
		await archives.round();
		const { features } = await geojsonOf(archives);
		expect(features.map(({ properties }) => properties.phone === null)).toEqual(features.map(({ id }) => id === closed.id));
		expect(only(archives)).toMatchObject({ schema: '2', notes: [{ reasons: ['value'] }] });
		town.feed.rows.settings.schema!.version = '3';
		town.snapshot = await loadSnapshot(town.feed, () => 0);
		const again = town.node(dir);
		await again.round();
		expect([only(again).schema, only(again).notes.length, only(again).files]).toEqual(['3', 1, only(archives).files]);
	});

	it('are not sent while they cannot be compared with what is public now', async () => {
		const dir = newFolder();
		const archives = await town.throughTheNight(dir);
		await town.withhold(0, 'description');
		town.store.away = true;
		expect(await archives.open('places', '2026-10', 'csv')).toBe('unsure');
		await expect(archives.round()).rejects.toThrow('away');
		town.store.away = false;
		expect((await bytesOf(archives, 'csv')).length).toBeGreaterThan(0);
		expect(only(archives).notes).toHaveLength(1);
	});

	it('are sent from this disk while the storage is away, after a restart too', async () => {
		const dir = newFolder();
		const before = await bytesOf(await town.throughTheNight(dir));
		town.store.away = true;
		const restarted = town.node(dir);
		await expect(restarted.round()).rejects.toThrow('away');
		expect((await bytesOf(restarted)).equals(before)).toBe(true);
		expect(await restarted.open('places', '2026-09', 'csv')).toBeNull();
	});
});

describe('a comparison of everything, when nobody can name what changed', () => {
	const blurred = async (town: Town, precision: 'street' | 'area') => {
		const place = town.place(5);
		await town.publish({ ...place, facts: { ...place.facts, precision } });
	};

	it('finds nothing lost in what was edited, moved on a blurred map, ended or merged', async () => {
		const town = await new Town().begin();
		await blurred(town, 'street');
		const archives = await town.throughTheNight();
		const path = await pathOf(archives);
		await town.edit(0, 'phone', '+33240666666');
		await town.edit(5, 'phone', '+33240777777');
		await town.take(1, 'ended');
		await town.take(2, 'merged');
		const lost = async () => [
			...(await findLosses(path, '2026-10-31', { view: town.snapshot.view, origin, touched: null })).keys()
		];
		expect(await lost()).toEqual([]);
		await blurred(town, 'area');
		expect(await lost()).toEqual([town.ids[5]]);
		await town.take(0, 'withdrawn');
		expect((await lost()).sort()).toEqual([town.ids[0], town.ids[5]].sort());
	});

	it('is due after another past, or more changes than are remembered, and names places otherwise', async () => {
		const town = await new Town().begin();
		const { view } = town.snapshot;
		expect(touchedSince(view, view.seq + 1)).toBeNull();
		expect(touchedSince({ ...view, recent: new Recent([]), seq: 6 } as unknown as View, 5)).toBeNull();
		await town.edit(3, 'phone', '+33240888888');
		await town.take(4, 'ended');
		expect(touchedSince(town.snapshot.view, 6)).toEqual(new Set([town.ids[3]]));
	});
});

describe('months that nobody wrote in their time', () => {
	it('are rebuilt from the history as far as it goes, and say so', async () => {
		const town = await new Town().begin();
		await town.edit(0, 'phone', '+33240333333');
		town.time = Date.parse('2026-12-10T09:00:00Z');
		const archives = town.node();
		await archives.round();
		expect(archives.list('places')!.map(({ month, rebuilt, madeOn }) => [month, rebuilt, madeOn])).toEqual([
			['2026-11', true, '2026-12-10'],
			['2026-10', true, '2026-12-10']
		]);
		const [october, november] = [await geojsonOf(archives, '2026-10'), await geojsonOf(archives, '2026-11')];
		expect(october).toMatchObject({ as_of: '2026-10-31', as_of_note: expect.stringContaining('rebuilt') as unknown });
		const phoneIn = ({ features }: typeof october) => features.find(({ id }) => id === town.ids[0])!.properties.phone;
		expect([phoneIn(october), phoneIn(november)]).toEqual(['+33240000000', '+33240333333']);
		const before = await bytesOf(archives);
		await town.edit(0, 'phone', '+33240444444');
		expect((await bytesOf(archives)).equals(before)).toBe(true);
		await town.withhold(0, 'description');
		expect((await bytesOf(archives)).equals(before)).toBe(false);
		await archives.round();
		expect(archives.list('places')!.map(({ notes }) => notes.length)).toEqual([1, 1]);
	});
});

describe('several nodes, and one that dies', () => {
	it('list the month once when two write it at the same time, and agree on its bytes', async () => {
		const town = await new Town().begin();
		const [one, other] = [town.node(), town.node()];
		await Promise.all([one.round(), other.round()]);
		town.time = Date.parse('2026-10-31T23:00:05Z');
		await Promise.all([one.round(), other.round()]);
		town.time += 120_000;
		await Promise.all([one.round(), other.round()]);
		expect(only(one)).toEqual(only(other));
		expect((await bytesOf(one)).equals(await bytesOf(other))).toBe(true);
		await town.withhold(0, 'description');
		await Promise.allSettled([one.round(), other.round()]);
		expect((await bytesOf(one)).equals(await bytesOf(other))).toBe(true);
		expect(only(one).notes).toHaveLength(1);
		expect(only(other).notes).toHaveLength(1);
	});

	it('keep the month that another node wrote first, though their own differs', async () => {
		const town = await new Town().begin();
		const [quick, late] = [town.node(), town.node()];
		await quick.round();
		town.time = Date.parse('2026-10-31T23:00:05Z');
		await late.learn();
		await quick.round();
		const written = only(quick);
		await town.edit(0, 'phone', '+33240555555');
		// It does not know yet.
		expect(late.list('places')).toEqual([]);
		await late.round();
		expect(only(late)).toEqual(written);
	});

	it('lose nothing when another writes the list in the same instant', async () => {
		const town = await new Town().begin();
		const other = { dataset: 'other', month: '2026-01' };
		const files = { 'geojson.gz': { sha256: 'a', bytes: 1, parts: 1 }, csv: { sha256: 'b', bytes: 1, parts: 1 } };
		town.store.beforeCreate = (name) => {
			if (name !== 'list/00000001.json') return;
			const bytes = Buffer.from(JSON.stringify([{ ...other, checked: 1e9, files, notes: [] }]));
			town.store.objects.set(name, { bytes, at: town.time });
		};
		const archives = await town.throughTheNight();
		expect([archives.list('other')!.length, archives.list('places')!.length]).toEqual([1, 1]);
	});

	it('lose nothing when others have written it so often meanwhile that an old number is free again', async () => {
		const town = await new Town().begin();
		const archives = await town.throughTheNight();
		const newest = () => town.store.names().findLast((name) => name.startsWith('list/'))!;
		const list = (): Archive[] => JSON.parse(Buffer.from(town.store.objects.get(newest())!.bytes).toString()) as Archive[];
		await town.withhold(0, 'description');
		town.store.beforeCreate = (name) => {
			if (!name.startsWith('list/')) return;
			town.store.beforeCreate = () => undefined;
			const others = [...list(), { ...list()[0]!, dataset: 'other', checked: 1e9 }];
			town.store.objects.clear();
			town.store.objects.set('list/00000009.json', { bytes: Buffer.from(JSON.stringify(others)), at: town.time });
		};
		await archives.round();
		expect(newest()).toBe('list/00000010.json');
		expect(list().map(({ dataset, notes }) => [dataset, notes.length])).toEqual([
			['places', 1],
			['other', 0]
		]);
	});

	it('amend it also when their clock was set back', async () => {
		const town = await new Town().begin();
		const dir = newFolder();
		let ticking = true;
		const archives = town.node(dir, { now: () => (ticking ? (town.time += 100) : town.time) });
		await archives.round();
		town.time = Date.parse('2026-10-31T23:00:05Z');
		await archives.round();
		ticking = false;
		town.time -= 3_600_000 / 2;
		const { name } = town.place(0).facts;
		expect(everything(town, dir)).toContain(name);
		await town.take(0, 'withdrawn');
		await archives.round();
		expect(everything(town, dir)).not.toContain(name);
	});

	it('amend it after one died anywhere in the middle of that, as soon as somebody asks', async () => {
		const town = await new Town().begin();
		await town.throughTheNight();
		const before = new Map(town.store.objects);
		await town.withhold(0, 'description');
		for (let deaths = 1; ; deaths++) {
			town.store.objects = new Map(before);
			const dir = newFolder();
			let left = deaths;
			town.store.beforeCreate = () => {
				if (--left === 0) throw new Error('killed');
			};
			const dying = town.node(dir);
			await dying.learn();
			const opened = await dying.open('places', '2026-10', 'csv');
			town.store.beforeCreate = () => undefined;
			if (opened !== 'unsure') break;
			const next = town.node(dir);
			await next.learn();
			const { features } = await geojsonOf(next);
			expect(features.find(({ id }) => id === town.ids[0])!.properties.description).toBeNull();
			expect(deaths).toBeLessThan(9);
		}
	});

	it('let lie in the storage what another may be about to list', async () => {
		const town = await new Town().begin();
		const archives = await town.throughTheNight();
		await town.store.create('files/places/2026-11.young', new Uint8Array(1));
		town.time += 3_500_000;
		await town.store.create('files/places/2026-11.younger', new Uint8Array(1));
		town.time += 200_000;
		await archives.round();
		const strangers = town.store.names().filter((name) => name.includes('young'));
		expect(strangers).toEqual(['files/places/2026-11.younger']);
	});

	it('leave nothing half when they die anywhere in the middle; the next makes it whole, and what was lost is swept away', async () => {
		const town = await new Town().begin();
		const whole = await town.throughTheNight();
		const expected = await bytesOf(whole);
		const objects = town.store.names().length;
		for (let deaths = 1; deaths <= objects; deaths++) {
			town.store.objects.clear();
			town.time = Date.parse('2026-10-31T20:00:00Z');
			const dying = town.node();
			await dying.round();
			town.time = Date.parse('2026-10-31T23:00:05Z');
			let left = deaths;
			town.store.beforeCreate = () => {
				if (--left === 0) throw new Error('killed');
			};
			await expect(dying.round()).rejects.toThrow('killed');
			town.store.beforeCreate = () => undefined;
			const next = town.node();
			await next.round();
			expect(next.list('places')).toHaveLength(1);
			const { features } = await geojsonOf(next);
			expect(features).toHaveLength(6);
			town.time += 4_000_000;
			await next.round();
			expect(town.store.names()).toHaveLength(objects);
		}
		expect(expected.length).toBeGreaterThan(0);
	});
});

describe('an archive that is asked for', () => {
	const ask = (archives: Archives, name: string, headers: Record<string, string> = {}, method = 'GET') =>
		serveArchive(new Request(`${origin}/data/places/archives/${name}`, { headers, method }), archives, 'places', name);

	it('comes under its dated name and its checksum, whole, in parts, compressed, or not again', async () => {
		const town = await new Town().begin();
		const archives = await town.throughTheNight();
		const { csv, 'geojson.gz': geojson } = only(archives).files;
		const whole = await ask(archives, '2026-10.csv');
		const bytes = Buffer.from(await whole.bytes());
		expect([whole.status, sha256(bytes)]).toEqual([200, csv.sha256]);
		expect(Object.fromEntries(whole.headers)).toMatchObject({
			etag: `"${csv.sha256}"`,
			'cache-control': 'public, no-cache',
			'access-control-allow-origin': '*',
			'content-type': 'text/csv; charset=utf-8; header=present',
			'content-disposition': 'attachment; filename="places-2026-10.csv"',
			'content-length': String(csv.bytes)
		});
		const packed = await ask(archives, 'places-2026-10.csv', { 'accept-encoding': 'gzip' });
		expect(packed.headers.get('content-encoding')).toBe('gzip');
		expect(gunzipSync(await packed.bytes()).equals(bytes)).toBe(true);
		const part = await ask(archives, '2026-10.csv', { range: 'bytes=10-19', 'if-range': `"${csv.sha256}"` });
		expect([part.status, await part.text()]).toEqual([206, bytes.subarray(10, 20).toString()]);
		expect((await ask(archives, '2026-10.csv', { range: 'bytes=10-19', 'if-range': '"other"' })).status).toBe(200);
		expect((await ask(archives, '2026-10.csv', { 'if-none-match': `"${csv.sha256}"` })).status).toBe(304);
		expect((await ask(archives, '2026-10.csv', { 'if-modified-since': new Date(town.time).toUTCString() })).status).toBe(200);
		const file = await ask(archives, '2026-10.geojson.gz', { 'accept-encoding': 'gzip' });
		expect([file.headers.get('content-type'), file.headers.get('content-encoding')]).toEqual(['application/gzip', null]);
		expect(sha256(Buffer.from(await file.bytes()))).toBe(geojson.sha256);
	});

	it('is 404 when there is none, and 503 with when to come back while it is not sure', async () => {
		const town = await new Town().begin();
		const archives = await town.throughTheNight();
		for (const name of ['2026-09.csv', '2026-10.xlsx', 'SHA256']) expect((await ask(archives, name)).status).toBe(404);
		await town.withhold(0, 'description');
		town.store.away = true;
		const unsure = await ask(archives, '2026-10.csv');
		expect([unsure.status, unsure.headers.get('retry-after')]).toEqual([503, '10']);
		expect((await ask(town.node(), '2026-10.csv')).status).toBe(503);
	});

	it('is told to machines with its files, its checksums and its notes', async () => {
		const town = await new Town().begin();
		const archives = await town.throughTheNight();
		await town.withhold(0, 'description');
		await archives.round();
		const dataset = datasetOf(town.snapshot.view, 'places')!;
		const described = describeArchives(dataset, archives.list('places')!, origin);
		expect(described.archives).toMatchObject([
			{
				...{ month: '2026-10', as_of: '2026-10-31', made_on: '2026-11-01', rebuilt: false, licence: 'etalab-2.0', places: 6 },
				files: [
					{ url: `${origin}/data/places/archives/2026-10.geojson.gz`, name: 'places-2026-10.geojson.gz' },
					{ media_type: expect.stringContaining('csv') as unknown }
				],
				notes: [{ on: '2026-11-01', reasons: ['value'] }]
			}
		]);
	});
});

describe('what a storage lists', () => {
	it('is the same of Supabase, which tells what is directly below, and of the local one, which tells everything that begins like it', () => {
		const at = '2026-11-22T17:33:47.625Z';
		const there = [
			{ name: 'places', at: null },
			{ name: 'list.json', at: Date.parse(at) }
		];
		expect(
			below('files', [
				{ name: 'places', created_at: null },
				{ name: 'list.json', created_at: at }
			])
		).toEqual(there);
		const whole = ['files/places/1', 'files/places/2', 'files/list.json', 'files-of-others/1'];
		expect(
			below(
				'files',
				whole.map((name) => ({ name, created_at: '2026-11-22 17:33:47.625+00' }))
			)
		).toEqual(there);
	});
});

describe('their names', () => {
	it('tell the dataset, the month and the format, and nothing else is one', () => {
		expect(parseFileName('places', '2026-10.csv')).toEqual({ month: '2026-10', format: 'csv' });
		expect(parseFileName('places', 'places-2026-10.geojson.gz')).toEqual({ month: '2026-10', format: 'geojson.gz' });
		for (const name of ['2026-13.csv', '2026-10.gpkg', '2026-10', 'other-2026-10.csv', '../2026-10.csv', '2026-10.constructor'])
			expect(parseFileName('places', name)).toBeNull();
	});

	it('are those of the months that are over, newest first, no more than asked', () => {
		expect(monthsSince('2025-11-30', '2026-02-01', 9)).toEqual(['2026-01', '2025-12', '2025-11']);
		expect(monthsSince('2025-11-30', '2026-02-01', 2)).toEqual(['2026-01', '2025-12']);
		expect(monthsSince('2026-02-01', '2026-02-28', 9)).toEqual([]);
		expect([lastDayOf('2026-02'), lastDayOf('2028-02'), lastDayOf('2026-12')]).toEqual([
			'2026-02-28',
			'2028-02-29',
			'2026-12-31'
		]);
	});
});
