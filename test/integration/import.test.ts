import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FeatureCollection, Point } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSupabase } from '../support/database.ts';
import type { TestSupabase } from '../support/database.ts';

const root = resolve(import.meta.dirname, '../..');
const shared = resolve(root, '../shared/data');
const quartiers = join(shared, 'nantes-quartiers.geojson');
const creches = join(shared, 'loire-atlantique-creches.geojson');
const there = existsSync(quartiers) && existsSync(creches);
if (!there) process.stderr.write(`\nSKIPPED: ${shared} is not there, so no real file is imported.\n`);

let database: TestSupabase;
let folder: string;
let coordinator: string;

beforeAll(async () => {
	database = await openTestSupabase();
	folder = mkdtempSync(join(tmpdir(), 'alentour-import-'));
	const account = await database.createAccount({ email: 'coordination@example.org' });
	coordinator = account.email;
	const client = await database.signIn(coordinator);
	await client.rpc('whoami');
	await database.sql(
		`insert into private.grants (contributor_id, role) select id, 'coordinator' from private.contributors where user_id = $1::uuid`,
		[account.id]
	);
});

afterAll(async () => {
	await database.stop();
	rmSync(folder, { recursive: true, force: true });
});

interface Ended {
	code: number;
	out: string;
	err: string;
}

/** The command line, against the running database of the test. */
function admin(...args: string[]): Promise<Ended> {
	const env = { ...process.env, DATA_DIR: database.dataDir, DEMO: 'off', DATABASE_URL: '', SUPABASE_URL: '' };
	return new Promise((ended) =>
		execFile(process.execPath, ['src/cli/admin.ts', ...args], { cwd: root, env, maxBuffer: 1e8 }, (error, out, err) =>
			ended({ code: error ? Number(error.code) : 0, out, err })
		)
	);
}

const count = async (query: string) =>
	Number((await database.sql<{ n: number }>(`select count(*)::int as n from ${query}`))[0]?.n);

/** The counts of the last line: `44 created, 1 refused` → {created: 44, refused: 1}. */
function counts({ out }: Ended): Record<string, number> {
	const line =
		out
			.trimEnd()
			.split('\n')
			.findLast((text) => /^\d+ /.test(text)) ?? '';
	return Object.fromEntries(line.split(', ').map((part) => [part.replace(/^\d+ /, ''), Number.parseInt(part, 10)]));
}

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

describe('the command line', () => {
	it.each([
		['an unknown category', ['--category', 'licorne', '--map', 'name=nom'], 'there is no such category'],
		['an unknown column', ['--category', 'creche', '--map', 'name=titre'], 'there is no column "titre". Columns: nom, lat, lon.'],
		['an unknown coordinator', ['--category', 'creche', '--map', 'name=nom', '--as', 'personne@example.org'], 'no coordinator']
	])('refuses %s in one sentence', async (_what, args, sentence) => {
		const file = join(folder, 'lieux.csv');
		writeFileSync(file, 'nom;lat;lon\nCrèche;47,2;-1,55\n');
		const ended = await admin('import', 'places', file, ...args);
		expect(ended.code).toBe(1);
		expect(ended.err).toContain(sentence);
		expect(ended.err).not.toContain(' at ');
	});

	it('names a file that is not there', async () => {
		expect(await admin('import', 'places', 'nulle-part.csv', '--category', 'creche', '--map', 'name=nom')).toMatchObject({
			code: 1,
			err: expect.stringContaining('There is no file nulle-part.csv')
		});
	});

	it('says that a broken chain is broken, and where', async () => {
		const file = join(folder, 'un.csv');
		writeFileSync(file, 'nom;lat;lon\nCrèche témoin;47,22;-1,55\n');
		const imported = await admin('import', 'places', file, '--category', 'creche', '--map', 'name=nom', '--as', coordinator);
		expect(counts(imported)).toEqual({ created: 1 });
		const [place] = await database.sql<{ id: string }>(`select place_id as id from private.identities where source_slug = 'un'`);
		await database.script(`
			alter table private.version_operations disable trigger user;
			update private.version_operations set new = '"Crèche truquée"' where place_id = '${place?.id}' and fact = 'name';
			alter table private.version_operations enable trigger user;
		`);
		const ended = await admin('verify');
		expect(ended.code).toBe(1);
		expect(ended.err).toContain(`version 1 of place ${place?.id}`);
	});

	it('backs the embedded database up, and says what to do with a server', async () => {
		const file = join(folder, 'backup.tar.gz');
		const ended = await admin('backup', file);
		if (database.backend === 'postgres') expect(ended).toMatchObject({ code: 2, err: expect.stringContaining('pg_dump') });
		else {
			expect(ended.code).toBe(0);
			expect([...readFileSync(file).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
		}
		expect(existsSync(`${file}.part`)).toBe(false);
	});

	it('prints an invitation that the database takes once', async () => {
		const { out } = await admin('invite', '--role', 'moderator');
		const token = /\/invitations\/(\w+)/.exec(out)?.[1];
		const { email } = await database.createAccount();
		const client = await database.signIn(email);
		expect((await client.rpc('accept_invitation', { token })).error).toBeNull();
		expect((await client.rpc('accept_invitation', { token })).error).toMatchObject({ details: 'invitation_gone' });
	});

	it('does not restore over anything', async () => {
		expect(await admin('restore', join(folder, 'backup.tar.gz'))).toMatchObject({ code: 2 });
	});
});
