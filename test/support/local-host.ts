/** The local Supabase as it runs in production, plus a door for the tests: SQL with the owner's rights through its own lock. */
import { rmSync } from 'node:fs';
import { createConfirmedUser } from '../../supabase/local/accounts.ts';
import { Refusal } from '../../supabase/local/database.ts';
import { filterConsole } from '../../supabase/local/logs.ts';
import { migrate } from '../../supabase/local/migrate.ts';
import { readOptions } from '../../supabase/local/options.ts';
import { startLocalSupabase } from '../../supabase/local/start.ts';
import { createLog } from '../../src/lib/server/log.ts';

type Question =
	| { id: number; do: 'query'; sql: string; params: unknown[] }
	| { id: number; do: 'script'; sql: string }
	| { id: number; do: 'account'; user: { email: string; password: string; id?: string } }
	| { id: number; do: 'fetch'; requests: { path: string; key: string; method?: string; body?: string }[] }
	| { id: number; do: 'migrate'; folder: string }
	| { id: number; do: 'stop' };

const send = (message: object) => void process.send?.(message, undefined, {}, () => {});
const given = readOptions(process.env);
const options = { ...given, project: process.env['TEST_PROJECT'] || given.project, seed: !process.env['TEST_PROJECT'] };
const log = createLog('local-supabase', options.logLevel);
filterConsole(log);
process.on('disconnect', () => {
	const folder = process.env['TEST_TEMPORARY'];
	if (folder) rmSync(folder, { recursive: true, force: true });
	process.exit(0);
});

const events = {
	bound: () => {},
	alive: () => {},
	waiting: () => {},
	ready: () => {},
	busy: <T>(work: () => Promise<T>) => work()
};

try {
	const local = await startLocalSupabase(options, log, events, process.ppid);
	process.on('message', (question: Question) => void answer(question));
	send({ endpoint: local.endpoint });

	async function answer(question: Question): Promise<void> {
		try {
			send({ id: question.id, value: await perform(question) });
			if (question.do === 'stop') process.exit(0);
		} catch (error) {
			const { message, code, detail, hint } = error as Record<string, unknown>;
			send({ id: question.id, error: { message, code, detail, hint } });
		}
	}

	async function perform(question: Question): Promise<unknown> {
		if (question.do === 'query') return local.database.query(question.sql, question.params);
		if (question.do === 'account')
			return local.database.transaction((tx) => createConfirmedUser(tx, { ...question.user, cost: 4 }));
		if (question.do === 'migrate') return migrate(local.database, question.folder);
		if (question.do === 'stop') return local.stop();
		if (question.do === 'fetch') return Promise.all(question.requests.map(fetchText));
		await local.database.script(question.sql);
		await local.database.connection.clearSchemaCache();
	}

	async function fetchText(request: (Question & { do: 'fetch' })['requests'][number]): Promise<{ status: number; body: string }> {
		const { path, key, ...rest } = request;
		const headers = { apikey: key, 'content-type': 'application/json' };
		const response = await local.fetch(new Request(new URL(path, local.endpoint.url), { ...rest, headers }));
		return { status: response.status, body: await response.text() };
	}
} catch (error) {
	send({ failed: (error as Error).message, refused: error instanceof Refusal });
	process.exitCode = 1;
	process.disconnect?.();
}
