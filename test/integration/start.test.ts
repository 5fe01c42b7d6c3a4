import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { DEMO_PASSWORD, launch, offerDemoFolder, startApp, stopPostgres } from '../support/app.ts';
import { freePort } from '../support/processes.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'alentour-start-'));
afterAll(async () => {
	await stopPostgres();
	rmSync(dataDir, { recursive: true, force: true });
});

describe('a first start', () => {
	let app: TestApp;
	beforeAll(async () => {
		app = await startApp({ dataDir });
	});
	afterAll(async () => {
		await app.stop();
	});

	it('shows the demonstration territory', async () => {
		const { status, database, places } = await app.health();
		expect({ status, database }).toEqual({ status: 200, database: 'up' });
		expect(places).toBeGreaterThan(100);
		const page = await fetch(app.url);
		expect(page.status).toBe(200);
		expect(await page.text()).toContain('Nantes');
	});

	it.each(['/', '/legal', '/offline', '/places/new', '/data', '/nowhere'])('draws %s with all its styles', async (path) => {
		const html = await (await fetch(app.url + path, { headers: { accept: 'text/html' } })).text();
		const scopes = new Set(html.slice(html.indexOf('<body')).match(/(?<=[" ])svelte-\w+(?=[" ])/g));
		const sheets = [...html.matchAll(/<link href="([^"]+)" rel="stylesheet">/g)].map(
			([, href]) => new URL(href!, app.url + path)
		);
		const linked = await Promise.all(sheets.map(async (sheet) => (await fetch(sheet)).text()));
		const styles = [...(html.match(/<style[^]*?<\/style>/g) ?? []), ...linked].join('');
		expect(scopes.size).toBeGreaterThan(5);
		expect([...scopes].filter((scope) => !styles.includes(scope))).toEqual([]);
	});

	it.each([
		{ page: 'the list', path: '/', most: 70_000 },
		{ page: 'the form of a new place', path: '/places/new', most: 90_000 }
	])('brings $most bytes of JavaScript to $page at most, compressed, before what is asked for later', async ({ path, most }) => {
		const { headers } = await fetch(app.url + path, { headers: { accept: 'text/html' } });
		const scripts = [...headers.get('link')!.matchAll(/<([^>]+)>; rel="modulepreload"/g)].map(([, href]) => href!);
		expect(scripts.length).toBeGreaterThan(5);
		const weights = await Promise.all(
			scripts.map(async (href) => {
				const script = await fetch(new URL(href, app.url), { headers: { 'accept-encoding': 'gzip' } });
				await script.body?.cancel();
				expect(script.headers.get('content-encoding')).toBe('gzip');
				return Number(script.headers.get('content-length'));
			})
		);
		expect(weights.every((bytes) => bytes > 0)).toBe(true);
		expect(weights.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(most);
	});

	it('sends the list compressed, nothing when the reader has it, and the page of somebody signed in as it is', async () => {
		const ask = async (headers: Record<string, string>) => {
			const response = await fetch(app.url, { headers: { accept: 'text/html', 'accept-encoding': 'gzip', ...headers } });
			await response.body?.cancel();
			return response;
		};
		const light = await ask({});
		expect(light.headers.get('content-encoding')).toBe('gzip');
		expect(light.headers.get('vary')).toMatch(/Accept-Encoding/);
		expect(Number(light.headers.get('content-length'))).toBeLessThan(40_000);
		expect((await ask({ 'if-none-match': light.headers.get('etag')! })).status).toBe(304);
		expect((await ask({ 'accept-encoding': 'identity' })).headers.has('content-encoding')).toBe(false);
		expect((await ask({ cookie: 'alentour-session=x' })).headers.has('content-encoding')).toBe(false);
	});

	it('gives the page it keeps for everybody to nobody who needs another: language, parts she has already, who she is', async () => {
		const ask = async (path: string, headers: Record<string, string> = {}) =>
			(await fetch(app.url + path, { headers: { accept: 'text/html', 'accept-language': 'fr', ...headers } })).text();
		for (let twice = 0; twice < 2; twice++) {
			expect(await ask('/')).toMatch(/<html lang="fr"/);
			expect(await ask('/', { 'accept-language': 'en' })).toMatch(/<html lang="en"/);
			expect(await ask('/', { cookie: 'PARAGLIDE_LOCALE=en' })).toMatch(/<html lang="en"/);
			expect(await ask('/')).toContain('href="/sign-in"');
			expect(await ask('/', { cookie: 'alentour_signed_in=1' })).not.toContain('href="/sign-in"');
			const parts = async (wanted: string) => {
				const data = await ask(`/__data.json?x-sveltekit-invalidated=${wanted}`);
				return (JSON.parse(data.split('\n')[0]!) as { nodes: ({ type: string } | null)[] }).nodes.map((node) => node?.type);
			};
			expect(await parts('11')).toEqual(['data', 'data']);
			expect(await parts('01')).toEqual(['skip', 'data']);
		}
	});

	it('gives tiles and whole files in front of the framework, and as the framework would', async () => {
		const ask = async (path: string, headers: Record<string, string>, method = 'GET') => {
			const answer = await fetch(app.url + path, { method, headers: { 'accept-encoding': 'identity', ...headers } });
			// How long a connection stays is between this client and Node.
			const { date: _date, connection: _connection, 'keep-alive': _alive, ...others } = Object.fromEntries(answer.headers);
			return { status: answer.status, headers: others, body: Buffer.from(await answer.arrayBuffer()).toString('base64') };
		};
		// Who may be signed in is the framework's to answer.
		const signedIn = { cookie: 'alentour_signed_in=1' };
		const paths = [
			'/tiles/places/0/0/0.mvt',
			'/tiles/places/14/1/1.mvt?theme=enfance',
			'/data/places.geojson',
			'/data/places.gpkg'
		];
		for (const path of paths)
			for (const coding of ['gzip', 'identity', 'br, gzip']) {
				const accepting = { 'accept-encoding': coding };
				// The first may be made, the second is kept.
				await ask(path, { ...accepting, host: 'evil.example' });
				const [front, framework] = [await ask(path, accepting), await ask(path, { ...accepting, ...signedIn })];
				expect(front, `${path} ${coding}`).toEqual(framework);
				const known = { ...accepting, 'if-none-match': front.headers['etag']! };
				const second = await ask(path, known);
				expect(second, `${path} ${coding} again`).toEqual(await ask(path, { ...known, ...signedIn }));
				expect(second.status).toBe(304);
				const head = await ask(path, accepting, 'HEAD');
				expect({ status: head.status, headers: head.headers }).toEqual({ status: front.status, headers: front.headers });
			}
		// The framework's has none: it draws nothing to answer HEAD.
		expect(Number((await ask(paths[0]!, {}, 'HEAD')).headers['content-length'])).toBeGreaterThan(0);
		expect((await ask(paths[0]!, signedIn, 'HEAD')).headers).not.toHaveProperty('content-length');
		expect((await ask('/data/places.geojson', { range: 'bytes=0-9' })).status).toBe(206);
		expect((await ask('/tiles/places/17/0/0.mvt', {})).status).toBe(404);
		expect((await ask('/tiles/places/1/0/0.mvt?kind=x', {})).status).toBe(400);
		expect((await ask('/tiles/places/16/0/0.mvt', {})).status).toBe(204);
	});

	it('tells the address and the demo accounts once, and not to the log', () => {
		const plain = app
			.output()
			.split('\n')
			.filter((line) => !line.startsWith('{'));
		expect(plain.filter((line) => line === `Alentour: ${app.url}`)).toHaveLength(1);
		expect(plain.filter((line) => line.includes('coordinatrice@alentour.example'))).toHaveLength(1);
		const log = app
			.output()
			.split('\n')
			.filter((line) => line.startsWith('{'));
		expect(log.join('\n')).not.toContain('@alentour.example');
		expect(app.output()).not.toContain(`"${DEMO_PASSWORD}"`);
	});

	it('keeps the keys of the local Supabase from other users of the machine', () => {
		for (const name of ['supabase.json', 'keys.json']) expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
	});

	it('refuses a second process on the same data folder, in one sentence that names it', async () => {
		const second = launch({ DATA_DIR: dataDir, PORT: String(await freePort()) });
		expect(await second.exited).toBe(1);
		const sentences = second
			.output()
			.split('\n')
			.filter((line) => line !== '' && !line.startsWith('{'));
		expect(sentences).toEqual([expect.stringContaining(dataDir)]);
		expect((await app.health()).status).toBe(200);
	});

	it('closes within five seconds of SIGTERM, with exit code 0, and starts again from its folder', async () => {
		const start = Date.now();
		expect(await app.stop()).toBe(0);
		expect(Date.now() - start).toBeLessThan(5000);
		await offerDemoFolder(dataDir);
		app = await startApp({ dataDir });
		expect((await app.health()).places).toBeGreaterThan(100);
		expect(app.output()).not.toContain('@alentour.example');
	});
});

