import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts, openInstallation } from '../support/admin.ts';
import type { Installation } from '../support/admin.ts';
import type { TestSupabase } from '../support/database.ts';

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

	it('takes a row without the value that the database refuses, and says so', async () => {
		const file = join(folder, 'horaires.csv');
		// The library takes this; the grammar of the database is narrower.
		writeFileSync(file, 'nom;h;tel;lat;lon\nCrèche du soir;Jan-Mar: Mo 10:00-12:00;02 40 00 00 00;47,22;-1,55\n');
		const map = ['--map', 'name=nom', '--map', 'opening_hours=h', '--map', 'phone=tel'];
		const ended = await admin('import', 'places', file, '--category', 'creche', ...map, '--as', coordinator);
		expect(ended.out).toContain('row 2  Crèche du soir: left out: opening_hours');
		expect(counts(ended)).toEqual({ created: 1 });
		const rows = await database.sql(`select opening_hours, phone from public.places where name = 'Crèche du soir'`);
		expect(rows).toEqual([{ opening_hours: null, phone: '02 40 00 00 00' }]);
	});

	it('lets rows wait when nobody lends her name', async () => {
		const file = join(folder, 'attente.csv');
		writeFileSync(file, 'nom;lat;lon\nCrèche en attente;47,22;-1,55\n');
		expect(counts(await admin('import', 'places', file, '--category', 'creche', '--map', 'name=nom'))).toEqual({ pending: 1 });
		expect(await count(`private.places where facts ->> 'name' = 'Crèche en attente' and status = 'active'`)).toBe(0);
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
		const { email: later } = await database.createAccount();
		const other = await database.signIn(later);
		expect((await other.rpc('accept_invitation', { token })).error).toMatchObject({ details: 'invitation_gone' });
	});

	it('does not restore over anything', async () => {
		expect(await admin('restore', join(folder, 'backup.tar.gz'))).toMatchObject({ code: 2 });
	});
});
