import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Backend } from './database.ts';
import type { TestServer } from './local-postgres.ts';
import { startPostgres } from './local-postgres.ts';
import { childrenOf, freePort, until } from './processes.ts';
import { startedWith } from './started-with.ts';

const root = resolve(import.meta.dirname, '../..');
export const DEMO_PASSWORD = 'une phrase de test';

/** A first start is ten seconds' work; a busy machine takes its time. */
const startMs = 180_000;

export interface AppOptions {
	/** Default: TEST_BACKEND, else 'pglite'. */
	backend?: Backend;
	/** Default: a fresh folder with the demo territory in it, removed by `stop`. A folder given is kept, and begins as it is. */
	dataDir?: string;
	/** On PostgreSQL; default: a fresh database. */
	databaseUrl?: string;
	env?: Record<string, string>;
	port?: number;
}

export interface Mail {
	to: string;
	subject: string;
	text: string;
	html?: string;
}

/** The built application, as `npm start` runs it, with the demo territory. */
export interface TestApp {
	url: string;
	backend: Backend;
	dataDir: string;
	databaseUrl: string | null;
	pid: number;
	/** Everything that it wrote so far. */
	output(): string;
	/** The process of the local Supabase. */
	databasePid(): number;
	endpoint(): { url: string; publishable_key: string; secret_key: string };
	health(): Promise<Health>;
	/** Mails to this address so far, oldest first. */
	outbox(to: string): Mail[];
	/** SIGTERM; the exit code. */
	stop(): Promise<number | null>;
	/** SIGKILL; the folder stays. */
	kill(): Promise<void>;
}

export interface Health {
	status: number;
	database: 'up' | 'down';
	places: number;
	seq: number;
}

/** Starts the built application and waits until it has a snapshot. */
export async function startApp(options: AppOptions = {}): Promise<TestApp> {
	const backend = options.backend ?? ((process.env['TEST_BACKEND'] || 'pglite') as Backend);
	const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'alentour-app-'));
	const begun =
		!options.dataDir && !options.databaseUrl && !Object.keys(options.env ?? {}).some((name) => name.startsWith('DEMO'));
	if (begun) cpSync(backend === 'pglite' ? await demoFolder() : join(await demoServer(), 'app'), dataDir, { recursive: true });
	const databaseUrl = backend === 'postgres' ? (options.databaseUrl ?? (await freshDatabase(begun))) : null;
	const port = options.port ?? (await freePort());
	const { child, output, exited } = launch({
		DATA_DIR: dataDir,
		DATABASE_URL: databaseUrl ?? '',
		PORT: String(port),
		...options.env
	});
	const url = `http://localhost:${port}`;
	const remove = () => options.dataDir ?? rmSync(dataDir, { recursive: true, force: true });
	const health = () => readHealth(url);
	try {
		await until(
			'the application has a snapshot and its database',
			async () => {
				if (child.exitCode !== null) return true;
				const { status, database } = await health();
				return status === 200 && database === 'up';
			},
			startMs
		);
		if (child.exitCode !== null) throw new Error('it ended');
	} catch (failure) {
		child.kill('SIGKILL');
		throw new Error(output(), { cause: failure });
	}
	return {
		...{ url, backend, dataDir, databaseUrl, output, health },
		pid: child.pid!,
		databasePid: () => childrenOf(child.pid!)[0] ?? 0,
		endpoint: () => JSON.parse(readFileSync(join(dataDir, 'supabase.json'), 'utf8')) as ReturnType<TestApp['endpoint']>,
		outbox: (to) => readOutbox(dataDir).filter((mail) => mail.to === to),
		async stop() {
			child.kill('SIGTERM');
			const code = await exited;
			remove();
			return code;
		},
		async kill() {
			child.kill('SIGKILL');
			await exited;
		}
	};
}

/** A data folder after a first start, made once per build and copied: the migrations and the demo are seconds' work each time. */
export const demoFolder = (): Promise<string> =>
	oncePerBuild('pglite', async (draft) => {
		mkdirSync(draft);
		const app = await startApp({ backend: 'pglite', dataDir: draft });
		await app.stop();
	});

