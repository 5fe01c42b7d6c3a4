import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import { cookiesOf, post } from '../support/forms.ts';
import { pixels } from '../support/pictures.ts';
import { until } from '../support/processes.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'alentour-backup-'));
const file = join(folder, 'backup.tar.gz');
const restored = join(folder, 'restored');

afterAll(async () => {
	await stopPostgres();
	rmSync(folder, { recursive: true, force: true });
});

interface Ended {
	code: number;
	out: string;
	err: string;
}

/** `npm run admin -- …args` as built. */
function admin(env: Record<string, string>, ...args: string[]): Promise<Ended> {
	const all = { ...process.env, DATABASE_URL: '', SUPABASE_URL: '', DEMO: 'off', ...env };
	return new Promise((ended) =>
		execFile(process.execPath, [join(root, 'build/admin.js'), ...args], { cwd: root, env: all }, (error, out, err) =>
			ended({ code: error ? Number(error.code) : 0, out, err })
		)
	);
}

const stateless = { auth: { persistSession: false, autoRefreshToken: false } };

async function signedIn(app: TestApp, name: string): Promise<SupabaseClient> {
	const { url, publishable_key } = app.endpoint();
	const client = createClient(url, publishable_key, stateless);
	const { error } = await client.auth.signInWithPassword({ email: `${name}@alentour.example`, password: DEMO_PASSWORD });
	if (error) throw error;
	return client;
}

const creation = {
	client_id: randomUUID(),
	kind: 'create',
	place_id: randomUUID(),
	operations: Object.entries({
		name: 'La Grainothèque sauvegardée',
		category: 'bibliotheque',
		position: { lon: -1.55, lat: 47.22 },
		contact_name: 'Une personne'
	}).map(([fact, value]) => ({ fact, old: null, new: value }))
};

/** A photo added to the place by whoever publishes there, as the application's own form sends it. */
async function addPhoto(app: TestApp): Promise<void> {
	const signing = { email: 'coordinatrice@alentour.example', password: DEMO_PASSWORD };
	const cookie = cookiesOf(await post(app.url, '/sign-in', signing));
	const body = new Uint8Array(await pixels(300, 200).jpeg().toBuffer());
	const sent = await fetch(`${app.url}/photos?place=${creation.place_id}`, {
		method: 'POST',
		headers: { origin: app.url, cookie, 'content-type': 'application/octet-stream' },
		body
	});
	expect(sent.status).toBe(201);
	const { id } = (await sent.json()) as { id: string };
	const proposal = {
		...{ client_id: randomUUID(), kind: 'update', place_id: creation.place_id },
		operations: [{ fact: 'photos', add: [id], remove: [] }]
	};
	const { error } = await (await signedIn(app, 'coordinatrice')).rpc('submit_proposal', { proposal });
	expect(error).toBeNull();
}

/** The photo as everyone gets it. */
async function photoOf(app: TestApp): Promise<Buffer> {
	const [place] = (await everything(app)).filter((one) => (one as { id: string }).id === creation.place_id) as {
		photos: { id: string }[];
	}[];
	const path = `${app.url}/photos/${place!.photos[0]!.id}-480.webp`;
	await until('the snapshot knows of the photo', async () => (await fetch(path)).status === 200);
	return Buffer.from(await (await fetch(path)).arrayBuffer());
}

/** Everything that a coordinator reads of all places, their history included. */
async function everything(app: TestApp): Promise<unknown[]> {
	const { data, error } = await (await signedIn(app, 'coordinatrice')).from('places').select('*').order('id').limit(500);
	if (error) throw new Error(error.message);
	return data;
}

async function waiting(app: TestApp): Promise<unknown[]> {
	const columns = 'id, kind, place_id, state, operations';
	const { data, error } = await (await signedIn(app, 'moderateur')).from('moderation_queue').select(columns).order('id');
	if (error) throw new Error(error.message);
	return data;
}

