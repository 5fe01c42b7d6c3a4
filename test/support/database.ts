import { fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { TestServer } from './local-postgres.ts';
import { startPostgres } from './local-postgres.ts';

export type Backend = 'pglite' | 'postgres';

export interface TestSupabaseOptions {
	/** Default: TEST_BACKEND, else 'pglite'. */
	backend?: Backend;
	/** Default: a fresh folder, removed by `stop`. A folder given is kept. */
	dataDir?: string;
	/** Variables of the process besides the usual ones, for example SMTP_URL or DEMO. */
	env?: Record<string, string>;
	/** A folder with config.toml, migrations and templates; default: supabase/. */
	project?: string;
	/** On PostgreSQL: a database that is there; default: a fresh copy of the prepared one. */
	databaseUrl?: string;
	/** Nobody may be there to stop it: when the test process is gone, the other removes its folder by itself. */
	temporary?: boolean;
}

/** A local Supabase of its own process, as in production, with a door for SQL with the owner's rights. */
export interface TestSupabase {
	backend: Backend;
	url: string;
	publishableKey: string;
	secretKey: string;
	dataDir: string;
	databaseUrl: string | null;
	pid: number;
	/** Everything the process wrote so far. */
	output(): string;
	/** One statement with the owner's rights, through the same lock as requests. Json parameters as text, with `::jsonb`. */
	sql<Row = Record<string, unknown>>(query: string, params?: unknown[]): Promise<Row[]>;
	/** Several statements without parameters; the API sees changed tables and functions afterwards. */
	script(sql: string): Promise<void>;
	/** Applies the migrations of a folder, as a start does; the files applied now. */
	migrate(folder: string): Promise<string[]>;
	/** Requests that begin in the same tick of the process, closer together than any network brings them. */
	sameTick(
		requests: { path: string; key: string; method?: string; body?: string }[]
	): Promise<{ status: number; body: string }[]>;
	/** A confirmed account, without a mail. */
	createAccount(account?: {
		email?: string;
		password?: string;
		id?: string;
	}): Promise<{ id: string; email: string; password: string }>;
	/** A client with the account's session; made by `createAccount` with the default password unless one is given. */
	signIn(email: string, password?: string): Promise<SupabaseClient>;
	anon(): SupabaseClient;
	service(): SupabaseClient;
	stop(): Promise<void>;
	/** SIGKILL; the folder stays. */
	kill(): Promise<void>;
}

export const TEST_PASSWORD = 'correct horse battery';
const ROOT = resolve(import.meta.dirname, '../..');

/** Starts a local Supabase, on a prepared database: about two seconds on PGlite, one on PostgreSQL. */
export async function openTestSupabase(options: TestSupabaseOptions = {}): Promise<TestSupabase> {
	const backend = options.backend ?? ((process.env['TEST_BACKEND'] || 'pglite') as Backend);
	const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'alentour-'));
	const databaseUrl = backend === 'postgres' ? (options.databaseUrl ?? (await freshDatabase(options.project))) : null;
	if (backend === 'pglite' && !existsSync(join(dataDir, 'pg'))) await prepareFolder(dataDir, options.project);
	const host = await startHost({
		DATA_DIR: dataDir,
		DATABASE_URL: databaseUrl ?? '',
		TEST_PROJECT: options.project ?? '',
		TEST_TEMPORARY: options.temporary ? dataDir : '',
		...options.env
	});
	const { url, publishable_key: publishableKey, secret_key: secretKey } = host.endpoint;
	const client = (key: string) =>
		createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false } });
	const clean = () => options.dataDir ?? rmSync(dataDir, { recursive: true, force: true });

	return {
		...{ backend, url, publishableKey, secretKey, dataDir, databaseUrl, pid: host.pid, output: host.output },
		sql: <Row>(sql: string, params: unknown[] = []) => host.ask({ do: 'query', sql, params }) as Promise<Row[]>,
		script: async (sql) => void (await host.ask({ do: 'script', sql })),
		migrate: (folder) => host.ask({ do: 'migrate', folder }) as Promise<string[]>,
		sameTick: (requests) => host.ask({ do: 'fetch', requests }) as ReturnType<TestSupabase['sameTick']>,
		async createAccount({ email = `${randomUUID()}@example.org`, password = TEST_PASSWORD, id } = {}) {
			const user = { email, password, ...(id ? { id } : {}) };
			return { id: (await host.ask({ do: 'account', user })) as string, email, password };
		},
		async signIn(email, password = TEST_PASSWORD) {
			const signedIn = client(publishableKey);
			const { error } = await signedIn.auth.signInWithPassword({ email, password });
			if (error) throw error;
			return signedIn;
		},
		anon: () => client(publishableKey),
		service: () => client(secretKey),
		async stop() {
			await host.stop();
			clean();
		},
		kill: host.kill
	};
}

/** Puts the prepared embedded database into a data folder, for somebody else to open. */
export async function prepareFolder(dataDir: string, project?: string): Promise<void> {
	cpSync(await preparedFolder(project), join(dataDir, 'pg'), { recursive: true });
}

