/** A throw-away PostgreSQL server of Debian's package: loopback, no password, no fsync; it refuses root, hence `postgres`. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';

export interface TestServer {
	url(database: string): string;
	/** With the owner's rights on the server itself: create and drop databases. */
	admin(sql: string): Promise<unknown>;
	/** @param keep a folder that must not be there yet: the server's files are moved there for `startPostgres(folder)` */
	stop(keep?: string): Promise<void>;
}

const BIN = ['18', '17', '16', '15'].map((version) => `/usr/lib/postgresql/${version}/bin`).find((folder) => existsSync(folder));

/** Runs what follows until a signal's name comes in, or nothing any more: a test process that is killed takes its server along. */
const UNTIL_PARENT_ENDS = '"$0" "$@" & read signal; kill -"${signal:-QUIT}" $!; wait $!';

/**
 * @param from what another server left with `stop(keep)`, copied; default: an empty server
 * @param tuned settings of postgresql.conf besides, for who measures it
 * @throws when PostgreSQL is not installed (`apt-get install postgresql-15-postgis-3`)
 */
export async function startPostgres(from?: string, tuned: Record<string, string> = {}): Promise<TestServer> {
	if (!BIN) throw new Error('PostgreSQL is not installed: apt-get install postgresql-15-postgis-3');
	const folder = mkdtempSync(join(tmpdir(), 'alentour-pg-'));
	const user = asPostgres(folder);
	const port = await freePort();
	// Its files have to stay its own user's, hence not `cpSync`.
	if (from) execFileSync('cp', ['-a', from, join(folder, 'data')]);
	else
		execFileSync(join(BIN, 'initdb'), ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
			...user,
			env: { ...process.env, LC_ALL: 'C.UTF-8' }
		});
	const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200', ...tuned };
	const server = spawn(
		'sh',
		[
			'-c',
			UNTIL_PARENT_ENDS,
			join(BIN, 'postgres'),
			'-D',
			join(folder, 'data'),
			'-k',
			folder,
			'-h',
			'127.0.0.1',
			'-p',
			String(port)
		].concat(Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])),
		{ ...user, stdio: ['pipe', 'ignore', 'ignore'] }
	);
	const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
	await untilAnswers(url('postgres'));
	return {
		url,
		admin: (sql) => once(url('postgres'), sql),
		async stop(keep) {
			const exited = new Promise((resolve) => server.once('exit', resolve));
			// At once, but for files that shall be of use.
			server.stdin.end(keep ? 'INT' : 'QUIT');
			await exited;
			if (keep) execFileSync('mv', [join(folder, 'data'), keep]);
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

function asPostgres(folder: string): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))) as [
		number,
		number
	];
	chownSync(folder, uid, gid);
	return { uid, gid };
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = createServer().once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const { port } = probe.address() as { port: number };
			probe.close(() => resolve(port));
		});
	});
}

async function once(url: string, sql: string): Promise<unknown> {
	const client = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 2 });
	try {
		return await client.unsafe(sql);
	} finally {
		await client.end();
	}
}

async function untilAnswers(url: string): Promise<void> {
	const deadline = Date.now() + 30_000;
	for (;;) {
		try {
			await once(url, 'select 1');
			return;
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}