/** A folder that somebody's own first start left behind, stopped, serves as well: one first start less. */
export const offerDemoFolder = async (dataDir: string): Promise<void> =>
	void (await oncePerBuild('pglite', (draft) => Promise.resolve(cpSync(dataDir, draft, { recursive: true }))));

/** The same on PostgreSQL: the application's folder `app`, and the files of a server, `server`, with a database `demo`. */
const demoServer = (): Promise<string> =>
	oncePerBuild('postgres', async (draft) => {
		mkdirSync(join(draft, 'app'), { recursive: true });
		const running = await startPostgres();
		await running.admin('create database demo');
		const app = await startApp({ backend: 'postgres', dataDir: join(draft, 'app'), databaseUrl: running.url('demo') });
		await app.stop();
		await running.stop(join(draft, 'server'));
	});

async function oncePerBuild(name: string, make: (draft: string) => Promise<void>): Promise<string> {
	const cache = join(root, 'node_modules/.cache/alentour-app');
	const build = readFileSync(join(root, 'build/.stamp'), 'utf8').slice(0, 16);
	const folder = join(cache, `${build}-${name}`);
	if (existsSync(folder)) return folder;
	mkdirSync(cache, { recursive: true });
	// Those of other builds only: another worker may be making this one.
	for (const other of readdirSync(cache))
		if (!other.startsWith(build)) rmSync(join(cache, other), { recursive: true, force: true });
	const draft = `${folder}.${randomUUID()}`;
	await make(draft);
	if (existsSync(folder)) rmSync(draft, { recursive: true });
	else renameSync(draft, folder);
	return folder;
}

export interface Launched {
	child: ChildProcess;
	output(): string;
	/** The exit code; null after a signal. */
	exited: Promise<number | null>;
}

/** Starts `build/serve.js` with these variables and nothing else of the project's, and doesn't wait. */
export function launch(env: Record<string, string>): Launched {
	const inherited = Object.fromEntries(
		['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))
	);
	const child = spawn(process.execPath, [...startedWith.flags, join(root, 'build/serve.js')], {
		cwd: root,
		env: {
			...startedWith.env,
			...inherited,
			BASEMAP_STYLE_URL: 'builtin',
			GEOCODER_URL: 'off',
			DEMO_PASSWORD,
			LOG_LEVEL: 'info',
			...env
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let written = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (written += text.toString()));
	const killed = () => child.kill('SIGKILL');
	process.once('exit', killed);
	const exited = new Promise<number | null>((done) =>
		child.once('close', (code) => {
			process.off('exit', killed);
			done(code);
		})
	);
	return { child, output: () => written, exited };
}

async function readHealth(url: string): Promise<Health> {
	const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
	const body = (await response.json()) as { database?: 'up' | 'down'; snapshot?: { places: number; seq: number } | null };
	return {
		status: response.status,
		database: body.database ?? 'down',
		places: body.snapshot?.places ?? 0,
		seq: body.snapshot?.seq ?? 0
	};
}

function readOutbox(dataDir: string): Mail[] {
	const folder = join(dataDir, 'outbox');
	if (!existsSync(folder)) return [];
	const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
	return names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Mail);
}

let server: Promise<TestServer> | null = null;

/**
 * A fresh database on the one PostgreSQL server of this test process, which ends with it.
 * @param begun with the demo in it
 */
export async function freshDatabase(begun = false): Promise<string> {
	server ??= demoServer().then((folder) => startPostgres(join(folder, 'server')));
	const running = await server;
	const name = `app_${randomUUID().replaceAll('-', '')}`;
	await running.admin(`create database ${name}${begun ? ' template demo' : ''}`);
	return running.url(name);
}

/** Ends the PostgreSQL server of this test process, if there is one. */
export async function stopPostgres(): Promise<void> {
	await (await server)?.stop();
	server = null;
}
