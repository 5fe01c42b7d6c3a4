import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../../../src/lib/server/config.ts';
import type { LocalSupabase } from '../../../src/lib/server/local.ts';
import { launchLocalSupabase } from '../../../src/lib/server/local.ts';
import { createLog } from '../../../src/lib/server/log.ts';
import { installationKeys } from '../../../supabase/local/keys.ts';
import { lockFolder } from '../../../supabase/local/folder-lock.ts';
import type { TestSupabase } from '../../support/database.ts';
import { openTestSupabase, prepareFolder } from '../../support/database.ts';
import { borrowTestSupabase } from '../../support/lent-database.ts';

const folders: string[] = [];
const temporary = () => {
	const folder = mkdtempSync(join(tmpdir(), 'alentour-'));
	folders.push(folder);
	return folder;
};
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the data folder', () => {
	const file = (folder: string) => join(folder, 'lock');
	const write = (folder: string, holder: object) =>
		writeFileSync(file(folder), JSON.stringify({ began: null, parent: null, host: hostname(), ...holder }));

	it('is refused to a second process, in a sentence that names the folder and the first', async () => {
		const folder = temporary();
		const unlock = await lockFolder(folder, null);
		await expect(lockFolder(folder, null)).rejects.toThrow(
			`The data folder ${folder} is in use by another process (${process.pid}): stop that one, or choose another DATA_DIR.`
		);
		unlock();
		(await lockFolder(folder, null))();
		expect(readdirSync(folder)).toEqual([]);
	});

	it('is given to one of ten who ask at once', async () => {
		const folder = temporary();
		const asked = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder, null)));
		expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
	});

	it('left locked by a dead process is taken over', async () => {
		const folder = temporary();
		write(folder, { pid: 2 ** 22 + 1 });
		(await lockFolder(folder, null))();
	});

	it('left locked by a dead process whose pid lives again is taken over', async () => {
		const folder = temporary();
		write(folder, { pid: process.ppid, began: '1' });
		(await lockFolder(folder, null))();
	});

	it('locked on another machine is refused while it shows life, and taken over after a minute without', async () => {
		const folder = temporary();
		write(folder, { pid: 1, host: 'elsewhere' });
		await expect(lockFolder(folder, null)).rejects.toThrow('(1 on elsewhere)');
		const before = new Date(Date.now() - 61_000);
		utimesSync(file(folder), before, before);
		(await lockFolder(folder, null))();
	});

	it('with a lock that was half written is taken over', async () => {
		const folder = temporary();
		writeFileSync(file(folder), '{"pid":');
		(await lockFolder(folder, null))();
	});
});

describe('a local Supabase', () => {
	let supabase: TestSupabase | undefined;
	afterEach(async () => {
		await supabase?.stop();
		supabase = undefined;
	});
	const reopen = async (dataDir: string) =>
		(supabase = await openTestSupabase({
			dataDir,
			...(supabase?.databaseUrl ? { databaseUrl: supabase.databaseUrl } : {})
		}));

	it('refuses a second one on its folder', async () => {
		supabase = await borrowTestSupabase();
		await expect(openTestSupabase({ dataDir: supabase.dataDir })).rejects.toThrow('is in use by another process');
	});

	it('keeps what it acknowledged when it is killed in the middle of writing', async () => {
		const dataDir = temporary();
		const { service, kill } = await reopen(dataDir);
		await supabase!.script(
			'create table public.acknowledged (id uuid primary key); grant all on public.acknowledged to service_role;'
		);
		const acknowledged: string[] = [];
		const client = service();
		const writers = Array.from({ length: 8 }, async () => {
			for (;;) {
				const id = randomUUID();
				const { error } = await client.from('acknowledged').insert({ id });
				if (error) return;
				acknowledged.push(id);
			}
		});
		await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), { timeout: 20_000 });
		await kill();
		await Promise.all(writers);
		await reopen(dataDir);
		const kept = new Set((await supabase!.sql<{ id: string }>('select id from public.acknowledged')).map(({ id }) => id));
		expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
	});

	it('writes its keys and its address for its owner only, and keeps the keys', async () => {
		const dataDir = temporary();
		const first = await reopen(dataDir);
		for (const name of ['keys.json', 'supabase.json', 'lock'])
			expect(statSync(join(dataDir, name)).mode & 0o777, name).toBe(0o600);
		expect(JSON.parse(readFileSync(join(dataDir, 'supabase.json'), 'utf8'))).toEqual({
			url: first.url,
			publishable_key: first.publishableKey,
			secret_key: first.secretKey
		});
		await first.stop();
		const second = await reopen(dataDir);
		expect([second.publishableKey, second.secretKey]).toEqual([first.publishableKey, first.secretKey]);
		expect(installationKeys(temporary()).secret).not.toBe(second.secretKey);
	});
});

