import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What answers once the database is ready. */
export interface Service {
	fetch(request: Request): Promise<Response>;
	/** Asks the database for a row, through the lock. */
	ping(): Promise<unknown>;
	/** Null where backups are made by other means. */
	dump: (() => Promise<Blob>) | null;
	secretKey: string;
}

export interface LocalServer {
	port: number;
	/** From now on requests are answered; before, 503. */
	open(service: Service): void;
	/** How many requests reached the service and were answered so far. */
	answered(): number;
	/** Takes no new request, waits for those under way, at most `graceMs`. */
	close(graceMs: number): Promise<void>;
}

const BODY_LIMIT = 1024 * 1024;
/** A photo as we keep it, 1600 pixels of WebP, takes less than a third of this. */
const FILE_LIMIT = 4 * 1024 * 1024;
/** GeoJSON needs eight. */
const DEPTH_LIMIT = 100;
/** More at once can't be meant well: the embedded database answers them one by one. */
const REQUESTS_AT_ONCE = 500;
/** These send mails or make accounts, without a limit of their own: only our forms call them, which have one. */
const BEHIND_SECRET_KEY = /^\/auth\/v1\/(signup|otp|recover|magiclink|invite|resend)\/*$/;

/**
 * Binds a loopback port at once, so that a client knows where to come back to, and answers 503 until `open`.
 * @param port 0 for any free one
 */
export async function serve(port: number): Promise<LocalServer> {
	let service: Service | null = null;
	let underWay = 0;
	let answered = 0;
	const server = createServer((incoming, outgoing) => {
		underWay++;
		outgoing.once('close', () => underWay--);
		const answering = underWay > REQUESTS_AT_ONCE ? busy() : service ? answer(incoming, service) : starting();
		answering
			.catch(() => problem(500, 'unexpected', 'The local Supabase failed.'))
			.then((response) => write(response, outgoing))
			.catch(() => outgoing.destroy());
	});
	await listen(server, port);
	return {
		port: (server.address() as { port: number }).port,
		open(ready) {
			const counted = <T>(work: Promise<T>) => work.finally(() => answered++);
			service = { ...ready, fetch: (request) => counted(ready.fetch(request)), ping: () => counted(ready.ping()) };
		},
		answered: () => answered,
		async close(graceMs) {
			server.close();
			server.closeIdleConnections();
			const deadline = Date.now() + graceMs;
			while (underWay > 0 && Date.now() < deadline) await sleep(20);
			server.closeAllConnections();
		}
	};
}

/** The process before us may take a moment to leave the port. */
async function listen(server: Server, port: number): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
			server.once('error', resolve);
			server.listen(port, '127.0.0.1', () => {
				server.off('error', resolve);
				resolve(null);
			});
		});
		if (!error) return;
		if (error.code !== 'EADDRINUSE' || attempt === 50) throw new Error(`port ${port} cannot be had`, { cause: error });
		await sleep(100);
	}
}

async function answer(incoming: IncomingMessage, service: Service): Promise<Response> {
	const url = readUrl(incoming.url ?? '/');
	if (!url) return problem(400, 'invalid_url', 'This address cannot be read.');
	const secret = incoming.headers['apikey'] === service.secretKey;
	if (url.pathname === '/health') return health(service);
	if (url.pathname === '/local/backup') return secret ? backup(service) : forbidden();
	if (!/^\/(rest|auth|storage)\/v1(\/|$)/.test(url.pathname)) return problem(404, 'not_found', 'There is nothing here.');
	// The bucket is private and has no rules of its own: only the application opens it.
	const file = url.pathname.startsWith('/storage/');
	if (file && !secret) return forbidden();
	if (BEHIND_SECRET_KEY.test(decodeURIComponent(url.pathname)) && !secret) return forbidden();
	const body = await readBody(incoming, file ? FILE_LIMIT : BODY_LIMIT);
	if (body === null) return problem(413, 'body_too_large', `The body is larger than ${file ? 4 : 1} MB.`);
	if (!file && isTooDeep(body)) return problem(400, 'body_too_deep', `The body nests deeper than ${DEPTH_LIMIT} levels.`);
	return withoutTypeFault(await service.fetch(toRequest(incoming, url, body)));
}

/** Null when an escape of its path is broken. */
function readUrl(text: string): URL | null {
	try {
		const url = new URL(text, 'http://127.0.0.1');
		decodeURIComponent(url.pathname);
		return url;
	} catch {
		return null;
	}
}

/** `@supabase/lite` 0.10 and the database walk nested JSON by recursion; counted in bytes, since brackets are ASCII. */
function isTooDeep(body: Buffer): boolean {
	let depth = 0;
	let inText = false;
	for (let i = 0; i < body.length; i++) {
		const byte = body[i]!;
		if (inText && byte === 0x5c) i++;
		else if (byte === 0x22) inText = !inText;
		else if (!inText && (byte === 0x5b || byte === 0x7b) && ++depth > DEPTH_LIMIT) return true;
		else if (!inText && (byte === 0x5d || byte === 0x7d)) depth--;
	}
	return false;
}

/** `@supabase/lite` 0.10 calls an object sent for a text parameter a fault of its own; it is one of the caller's. */
async function withoutTypeFault(response: Response): Promise<Response> {
	if (response.status !== 500) return response;
	const body = (await response
		.clone()
		.json()
		.catch(() => null)) as { message?: unknown } | null;
	return /^Error: Invalid input for \w+ type/.test(String(body?.message))
		? problem(400, '22P02', 'A parameter is of another type.')
		: response;
}

function toRequest(incoming: IncomingMessage, url: URL, body: Buffer): Request {
	const headers = new Headers();
	for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, String(value));
	const method = incoming.method ?? 'GET';
	const bare = method === 'GET' || method === 'HEAD' || body.length === 0;
	return new Request(url, { method, headers, ...(bare ? {} : { body: new Uint8Array(body) }) });
}

async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer | null> {
	if (Number(incoming.headers['content-length'] ?? 0) > limit) return null;
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of incoming as AsyncIterable<Buffer>) {
		size += part.length;
		if (size > limit) return null;
		parts.push(part);
	}
	return Buffer.concat(parts);
}

async function health(service: Service): Promise<Response> {
	try {
		await service.ping();
		return Response.json({ status: 'ok' });
	} catch {
		return problem(503, 'database_away', 'The database does not answer.');
	}
}

async function backup(service: Service): Promise<Response> {
	if (!service.dump) return problem(501, 'use_pg_dump', 'A PostgreSQL server is backed up by pg_dump.');
	return new Response(await service.dump(), { headers: { 'content-type': 'application/gzip' } });
}

async function write(response: Response, outgoing: ServerResponse): Promise<void> {
	const headers = Object.fromEntries(response.headers);
	// A refused upload is not read to its end: the connection can't serve another request.
	if (response.status === 413) headers['connection'] = 'close';
	outgoing.writeHead(response.status, headers);
	outgoing.end(Buffer.from(await response.arrayBuffer()));
}

const starting = async () => problem(503, 'starting', 'The local Supabase is starting.');
const busy = async () => problem(503, 'busy', 'The local Supabase has too much to do.');
const forbidden = () => problem(403, 'secret_key_required', 'Only the application may call this.');

/** Both shapes that supabase-js reads: PostgREST's and the auth service's. */
const problem = (status: number, code: string, message: string) =>
	Response.json({ code, error_code: code, message, msg: message, details: null, hint: null }, { status });
