import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSupabase } from '../../support/database.ts';
import { borrowTestSupabase } from '../../support/lent-database.ts';

let supabase: TestSupabase;
let service: SupabaseClient;
const bytes = (text: string) => new TextEncoder().encode(text).slice().buffer;
const name = 'b3f6a1de-5c39-4a51-8a53-0d0f2f2f9a01-480.webp';

/** Every file of the folder of photos, its path included. */
function files(): string[] {
	const folder = join(supabase.dataDir, 'photos');
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());
}

beforeAll(async () => {
	supabase = await borrowTestSupabase();
	service = supabase.service();
	const { error } = await service.storage.createBucket('photos', { public: false });
	expect(error).toBeNull();
});
afterAll(() => supabase.stop());

describe('a file of the storage', () => {
	it('is kept under DATA_DIR, read back byte for byte, replaced and removed without a trace', async () => {
		const photos = service.storage.from('photos');
		for (const content of ['first', 'second']) {
			const { error } = await photos.upload(name, bytes(content), { contentType: 'image/webp', upsert: true });
			expect(error).toBeNull();
			expect(await (await photos.download(name)).data?.text()).toBe(content);
		}
		expect(files()).toHaveLength(2);
		expect(files().every((file) => !file.includes('b3f6a1de'))).toBe(true);
		expect(
			readFileSync(
				join(
					supabase.dataDir,
					'photos',
					files().find((file) => !file.endsWith('.json'))!
				),
				'utf8'
			)
		).toBe('second');
		expect(statSync(join(supabase.dataDir, 'photos', files()[0]!)).mode & 0o077).toBe(0);
		expect((await photos.remove([name])).error).toBeNull();
		expect(files()).toEqual([]);
		expect((await photos.download(name)).error).not.toBeNull();
	});

	it('stays in its folder, whatever it is called', async () => {
		const photos = service.storage.from('photos');
		await photos.upload('..%2f..%2f..%2fescaped', bytes('x'), { contentType: 'image/webp' });
		expect(existsSync(join(supabase.dataDir, '..', 'escaped'))).toBe(false);
		expect(existsSync(join(supabase.dataDir, 'escaped'))).toBe(false);
	});

	it('is nobody’s but the application’s: without the secret key there is no storage', async () => {
		await service.storage.from('photos').upload(name, bytes('kept'), { contentType: 'image/webp', upsert: true });
		await supabase.createAccount({ email: 'curious@example.org' });
		for (const client of [supabase.anon(), await supabase.signIn('curious@example.org')]) {
			expect((await client.storage.from('photos').download(name)).error).not.toBeNull();
			expect((await client.storage.from('photos').upload('mine', bytes('x'))).error).not.toBeNull();
			expect((await client.storage.listBuckets()).data ?? []).toEqual([]);
		}
		for (const path of ['object/photos/', 'object/public/photos/', 'object/authenticated/photos/'])
			expect((await fetch(`${supabase.url}/storage/v1/${path}${name}`)).status).toBe(403);
	});
});