describe('migrations', () => {
	const project = (migrations: Record<string, string>) => {
		const folder = temporary();
		cpSync('supabase/config.toml', join(folder, 'config.toml'));
		mkdirSync(join(folder, 'migrations'));
		for (const [file, sql] of Object.entries(migrations)) writeFileSync(join(folder, 'migrations', file), sql);
		return folder;
	};

	let supabase: TestSupabase;
	beforeAll(async () => {
		supabase = await openTestSupabase({ project: project({}) });
	});
	afterAll(() => supabase.stop());
	const things = () => supabase.sql('select id from public.things order by id');

	it('apply once, in order, and are refused by name when their file changed or fails', async () => {
		const first = '20260101000000_create_things.sql';
		const second = '20260102000000_fill_things.sql';
		const third = '20260103000000_break_things.sql';
		const migrations = join(
			project({
				[first]: 'create table public.things (id int primary key);',
				[second]: `insert into public.things values (1); -- a semicolon; a 'quote' and a $$dollar$$`
			}),
			'migrations'
		);
		const write = (file: string, sql: string) => writeFileSync(join(migrations, file), sql);
		expect(await supabase.migrate(migrations)).toEqual([first, second]);
		expect(await supabase.migrate(migrations)).toEqual([]);
		expect(await things()).toEqual([{ id: 1 }]);
		expect(await supabase.sql('select version, name from supabase_migrations.schema_migrations order by 1')).toEqual([
			{ version: '20260101000000', name: 'create_things' },
			{ version: '20260102000000', name: 'fill_things' }
		]);

		write(third, 'insert into public.things values (2);\ninsert into public.things values (2);');
		await expect(supabase.migrate(migrations)).rejects.toThrow(`Migration ${third} failed: `);
		expect(await things()).toEqual([{ id: 1 }]);
		rmSync(join(migrations, third));

		write(first, 'create table public.things (id bigint primary key);');
		await expect(supabase.migrate(migrations)).rejects.toThrow(`Migration ${first} was changed after it was applied`);
		write(first, 'create table public.things (id int primary key);\r\n'.trimEnd());
		expect(await supabase.migrate(migrations)).toEqual([]);
	});

	it('with one version twice are refused before anything is applied, and nothing starts', async () => {
		const folder = project({ '20260101000000_a_a.sql': 'select 1', '20260101000000_b_b.sql': 'select 1' });
		await expect(openTestSupabase({ project: folder })).rejects.toThrow('20260101000000_a_a.sql and 20260101000000_b_b.sql');
	});
});

const LAUNCHER = `
	import { parseConfig } from './src/lib/server/config.ts';
	import { launchLocalSupabase } from './src/lib/server/local.ts';
	import { createLog } from './src/lib/server/log.ts';
	await launchLocalSupabase(parseConfig(process.env).config, createLog('test', 'silent'));
	process.stdout.write('launched');`;

describe('the watch over it', () => {
	let local: LocalSupabase | undefined;
	afterEach(() => local?.stop());
	const launch = (dataDir: string) => {
		const parsed = parseConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', DEMO: 'off' });
		if ('errors' in parsed) throw new Error(parsed.errors.join());
		return launchLocalSupabase(parsed.config, createLog('test', 'silent'));
	};

	// The watch is the same whatever the process opens: told once.
	const embedded = process.env['TEST_BACKEND'] !== 'postgres';
	if (embedded)
		it('starts a killed one again on the same address with the same keys, and stops it for good', async () => {
			const dataDir = temporary();
			await prepareFolder(dataDir);
			local = await launch(dataDir);
			expect(local.up()).toBe(true);
			await expect(launch(dataDir)).rejects.toThrow('is in use by another process');

			const pid = () => (JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')) as { pid: number }).pid;
			const [first, announced] = [pid(), readFileSync(join(dataDir, 'supabase.json'), 'utf8')];
			process.kill(first, 'SIGKILL');
			await vi.waitFor(() => expect(pid()).not.toBe(first), { timeout: 15_000 });
			await vi.waitFor(() => expect(local?.up()).toBe(true), { timeout: 20_000 });
			expect((await fetch(`${local.url}/health`)).status).toBe(200);
			expect(readFileSync(join(dataDir, 'supabase.json'), 'utf8')).toBe(announced);

			const second = pid();
			await local.stop();
			expect(() => process.kill(second, 0)).toThrow('ESRCH');
			expect(readdirSync(dataDir)).not.toContain('lock');
		});

	it('takes the local one along when the application is killed, though nobody reads its log any more', async () => {
		const dataDir = temporary();
		const application = spawn(process.execPath, ['--input-type=module-typescript', '--eval', LAUNCHER], {
			env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', LOG_LEVEL: 'info' },
			stdio: ['ignore', 'pipe', 'inherit']
		});
		await new Promise((launched) => application.stdout.on('data', (text) => String(text).includes('launched') && launched(null)));
		const { pid } = JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')) as { pid: number };
		application.stdout.destroy();
		application.kill('SIGKILL');
		await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 20_000 });
	});

	it('lets the application start while the database server is away', async () => {
		const parsed = parseConfig({
			DATA_DIR: temporary(),
			LOG_LEVEL: 'silent',
			DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none'
		});
		if ('errors' in parsed) throw new Error(parsed.errors.join());
		local = await launchLocalSupabase(parsed.config, createLog('test', 'silent'));
		expect(local.up()).toBe(false);
		const answer = await fetch(`${local.url}/rest/v1/places`);
		expect(answer.status).toBe(503);
	});
});
