import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import { cookiesOf, post } from '../support/forms.ts';
import { jpegWithSecrets, pixels } from '../support/pictures.ts';
import { until } from '../support/processes.ts';

let app: TestApp;
let cookie: string;
let place: string;
const signIn = async (name: string) =>
	cookiesOf(await post(app.url, '/sign-in', { email: `${name}@alentour.example`, password: DEMO_PASSWORD }));
const octets = { 'content-type': 'application/octet-stream' };
const send = (body: Uint8Array, session = cookie, path = `/photos?place=${place}`) =>
	fetch(app.url + path, {
		method: 'POST',
		headers: { origin: app.url, cookie: session, 'accept-language': 'fr', ...octets },
		body: new Uint8Array(body)
	});
const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;
const get = (id: string, session = '', size = 480) =>
	fetch(`${app.url}/photos/${id}-${size}.webp`, { headers: { cookie: session } });

/** Every file below DATA_DIR, the database's own included. */
function files(): string[] {
	return readdirSync(app.dataDir, { recursive: true, encoding: 'utf8' })
		.map((name) => join(app.dataDir, name))
		.filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
}
const bytesOfPhotos = () => files().filter((name) => name.startsWith(join(app.dataDir, 'photos')) && !name.endsWith('.json'));

async function change(session: string, add: string[], remove: string[]): Promise<Response> {
	const form = new FormData();
	form.set('client_id', crypto.randomUUID());
	form.set('shown', '{}');
	for (const id of add) form.append('photo', id);
	for (const id of remove) form.append('photo_remove', id);
	return fetch(`${app.url}/places/${place}/edit?/submit`, {
		method: 'POST',
		headers: { origin: app.url, cookie: session, accept: 'text/html' },
		body: form
	});
}

beforeAll(async () => {
	// Files that appear by themselves would be counted.
	app = await startApp({ env: { ARCHIVES: 'off' } });
	cookie = await signIn('coordinatrice');
	const { features } = (await (await fetch(`${app.url}/data/places.geojson`)).json()) as { features: { id: string }[] };
	place = features[0]!.id;
});
afterAll(async () => {
	await app.stop();
	await stopPostgres();
});

describe('a photo sent to the application', () => {
	it('leaves nothing of what it said about itself anywhere on disk or in a log', async () => {
		const { bytes, marker } = await jpegWithSecrets(800, 600, 'MARQUE-47.2184N-1.5536O');
		const answer = await send(bytes);
		expect(answer.status).toBe(201);
		expect(bytesOfPhotos()).toHaveLength(2);
		const needle = Buffer.from(marker);
		const holding = files().filter((name) => readFileSync(name).includes(needle));
		expect(holding).toEqual([]);
		expect(app.output()).not.toContain(marker);
		expect(await idOf(await send(bytes))).toBe(await idOf(answer));
		expect(bytesOfPhotos()).toHaveLength(2);
	});

	it.each<[string, () => Uint8Array, number, string]>([
		['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 415, 'photo_svg'],
		['nothing', () => new Uint8Array(), 422, 'photo_empty'],
		['too much', () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(12_000_000)]), 413, 'photo_too_heavy']
	])('that is %s is refused with a sentence, and nothing is written', async (_what, bytes, status, code) => {
		const before = files().length;
		const answer = await send(bytes());
		expect(answer.status).toBe(status);
		expect(await answer.json()).toMatchObject({ code, detail: expect.stringMatching(/\S{3}.*\.$/) as unknown });
		expect(files().length).toBe(before);
	});

	it('by nobody is refused; larger than any photo, or sent elsewhere, it is not even read', async () => {
		const jpeg = await pixels(30, 20).jpeg().toBuffer();
		expect((await send(jpeg, '')).status).toBe(401);
		const refused = (request: Promise<Response>) => request.then(({ status }) => status).catch(() => 'cut off');
		expect([413, 'cut off']).toContain(await refused(send(Buffer.alloc(14_000_000))));
		expect([413, 'cut off']).toContain(await refused(send(Buffer.alloc(1_100_000), cookie, '/me?/withdraw')));
		const stream = new Blob([new Uint8Array(1000)]).stream();
		const unsaid = { method: 'POST', headers: { origin: app.url, cookie, ...octets }, body: stream, duplex: 'half' };
		expect([411, 'cut off']).toContain(await refused(fetch(`${app.url}/sign-in`, unsaid as RequestInit)));
	});
});

describe('a photo asked for', () => {
	it('is its author’s and a moderator’s alone while it waits, everyone’s once listed, gone once removed, with its copies if it was withheld', async () => {
		const resident = await signIn('habitant');
		const id = await idOf(await send(await pixels(700, 500).png().toBuffer(), resident));
		const mine = await get(id, resident);
		expect([mine.status, mine.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
		expect((await get(id)).status).toBe(404);
		expect((await get(id, await signIn('association'))).status).toBe(404);
		const own = await idOf(await send(await pixels(710, 500).png().toBuffer()));
		expect(await (await change(cookie, [own], [])).text()).toContain('En ligne');
		await until('everyone sees it', async () => (await get(own)).status === 200);
		// A second time it comes from this node's disk, also while the database is away.
		const stopped = app.databasePid();
		process.kill(stopped, 'SIGSTOP');
		try {
			expect((await get(own)).status).toBe(200);
			expect((await get(crypto.randomUUID())).status).toBe(404);
		} finally {
			process.kill(stopped, 'SIGCONT');
		}
		const before = bytesOfPhotos().length;
		const withholding = await post(app.url, `/moderation/photos/${own}?/withhold`, { reason_code: 'personal_data' }, cookie);
		expect(withholding.status).toBe(303);
		await change(cookie, [], [own]);
		await until('it is gone for everyone', async () => (await get(own)).status === 410);
		await until('its copies are gone', () => Promise.resolve(bytesOfPhotos().length === before - 2), 60_000);
		expect(files().filter((name) => name.includes(own))).toEqual([]);
		expect((await get(own)).status).toBe(410);
		expect((await get(id, resident)).status).toBe(200);
	});

	it('by any other name is not found', async () => {
		for (const name of ['x-480', '../places-480', '%2e%2e%2fplaces-480', `${place}-999`, `${place}-480`])
			expect((await fetch(`${app.url}/photos/${name}.webp`)).status).toBe(404);
	});
});