describe('a wrong environment', () => {
	it.each([
		['PORT', 'abc'],
		['PORT', '70000'],
		['ORIGIN', 'carte.example.fr'],
		['ORIGIN', 'https://carte.example.fr/sous-dossier'],
		['TRUST_PROXY', 'yes'],
		['DATABASE_URL', 'mysql://localhost/alentour'],
		['SUPABASE_URL', 'abc.supabase.co'],
		['SUPABASE_PUBLISHABLE_KEY', 'sb_publishable_0123456789'],
		['SMTP_URL', 'mail.example.fr'],
		['MAIL_FROM', 'nobody'],
		['BASEMAP_STYLE_URL', 'ign'],
		['GEOCODER_URL', 'javascript:alert(1)'],
		['DEMO_PASSWORD', 'short'],
		['DEMO', 'no'],
		['LOG_LEVEL', 'loud']
	])('%s=%s is one sentence that names it, and exit code 1', async (name, value) => {
		const { exited, output } = launch({ DATA_DIR: join(dataDir, 'never'), [name]: value });
		expect(await exited).toBe(1);
		const lines = output().trim().split('\n');
		expect(lines).toHaveLength(1);
		expect(lines[0]).toMatch(new RegExp(`\\b${name}\\b.*\\.$`));
	});

	it('tells all that is wrong at once', async () => {
		const { exited, output } = launch({ DATA_DIR: join(dataDir, 'never'), PORT: 'abc', DEMO: 'no', LOG_LEVEL: 'loud' });
		await exited;
		expect(output().trim().split('\n')).toHaveLength(3);
	});

	it('does not repeat a secret', async () => {
		const { exited, output } = launch({
			DATA_DIR: join(dataDir, 'never'),
			DATABASE_URL: 'mysql://me:hunter2hunter2@localhost/a'
		});
		await exited;
		expect(output()).not.toContain('hunter2');
	});

	it('says that the port is taken, and how to choose another', async () => {
		const other = createServer();
		await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
		const { port } = other.address() as AddressInfo;
		const { exited, output } = launch({ DATA_DIR: join(dataDir, 'never'), PORT: String(port) });
		expect(await exited).toBe(1);
		expect(output().trim()).toMatch(new RegExp(`^PORT ${port} is in use: .*PORT=${port + 1} npm start\\.$`));
		other.close();
	});
});
