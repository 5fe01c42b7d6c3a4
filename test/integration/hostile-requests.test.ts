import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { startApp, stopPostgres } from '../support/app.ts';
import { ask, hostileRequests } from '../support/hostile-requests.ts';
import type { Answered, HostileRequest } from '../support/hostile-requests.ts';
import type { Known } from '../support/hostile-values.ts';
import { everyOutput } from '../support/every-output.ts';
import { plantSecrets } from '../support/marked-secrets.ts';
import { until } from '../support/processes.ts';
import { townDay } from '../support/town-day.ts';

/** `FUZZ_RUNS=5000` for an evening's worth; the same tries each time, unless asked otherwise. */
const runs = Number(process.env['FUZZ_RUNS'] || 500);
const seed = Number(process.env['FUZZ_SEED'] || 20_261_122);

let app: TestApp;
let known: Known;

beforeAll(async () => {
	app = await startApp();
	const { features } = (await (await fetch(`${app.url}/data/places.geojson`)).json()) as {
		features: { id: string; properties: Record<string, string> & { photos: { url: string }[] } }[];
	};
	const distinct = (name: string) =>
		[...new Set(features.map(({ properties }) => properties[name]!).filter(Boolean))].slice(0, 8);
	const seeded = JSON.parse(readFileSync('supabase/seed/demo/datasets.json', 'utf8')) as { slug: string; state?: string }[];
	known = {
		ids: features.slice(0, 8).map(({ id }) => id),
		photos: [features[0]!.id],
		...{
			themes: distinct('theme'),
			categories: distinct('category'),
			areas: distinct('area'),
			organisations: distinct('steward')
		},
		datasets: ['places', ...seeded.map(({ slug }) => slug)]
	};
});
afterAll(async () => {
	await app?.stop();
	await stopPostgres();
});

/** A search says again what was searched for. */
const asked = (path: string) => decodeURIComponent(path.replaceAll('+', ' ')).toLowerCase();
const filesBelow = (folder: string): string[] =>
	existsSync(folder)
		? readdirSync(folder, { recursive: true, encoding: 'utf8' })
				.map((name) => join(folder, name))
				.filter((path) => statSync(path).isFile())
		: [];

/** A redirect leads to the name of a place or to an address without its last slash; 416 answers a part of a file. */
const allowed = [200, 204, 206, 301, 303, 307, 308, 304, 400, 404, 406, 410, 413];
const statuses = ({ headers }: HostileRequest) => ('range' in headers ? [...allowed, 416] : allowed);
/** Who asks first for a whole file waits while it is made. */
const longestMs = ({ path }: HostileRequest) => (/^\/data\/[^/]+\.\w+(\?|$)/.test(path) ? 10_000 : 2000);

/** A machine that does ten other things may be slow once: what is slow by itself is slow each time. */
async function askPatiently(hostile: HostileRequest): Promise<Answered> {
	let answered = await ask(app.url, hostile);
	for (let tries = 1; tries < 4 && answered.took >= longestMs(hostile); tries++) answered = await ask(app.url, hostile);
	return answered;
}

describe('whatever is asked of what is public', () => {
	it('is answered in time, with one of the statuses that are promised, and with nothing from elsewhere', async () => {
		const { secret_key } = JSON.parse(readFileSync(join(app.dataDir, 'supabase.json'), 'utf8')) as { secret_key: string };
		const elsewhere = [secret_key, 'root:x:0', app.dataDir].map((text) => Buffer.from(text));
		const seen = new Map<number, number>();
		await fc.assert(
			fc.asyncProperty(hostileRequests(known), async (hostile) => {
				const { status, body, took } = await askPatiently(hostile);
				seen.set(status, (seen.get(status) ?? 0) + 1);
				expect(statuses(hostile), `${status}: ${body.toString().slice(0, 300)}`).toContain(status);
				expect(took).toBeLessThan(longestMs(hostile));
				for (const text of elsewhere) expect(body.includes(text)).toBe(false);
			}),
			{ numRuns: runs, seed, endOnFailure: true }
		);
		if (process.env['FUZZ_SHOW']) process.stdout.write(`${JSON.stringify([...seen])}\n`);
		expect((await app.health()).status).toBe(200);
	}, 300_000);
});

describe('whatever anybody may read', () => {
	it('holds no byte of what is less than open, of what was taken back, nor of who wrote', async () => {
		const { secrets, witnesses, ids, seq } = await plantSecrets(app);
		await until('all of it is followed', async () => (await app.health()).seq >= seq);
		const also = ['csv', 'geojson', 'kml'].map((format) => `/data/places.${format}?as_of=${townDay()}`);
		const outputs = await everyOutput(app, { ids, words: [...secrets.keys()].slice(0, 5), also });
		if (process.env['FUZZ_SHOW'])
			process.stdout.write(outputs.map(({ path, status, bytes }) => `${status} ${bytes.length} ${path}\n`).join(''));
		const kept = ['snapshot', 'exports', 'photo-cache'].flatMap((folder) => filesBelow(join(app.dataDir, folder)));
		const all = [...outputs, ...kept.map((path) => ({ path, status: 200, bytes: readFileSync(path) }))];
		const leaks = all.flatMap(({ path, bytes }) =>
			[...secrets]
				.filter(([text]) => !asked(path).includes(text.toLowerCase()) && bytes.includes(text))
				.map(([text, where]) => `${path} holds ${where} (${text})`)
		);
		expect(leaks).toEqual([]);
		const names = witnesses.filter((text) => text.startsWith('Témoin nom'));
		const files = outputs.filter(({ path }) => /^\/data\/places\.\w+$/.test(path));
		expect(files).toHaveLength(7);
		for (const { path, bytes } of files) for (const name of names) expect(bytes.includes(name), `${path}: ${name}`).toBe(true);
		const unread = witnesses.filter((text) => !outputs.some(({ bytes }) => bytes.includes(text)));
		expect(unread).toEqual([]);
	}, 300_000);
});
