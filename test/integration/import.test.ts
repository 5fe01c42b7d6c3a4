import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FeatureCollection, Point } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts, openInstallation } from '../support/admin.ts';
import type { Ended, Installation } from '../support/admin.ts';
import type { TestSupabase } from '../support/database.ts';

const shared = resolve(import.meta.dirname, '../../../shared/data');
const quartiers = join(shared, 'nantes-quartiers.geojson');
const creches = join(shared, 'loire-atlantique-creches.geojson');
const there = existsSync(quartiers) && existsSync(creches);
if (!there) process.stderr.write(`\nSKIPPED: ${shared} is not there, so no real file is imported.\n`);

let database: TestSupabase;
let folder: string;
let coordinator: string;
let admin: Installation['admin'];
let count: Installation['count'];

beforeAll(async () => {
	({ database, coordinator, admin, count } = await openInstallation());
	folder = mkdtempSync(join(tmpdir(), 'alentour-import-'));
});

afterAll(async () => {
	await database.stop();
	rmSync(folder, { recursive: true, force: true });
});

const importQuartiers = () =>
	admin('import', 'areas', quartiers, '--level', 'quartier', '--name-field', 'nom', '--parent-field', 'libcom');

function importCreches(...more: string[]): Promise<Ended> {
	const map = ['name=DESIGNATION', 'address=ADRESSE', 'postcode=Code postal', 'city=COMMUNE'].flatMap((pair) => ['--map', pair]);
	return admin(
		'import',
		'places',
		creches,
		'--category',
		'creche',
		...map,
		'--licence',
		'etalab-2.0',
		'--as',
		coordinator,
		...more
	);
}

describe.skipIf(!there)('real open data in an empty territory', () => {
	it('takes 44 of 45 quartiers and says why not the one without an outline', async () => {
		const ended = await importQuartiers();
		expect(ended.err).toBe('');
		expect(ended.code).toBe(0);
		expect(counts(ended)).toEqual({ created: 44, refused: 1 });
		expect(ended.out).toContain('row 28  Bourg: it has no geometry');
		const nord = await database.sql(`select slug from private.areas where name = 'Nord' order by slug`);
		expect(nord).toEqual([{ slug: 'les-sorinieres-nord' }, { slug: 'saint-herblain-nord' }]);
	});

	it('tries the crèches without changing anything', async () => {
		const ended = await importCreches('--dry-run');
		expect(ended.err).toBe('');
		expect(counts(ended)['created']).toBeGreaterThan(110);
		expect(await count('private.places')).toBe(0);
		expect(await count('private.proposals')).toBe(0);
	});

	it('takes the crèches in and around the quartiers, 110 of them inside one', async () => {
		const ended = await importCreches();
		expect(ended.code).toBe(0);
		const taken = counts(ended);
		expect((taken['created'] ?? 0) + (taken['refused'] ?? 0)).toBe(507);
		// 220 communes of the legend and its heading.
		expect(ended.out.match(/a line of a legend or a heading/g)).toHaveLength(221);
		expect(ended.out).toContain('row 16  (no name): it has no name');
		expect(await count('private.places where area_slug is not null')).toBe(110);
		expect(await count(`private.places where status = 'active'`)).toBe(taken['created']);
		expect(await count('private.assurances')).toBe(0);
	});

	it('changes nothing when the same file comes again', async () => {
		const before = [await count('private.changes'), await count('private.place_versions'), await count('private.proposals')];
		const taken = await count('private.places');
		expect(counts(await importCreches())).toMatchObject({ unchanged: taken });
		expect([await count('private.changes'), await count('private.place_versions'), await count('private.proposals')]).toEqual(
			before
		);
	});

	it('follows one crèche from search to correction, decision and export', async () => {
		const [place] = await database.sql<{ id: string; name: string; address: string }>(
			`select id, name, address from public.places where area = 'nantes-nantes-nord' order by name limit 1`
		);
		if (!place) throw new Error('no crèche in Nantes Nord');
		const resident = await database.createAccount({ email: 'habitante@example.org' });
		const client = await database.signIn(resident.email);
		const proposal = {
			client_id: crypto.randomUUID(),
			kind: 'update',
			place_id: place.id,
			operations: [{ fact: 'phone', old: null, new: '02 40 41 90 00' }]
		};
		const submitted = await client.rpc('submit_proposal', { proposal });
		expect(submitted.error).toBeNull();
		expect((submitted.data as { state: string }).state).toBe('open');
		const judge = await database.signIn(coordinator);
		const { error } = await judge.rpc('decide_proposal', {
			proposal_id: (submitted.data as { proposal_id: string }).proposal_id,
			decision: { outcome: 'accept' }
		});
		expect(error).toBeNull();
		const file = join(folder, 'places.geojson');
		expect((await admin('export', '--out', file)).code).toBe(0);
		const { features } = JSON.parse(readFileSync(file, 'utf8')) as FeatureCollection<Point>;
		expect(features).toHaveLength(await count('private.places'));
		expect(features.find(({ properties }) => properties?.['id'] === place.id)?.properties).toMatchObject({
			name: place.name,
			category: 'creche',
			phone: '02 40 41 90 00',
			source: 'loire-atlantique-creches'
		});
	});

	it('does not undo a correction when the same file comes again', async () => {
		await importCreches();
		expect(await count(`public.places where phone = '02 40 41 90 00'`)).toBe(1);
	});

	it('verifies the chain', async () => {
		const ended = await admin('verify');
		expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('no break') });
	});
});
