import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:net';
import type { Config } from '../lib/server/config.ts';
import { config, EnvironmentError } from '../lib/server/environment.ts';
import { openDoor } from '../lib/server/front/door.ts';

/** What `npm start` runs: the environment first, then adapter-node's server, which reads its own variables while it is imported. */
async function serve(): Promise<void> {
	const settings = readConfig();
	await expectFreePort(settings);
	tellAdapter(settings);
	subscribe('http.server.request.start', (message) => forgetReversedRange((message as { request: IncomingMessage }).request));
	const server = './index.js';
	const adapter = (await import(/* @vite-ignore */ server)) as { server: { server: Server } };
	openDoor(adapter.server.server);
	process.stdout.write(`\nAlentour: ${settings.origin}\n\n`);
}

function readConfig(): Config {
	try {
		return config();
	} catch (failure) {
		if (!(failure instanceof EnvironmentError)) throw failure;
		return refuse(failure.sentences.join('\n'));
	}
}

function refuse(sentences: string): never {
	process.stderr.write(`${sentences}\n`);
	process.exit(1);
}

/** Better known before the database is launched than after. */
function expectFreePort({ port, host }: Config): Promise<void> {
	return new Promise((free) => {
		const probe = createServer();
		probe.once('error', (failure: NodeJS.ErrnoException) => {
			if (failure.code === 'EADDRINUSE')
				refuse(`PORT ${port} is in use: stop the other program or choose another, as in PORT=${port + 1} npm start.`);
			if (failure.code === 'EACCES')
				refuse(`PORT ${port} is not for this user: choose one above 1023, as in PORT=3000 npm start.`);
			refuse(`HOST ${host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all of them.`);
		});
		probe.listen(port, host, () => probe.close(() => free()));
	});
}

function tellAdapter(settings: Config): void {
	const { env } = process;
	env['HOST'] = settings.host;
	env['PORT'] = String(settings.port);
	env['ORIGIN'] = settings.origin;
	// Forms with photos; everything else is held to one megabyte by src/lib/server/body-limit.ts.
	env['BODY_SIZE_LIMIT'] = '26M';
	// Requests under way get three seconds, so that the whole is closed within five.
	env['SHUTDOWN_TIMEOUT'] ??= '3';
	if (settings.trustProxy === 0) return;
	env['ADDRESS_HEADER'] = 'x-forwarded-for';
	env['XFF_DEPTH'] = String(settings.trustProxy);
}

/**
 * The adapter's own server of files answers a part that ends before it begins with a length below zero, which no client can read. Such a
 * header is wrong and may be ignored (RFC 9110 §14.1.1, §14.2).
 */
function forgetReversedRange({ headers }: IncomingMessage): void {
	const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
	if (first !== undefined && Number(last) < Number(first)) delete headers.range;
}

await serve();