describe('a backup of the embedded database', () => {
	let before: { photo: Buffer; places: unknown[]; queue: unknown[]; keys: ReturnType<TestApp['endpoint']>; answer: unknown };

	beforeAll(async () => {
		const app = await startApp({ backend: 'pglite' });
		try {
			const { data, error } = await (await signedIn(app, 'coordinatrice')).rpc('submit_proposal', { proposal: creation });
			expect(error).toBeNull();
			await addPhoto(app);
			before = {
				photo: await photoOf(app),
				places: await everything(app),
				queue: await waiting(app),
				keys: app.endpoint(),
				answer: data
			};
			expect(await admin({ DATA_DIR: app.dataDir }, 'backup', file)).toMatchObject({ code: 0 });
			expect((await app.health()).database).toBe('up');
			expect(await admin({ DATA_DIR: app.dataDir }, 'restore', file)).toMatchObject({
				code: 2,
				err: expect.stringContaining('is running: stop it first') as unknown
			});
		} finally {
			await app.stop();
		}
		expect(await admin({ DATA_DIR: restored }, 'restore', file)).toMatchObject({ code: 0 });
	});

	it('is a file that only its owner may read', () => {
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(existsSync(`${file}.part`)).toBe(false);
	});

	it('does not hold the keys of the installation: another one has its own, and everybody signs in again', () => {
		const { jwt, secret } = JSON.parse(readFileSync(join(restored, 'keys.json'), 'utf8')) as { jwt: string; secret: string };
		expect(jwt).not.toBe('');
		expect(secret).not.toBe(before.keys.secret_key);
	});

	it('verifies where it was restored', async () => {
		expect(await admin({ DATA_DIR: restored }, 'verify')).toMatchObject({
			code: 0,
			out: expect.stringContaining('no break') as unknown
		});
	});

	describe('is started where it was restored', () => {
		let app: TestApp;
		beforeAll(async () => {
			app = await startApp({ backend: 'pglite', dataDir: restored, env: { DEMO: 'off' } });
		});
		afterAll(() => app.stop());

		it('and serves the photos, which are beside the file', async () => {
			expect(readdirSync(`${file}.photos`, { recursive: true }).length).toBeGreaterThan(0);
			expect((await photoOf(app)).equals(before.photo)).toBe(true);
		});

		it('and brings back places, history, what waits and the accounts with their passwords', async () => {
			expect(await everything(app)).toEqual(before.places);
			expect(before.places).toContainEqual(
				expect.objectContaining({ id: creation.place_id, contact_name: 'Une personne', version: 2, photos: [expect.anything()] })
			);
			expect(await waiting(app)).toEqual(before.queue);
			expect(before.queue.length).toBeGreaterThan(0);
			expect((await app.health()).places).toBeGreaterThan(100);
			const again = await (await signedIn(app, 'coordinatrice')).rpc('submit_proposal', { proposal: creation });
			expect(again.data).toEqual(before.answer);
		});
	});

	it('is never restored over a database', async () => {
		const refused = await admin({ DATA_DIR: restored }, 'restore', file);
		expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('nothing is overwritten') as unknown });
	});

	it.each([
		['cut short', () => readFileSync(file).subarray(0, statSync(file).size / 2)],
		['changed in the middle', () => Buffer.concat([readFileSync(file).subarray(0, 100_000), Buffer.alloc(50_000, 7)])]
	])('that was %s is refused, and leaves room for a good one', async (_how, bytes) => {
		const bad = join(folder, 'bad.tar.gz');
		writeFileSync(bad, bytes());
		const dataDir = mkdtempSync(join(folder, 'empty-'));
		const refused = await admin({ DATA_DIR: dataDir }, 'restore', bad);
		expect(refused.code).toBe(1);
		expect(refused.err).toContain('damaged');
		expect(refused.out).not.toContain('Restored');
		expect(existsSync(join(dataDir, 'pg'))).toBe(false);
	});

	it('is not made of just any archive', async () => {
		const other = join(folder, 'other.tar.gz');
		const { gzipSync } = await import('node:zlib');
		writeFileSync(other, gzipSync(Buffer.alloc(10_240)));
		const dataDir = mkdtempSync(join(folder, 'empty-'));
		expect(await admin({ DATA_DIR: dataDir }, 'restore', other)).toMatchObject({ code: 1 });
		expect(existsSync(join(dataDir, 'pg'))).toBe(false);
	});
});

describe('a PostgreSQL server', () => {
	it('is backed up and restored by its own tools, which are named', async () => {
		const app = await startApp({ backend: 'postgres' });
		try {
			const env = { DATA_DIR: app.dataDir, DATABASE_URL: app.databaseUrl! };
			expect(await admin(env, 'backup', join(folder, 'never'))).toMatchObject({
				code: 2,
				err: expect.stringContaining('pg_dump') as unknown
			});
			expect(existsSync(join(folder, 'never'))).toBe(false);
			expect(await admin(env, 'restore', file)).toMatchObject({ code: 2, err: expect.stringContaining('pg_restore') as unknown });
		} finally {
			await app.stop();
		}
	});
});