interface Host {
	endpoint: { url: string; publishable_key: string; secret_key: string };
	pid: number;
	output(): string;
	ask(question: Record<string, unknown>): Promise<unknown>;
	stop(): Promise<void>;
	kill(): Promise<void>;
}

type Answer = { id?: number; value?: unknown; error?: object; endpoint?: Host['endpoint']; failed?: string };

/** @throws with the sentence of the refusal when it doesn't start */
async function startHost(env: Record<string, string>): Promise<Host> {
	const child = fork(join(import.meta.dirname, 'local-host.ts'), {
		env: { ...process.env, LOG_LEVEL: 'info', LOCAL_PORT: '0', SMTP_URL: '', DEMO: 'off', ...env },
		execArgv: [],
		stdio: ['ignore', 'pipe', 'pipe', 'ipc']
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
	const exited = new Promise<void>((done) => child.once('exit', () => done()));
	const waiting = new Map<number, PromiseWithResolvers<unknown>>();
	let last = 0;
	const endpoint = await new Promise<Host['endpoint']>((started, failed) => {
		child.on('message', (answer: Answer) => {
			if (answer.endpoint) started(answer.endpoint);
			// It holds its folder until it has gone.
			if (answer.failed) void exited.then(() => failed(new Error(answer.failed)));
			const asked = waiting.get(answer.id ?? 0);
			waiting.delete(answer.id ?? 0);
			if (answer.error) asked?.reject(Object.assign(new Error(), answer.error));
			else asked?.resolve(answer.value);
		});
		child.once('exit', () => {
			setImmediate(() => failed(new Error(`the local Supabase ended: ${output}`)));
			for (const asked of waiting.values()) asked.reject(new Error('the local Supabase is gone'));
		});
	});
	const ask = (question: Record<string, unknown>) => {
		const asked = Promise.withResolvers<unknown>();
		waiting.set(++last, asked);
		child.send({ ...question, id: last });
		return asked.promise;
	};
	return {
		endpoint,
		pid: child.pid!,
		output: () => output,
		ask,
		async stop() {
			if (child.exitCode === null && child.signalCode === null) await ask({ do: 'stop' });
			await exited;
		},
		async kill() {
			child.kill('SIGKILL');
			await exited;
		}
	};
}

/** Whatever the prepared database depends on. */
function fingerprint(): string {
	const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
	for (const folder of ['supabase/migrations', 'supabase/local'])
		for (const file of readdirSync(join(ROOT, folder)).sort()) hash.update(file).update(readFileSync(join(ROOT, folder, file)));
	return hash.digest('hex').slice(0, 16);
}

/**
 * A data folder made once per state of the migrations and copied for each test file.
 * @param project with another project's migrations still to come, the folder holds none
 */
async function preparedFolder(project?: string): Promise<string> {
	const cache = join(ROOT, 'node_modules/.cache/alentour-test');
	const state = fingerprint();
	const folder = join(cache, project ? `${state}-bare` : state);
	if (existsSync(folder)) return folder;
	const dataDir = mkdtempSync(join(tmpdir(), 'alentour-'));
	const bare = join(dataDir, 'project');
	mkdirSync(join(bare, 'migrations'), { recursive: true });
	cpSync(join(ROOT, 'supabase/config.toml'), join(bare, 'config.toml'));
	const host = await startHost({ DATA_DIR: dataDir, DATABASE_URL: '', TEST_PROJECT: project ? bare : '' });
	await host.stop();
	// Somebody may have saved a migration in the meantime.
	if (state !== fingerprint()) return preparedFolder(project);
	mkdirSync(cache, { recursive: true });
	// Made beside and renamed: two test runs may prepare it at the same time.
	const draft = `${folder}.${randomUUID()}`;
	cpSync(join(dataDir, 'pg'), draft, { recursive: true });
	rmSync(dataDir, { recursive: true, force: true });
	if (existsSync(folder)) rmSync(draft, { recursive: true });
	else renameSync(draft, folder);
	forgetOld(cache);
	return folder;
}

/** Each weighs 64 MB, and every edit of a migration makes one. */
function forgetOld(cache: string): void {
	const byAge = readdirSync(cache).sort((a, b) => statSync(join(cache, b)).mtimeMs - statSync(join(cache, a)).mtimeMs);
	for (const old of byAge.slice(6)) rmSync(join(cache, old), { recursive: true, force: true });
}

let server: Promise<{ server: TestServer; template: Promise<void> }> | null = null;

/** One server per test process, one migrated template on it, one copy of the template per call. */
async function freshDatabase(project: string | undefined): Promise<string> {
	server ??= startPostgres().then((started) => ({ server: started, template: prepareTemplate(started) }));
	const { server: running, template } = await server;
	const name = `test_${randomUUID().replaceAll('-', '')}`;
	if (project) await running.admin(`create database ${name}`);
	else {
		await template;
		await running.admin(`create database ${name} template prepared`);
	}
	return running.url(name);
}

async function prepareTemplate(running: TestServer): Promise<void> {
	const dataDir = mkdtempSync(join(tmpdir(), 'alentour-'));
	await running.admin('create database prepared');
	const host = await startHost({ DATA_DIR: dataDir, DATABASE_URL: running.url('prepared') });
	await host.stop();
	rmSync(dataDir, { recursive: true, force: true });
}
