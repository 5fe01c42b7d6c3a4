import { createClient } from '@supabase/supabase-js';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';

/** `VISITOR_FLOOD=10000` is the whole of it. */
const flood = Number(process.env['VISITOR_FLOOD'] || 150);

let app: TestApp;
let place: string;
beforeAll(async () => {
	app = await startApp({ env: { TRUST_PROXY: '1' } });
	const file = (await (await fetch(`${app.url}/data/places.geojson`)).json()) as { features: { properties: { id: string } }[] };
	place = `/places/${file.features[0]!.properties.id}`;
});
afterAll(async () => {
	await app.stop();
	await stopPostgres();
});

const post = (path: string, fields: [string, string][], from: string) =>
	fetch(app.url + path, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams(fields),
		headers: { origin: app.url, accept: 'text/html', 'accept-language': 'fr', 'x-forwarded-for': from }
	});
/** A kept connection may be closed under the next request: asked again, which a form may be. */
const send: typeof post = (...args) => post(...args).catch(() => post(...args));

const unescape = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
/** The hidden fields of the form as a page shows them. */
async function formOf(path: string): Promise<Record<string, string>> {
	const html = await (await fetch(app.url + path, { headers: { 'accept-language': 'fr' } })).text();
	const field = (name: string) => unescape(new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '');
	return { client_id: field('client_id'), ticket: field('ticket'), challenge: field('challenge') };
}
/** What the browser of a person adds to it. */
async function withProof(form: Record<string, string>): Promise<Record<string, string>> {
	const challenge = JSON.parse(form['challenge']!) as Parameters<typeof solveChallenge>[0]['challenge'];
	const started = Date.now();
	const solution = await solveChallenge({ challenge, deriveKey });
	await new Promise((done) => setTimeout(done, Math.max(0, started + 2300 - Date.now())));
	return { ...form, proof: JSON.stringify({ challenge, solution }) };
}
async function waiting(relation: 'report_queue' | 'unproven_queue'): Promise<string[]> {
	const { url, publishable_key } = app.endpoint();
	const client = createClient(url, publishable_key, { auth: { persistSession: false } });
	const { error } = await client.auth.signInWithPassword({ email: 'moderateur@alentour.example', password: DEMO_PASSWORD });
	if (error) throw error;
	return (await client.from(relation).select('text')).data!.map(({ text }) => String(text));
}
const spam = (form: Record<string, string>, text: string): [string, string][] => Object.entries({ ...form, kind: 'gone', text });

describe('a flood of reports', () => {
	it('fills nothing but its own lane, and a person of the same network is read', async () => {
		const form = await formOf(`${place}/report`);
		const statuses: number[] = [];
		for (let n = 0; n < flood; n += 10) {
			const some = Array.from({ length: Math.min(10, flood - n) }, (_none, i) =>
				send(
					`${place}/report`,
					spam({ ...form, client_id: crypto.randomUUID() }, `réclame ${n + i}`),
					`203.0.113.${(n + i) % 250}`
				)
			);
			statuses.push(...(await Promise.all(some)).map(({ status }) => status));
		}
		expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(20);
		expect(new Set(statuses)).toEqual(new Set([200, 429]));
		expect((await waiting('report_queue')).filter((text) => text.includes('réclame'))).toEqual([]);
		expect((await waiting('unproven_queue')).filter((text) => text.includes('réclame')).length).toBeLessThanOrEqual(20);

		const honest = await withProof(await formOf(`${place}/report`));
		const answers = [1, 2].map(() => send(`${place}/report`, spam(honest, 'une vraie personne'), '203.0.113.77'));
		const pages = await Promise.all((await Promise.all(answers)).map((answer) => answer.text()));
		const codes = pages.map((html) => /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(html)?.[0]);
		expect(codes[0], 'the second press shows what the first one showed').toBe(codes[1]);
		expect((await waiting('report_queue')).filter((text) => text === 'une vraie personne')).toHaveLength(1);
		expect((await send('/follow', [['code', codes[0]!]], '198.51.100.9')).status).toBe(303);
	});

	it('of guesses at codes is stopped', async () => {
		const guess = () => send('/follow', [['code', 'ABCD-EFGH-JKMN']], '198.51.100.10');
		const statuses = [];
		for (let n = 0; n < 32; n++) statuses.push((await guess()).status);
		expect(statuses.slice(0, 30)).toEqual(Array(30).fill(404));
		expect(statuses.at(-1)).toBe(429);
	});
});

describe('whatever is typed into the forms of visitors', () => {
	it('is answered with a page, never with a fault', async () => {
		const form = await formOf(`${place}/report`);
		const names = [
			...['client_id', 'ticket', 'challenge', 'proof', 'kind', 'text', 'url', 'visitor_email', 'visitor_name', 'visitor_site'],
			...['good_faith', 'photo', 'asked', 'shown', 'name', 'category', 'lon', 'lat', 'opening_hours', 'closures.0.from', 'id'],
			...['note', 'code', 'new_offer', 'base_version', 'phone', 'position_choice']
		];
		const paths = [`${place}/report`, '/places/new?/submit', `${place}/edit?/submit`, '/follow', '/follow/ABCDEFGHJKMN?/answer'];
		const text = fc.oneof(
			fc.string({ unit: 'binary', maxLength: 60 }),
			fc.constantFrom('wrong', 'illegal_or_urgent', 'name,position,category', '{"name":1}', '47.2', '[]', 'x'.repeat(3000))
		);
		let network = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...paths),
				fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 12 }),
				async (path, fields) => {
					const from = `10.${++network >> 8}.${network & 255}.1`;
					const { status } = await send(path, [...Object.entries(form), ...fields], from);
					expect(status, JSON.stringify({ path, fields })).toBeLessThan(500);
				}
			),
			{ numRuns: 60 }
		);
		expect(app.output()).not.toContain('A request failed');
	});
});
