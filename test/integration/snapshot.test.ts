import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Place } from '../../src/lib/domain/place.ts';
import { publishedRows } from '../../src/lib/server/db/published-rows.ts';
import { placeAsOf } from '../../src/lib/server/opendata/as-of.ts';
import { loadSnapshot } from '../../src/lib/server/published/load.ts';
import { createPublished } from '../../src/lib/server/published/published.ts';
import type { Published } from '../../src/lib/server/published/published.ts';
import type { View } from '../../src/lib/server/published/view.ts';
import { openTerritory, took } from '../support/territory.ts';
import type { Territory } from '../support/territory.ts';

const log = { info: () => undefined, warn: () => undefined };
let town: Territory;
let published: Published;
let dir: string;

const source = () => publishedRows(town.supabase.anon());
const soon = () => AbortSignal.timeout(15_000);

/** The view with everything that the database has committed by now. */
async function caughtUp(): Promise<View> {
	const [row] = await town.supabase.sql<{ seq: string }>('select coalesce(max(seq), 0)::text as seq from private.changes');
	return published.until(Number(row!.seq), soon());
}

beforeAll(async () => {
	town = await openTerritory();
	for (const area of ['ville-centre', 'ville-nord', 'ville-port'] as const) await town.place({}, area);
	dir = await mkdtemp(join(tmpdir(), 'snapshot-'));
	published = createPublished({ source: source(), dir, log, saveMs: 0, pollMs: 100 });
	await published.start();
	await published.ready();
});

afterAll(async () => {
	await published?.stop();
	await town?.stop();
	if (dir) await rm(dir, { recursive: true, force: true });
});

describe('the snapshot of a real database', () => {
	it('is what anonymous reads, row by row', async () => {
		const view = await caughtUp();
		const { data } = await town.supabase.anon().from('places').select('id, name, lon, lat, theme, area, version').order('id');
		expect(data).toHaveLength(3);
		const rows = [...view.all()].map(({ id, facts, position, theme, area, version }) => {
			return { id, name: facts.name, ...position, theme, area, version };
		});
		expect(rows).toEqual(data);
	});

	it('has the taxonomy, the areas and the settings', async () => {
		const { reference } = await caughtUp();
		expect(reference.categoryBySlug.get('library')).toMatchObject({ theme: 'culture', defaultKind: 'service', keyFacts: [] });
		expect(reference.settings).toMatchObject({ licence: { id: 'etalab-2.0' }, time: { zone: 'Europe/Paris' } });
		expect(reference.ancestors('ville-nord')).toEqual(['ville-nord', 'ville']);
		expect(reference.areaBySlug.get('ville-nord')).toMatchObject({
			geometry: { type: expect.stringMatching(/Polygon$/) as unknown },
			bbox: [-1.57, 47.2, -1.53, 47.26],
			point: { lon: expect.any(Number) as unknown }
		});
	});

	it('shows a new place, its correction and its end, and says why it left', async () => {
		const id = await town.place({ name: 'Le Comptoir des voisins', kind: 'initiative' });
		const placed = await caughtUp();
		expect(placed.search('comptoir voisins').hits.map(({ place }) => place.id)).toEqual([id]);
		expect(placed.byId(id)).toMatchObject({ kind: 'initiative', area: 'ville-centre', version: 1 });
		await town.change('whole', id, { name: ['Le Comptoir des voisins', 'Le Comptoir des voisines'] });
		expect((await caughtUp()).byId(id)?.facts.name).toBe('Le Comptoir des voisines');
		took(await town.submit('whole', { kind: 'end', place_id: id, reason: 'closed' }));
		const gone = await caughtUp();
		expect(gone.byId(id)).toBeNull();
		expect(gone.tombstone(id)).toMatchObject({ kind: 'ended', reason: 'closed' });
	});

	it('never held a fact that is not open, and loses at once what is closed, also on disk', async () => {
		const id = await town.place({ name: 'Secretissime', contact_name: 'Quelconque', 'extra.keys': 'sous le pot' });
		const view = await caughtUp();
		expect(view.byId(id)?.facts).toMatchObject({ name: 'Secretissime', contact_name: null });
		const file = join(dir, 'places.ndjson');
		const text = () => readFile(file, 'utf8').catch(() => '');
		await expect.poll(text, { timeout: 10_000 }).toContain('Secretissime');
		expect(await text()).not.toMatch(/Quelconque|sous le pot/);
		await town.change('whole', id, { openness: ['open', 'private'] });
		const closed = await caughtUp();
		expect(closed.byId(id)).toBeNull();
		expect(closed.tombstone(id)?.kind).toBe('withdrawn');
		await expect.poll(text, { timeout: 10_000 }).not.toContain('Secretissime');
	});

	it('tells what was withheld from what was edited', async () => {
		const offer = `offer:${randomUUID()}`;
		const id = await town.place({
			...{ name: 'Gardé', phone: '02 40 00 00 01', audience: ['children', 'families'], 'extra.seats': 4 },
			[offer]: { name: 'Permanence', summary: 'Le lundi', cost: 'free' }
		});
		const [read] = [(await caughtUp()).byId(id)!];
		const before = (await caughtUp()).lostAt;
		const edits: Record<string, [old: unknown, young: unknown]>[] = [
			{ name: ['Gardé', 'Gardée'], phone: [read.facts.phone, null], summary: [null, 'Une phrase'] },
			{
				audience: [['children', 'families'], ['seniors']],
				'extra.seats': [4, 5],
				[`${offer}.summary`]: ['Le lundi', 'Le mardi']
			},
			{ position: [read.position, { lon: read.position.lon + 0.0001, lat: read.position.lat }], steward: [null, 'les-amis'] },
			{ [offer]: [{ name: 'Permanence', summary: 'Le mardi', cost: 'free' }, null] }
		];
		for (const edit of edits) {
			await town.change('whole', id, edit);
			expect((await caughtUp()).lostAt, JSON.stringify(edit)).toBe(before);
		}
		const phone = '+33240000002';
		await town.change('whole', id, { phone: [null, phone] });
		expect((await caughtUp()).lostAt).toBe(before);
		const withholding = { place_id: id, fact: 'phone', reason_code: 'personal_data' };
		took(await town.call('wholeModerator', 'withhold', { withholding }));
		const hidden = await caughtUp();
		expect([hidden.byId(id)!.facts.phone, hidden.lostAt]).toEqual([null, hidden.seq]);
		await expect.poll(() => readFile(join(dir, 'places.ndjson'), 'utf8')).not.toContain(phone);
		const position = (await caughtUp()).byId(id)!.position;
		await town.change('whole', id, { precision: ['exact', 'street'] });
		const blurred = await caughtUp();
		expect(blurred.byId(id)!.position).not.toEqual(position);
		expect(blurred.lostAt).toBe(blurred.seq);
		await town.change('whole', id, { website: [null, 'https://exemple.fr/'] });
		expect((await caughtUp()).lostAt).toBe(blurred.seq);
	});

	it('gives a history from which the place can be told as it was at each version', async () => {
		const offer = `offer:${randomUUID()}`;
		const id = await town.place({ name: 'Hier', 'extra.seats': 4, audience: ['children'] });
		const recorded: Place[] = [];
		const steps: Record<string, [old: unknown, young: unknown]>[] = [
			{ name: ['Hier', 'Aujourd’hui'], opening_hours: [null, 'Mo 09:00-12:00'] },
			{ audience: [['children'], ['seniors']], 'extra.seats': [4, null], 'extra.loan': [null, 'card'] },
			{ [offer]: [null, { name: 'Permanence', cost: 'free' }], category: ['library', 'museum'] },
			{
				[`${offer}.name`]: ['Permanence', 'Consultation'],
				closures: [[], [{ from: '2026-12-24', to: '2026-12-26', reason: null }]]
			},
			{ category: ['museum', 'library'], steward: [null, 'les-amis'], summary: [null, 'Une phrase'] }
		];
		recorded.push((await caughtUp()).byId(id)!);
		for (const step of steps) {
			await town.change('whole', id, step);
			recorded.push((await caughtUp()).byId(id)!);
		}
		const view = await caughtUp();
		const place = view.byId(id)!;
		expect(place.history).toHaveLength(recorded.length);
		// All of it happened on one day: told apart by a day to a version.
		const history = place.history.map((entry) => ({ ...entry, on: `2026-01-0${entry.version}` }));
		const told = ({ kind, category, theme, steward, area, position, facts, extra, offers }: Place) => {
			const named = offers.map((one) => ({ ...one, assurances: {} }));
			return { kind, category, theme, steward, area, position, facts, extra, offers: named };
		};
		const past = recorded.map((_, i) => placeAsOf({ ...place, history }, `2026-01-0${i + 1}`, view.reference)!);
		expect(past.map(told)).toEqual(recorded.map(told));
	});

	it('after all this is what a fresh start reads', async () => {
		const view = await caughtUp();
		const fresh = (await loadSnapshot(source(), () => 0)).view;
		expect([...view.all()]).toEqual([...fresh.all()]);
		expect([...view.tombstones].sort()).toEqual([...fresh.tombstones].sort());
		expect(view.counts({})).toEqual(fresh.counts({}));
	});

	it('goes on answering when the database is killed, also in a new process', async () => {
		const before = await caughtUp();
		await expect
			.poll(async () => (await readFile(join(dir, 'places.ndjson'), 'utf8')).includes(`"seq":${before.seq},"last"`))
			.toBe(true);
		await town.supabase.kill();
		await expect.poll(() => published.status().database, { timeout: 15_000 }).toBe('down');
		expect([...published.current().all()]).toEqual([...before.all()]);
		const second = createPublished({ source: source(), dir, log });
		await second.start();
		expect([...second.current().all()]).toEqual([...before.all()]);
		await second.stop();
	});
});
