import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { DEMO_PASSWORD, startApp, stopPostgres } from '../support/app.ts';
import { faultsOf } from '../support/atom-check.ts';
import { until } from '../support/processes.ts';

const program = resolve(import.meta.dirname, '../../static/examples/follow.mjs');
const folder = mkdtempSync(join(tmpdir(), 'alentour-follow-'));
const copy = join(folder, 'copy.json');
let app: TestApp;
let coordinator: SupabaseClient;
let moderator: SupabaseClient;

interface Feature {
	id: string;
	properties: Record<string, unknown> & { name: string; version: number };
}
interface Copy {
	seq: number;
	next: string;
	places: Record<string, Feature>;
}
const kept = () => JSON.parse(readFileSync(copy, 'utf8')) as Copy;

async function signedIn(name: string): Promise<SupabaseClient> {
	const { url, publishable_key } = app.endpoint();
	const client = createClient(url, publishable_key, { auth: { persistSession: false, autoRefreshToken: false } });
	const { error } = await client.auth.signInWithPassword({ email: `${name}@alentour.example`, password: DEMO_PASSWORD });
	if (error) throw error;
	return client;
}

async function call(client: SupabaseClient, name: string, parameters: object): Promise<Record<string, unknown>> {
	const { data, error } = await client.rpc(name, parameters);
	if (error) throw new Error(`${name}: ${error.message}`);
	return data as Record<string, unknown>;
}

const propose = (proposal: object) =>
	call(coordinator, 'submit_proposal', { proposal: { client_id: randomUUID(), ...proposal } });

const change = (id: string, fact: string, old: unknown, value: unknown) =>
	propose({ kind: 'update', place_id: id, operations: [{ fact, old, new: value }] });

/** The whole file once it holds what was just written: an id to the text of its line. */
async function file(holds: (lines: Map<string, string>) => boolean): Promise<Map<string, string>> {
	let lines = new Map<string, string>();
	await until('the file holds what was written', async () => {
		const text = await (await fetch(`${app.url}/data/places.geojson`)).text();
		const features = text.split('\n').filter((line) => line.startsWith('{"type":"Feature",'));
		lines = new Map(features.map((line) => [(JSON.parse(line.replace(/,$/, '')) as Feature).id, line.replace(/,$/, '')]));
		return holds(lines);
	});
	return lines;
}

/** The program that re-users are given, as they run it. */
const follow = async () => (await promisify(execFile)(process.execPath, [program, app.url, copy])).stdout;

const asText = ({ places }: Copy) => new Map(Object.entries(places).map(([id, feature]) => [id, JSON.stringify(feature)]));

beforeAll(async () => {
	app = await startApp();
	[coordinator, moderator] = await Promise.all([signedIn('coordinatrice'), signedIn('moderateur')]);
});

afterAll(async () => {
	await app?.stop();
	await stopPostgres();
	rmSync(folder, { recursive: true, force: true });
});

describe('an application that follows the changes', () => {
	it('begins with the whole file and has all of it', async () => {
		expect(await follow()).toMatch(/^\d+ places, as of change \d+/);
		expect(asText(kept())).toEqual(await file(() => true));
	});

	it('has what the file has, byte for byte, after all that can happen to places', async () => {
		const [renamed, ended, merged, into, hidden, silent, relicensed, back] = Object.values(kept().places) as [
			...[Feature, Feature, Feature, Feature, Feature, Feature, Feature, Feature]
		];
		const fresh = randomUUID();
		const given = { name: 'La Grainothèque suivie', category: 'bibliotheque', position: { lon: -1.55, lat: 47.22 } };
		const operations = Object.entries(given).map(([fact, value]) => ({ fact, old: null, new: value }));
		await propose({ kind: 'create', place_id: fresh, operations });
		await change(fresh, 'opening_hours', null, 'Mo-Fr 09:00-12:00');
		await change(renamed.id, 'name', renamed.properties.name, 'Un tout autre nom');
		await propose({ kind: 'end', place_id: ended.id, reason: 'closed' });
		await propose({ kind: 'merge', place_id: merged.id, into_place_id: into.id });
		await call(moderator, 'withhold', { withholding: { place_id: hidden.id, reason_code: 'illegal' } });
		await call(moderator, 'withhold', { withholding: { place_id: silent.id, fact: 'phone', reason_code: 'personal_data' } });
		await change(relicensed.id, 'licence', relicensed.properties.licence, 'ODbL-1.0');
		await propose({ kind: 'end', place_id: back.id, reason: 'moved' });
		await propose({ kind: 'reopen', place_id: back.id });
		await change(back.id, 'phone', back.properties.phone, '+33 2 40 41 90 00');
		const lines = await file((now) => now.get(back.id)?.includes('41 90 00') === true);
		await follow();
		expect(asText(kept())).toEqual(lines);
		expect([ended, merged, hidden, relicensed].filter(({ id }) => lines.has(id))).toEqual([]);
		expect(lines.get(fresh)).toContain('Mo-Fr 09:00-12:00');
		expect(kept().places[silent.id]!.properties.phone).toBeNull();
	});

	it('in small pages comes to the same, from the first change on, or begins anew when it may not trust what it has', async () => {
		const { seq } = kept();
		const next = `${app.url}/data/changes?since=0&limit=100`;
		writeFileSync(copy, JSON.stringify({ seq: 0, next, places: {} }));
		const lines = await file(() => true);
		await follow();
		expect(asText(kept())).toEqual(lines);
		const ahead = { seq: seq + 1000, next: `${app.url}/data/changes?since=${seq + 1000}`, places: { wrong: {} } };
		writeFileSync(copy, JSON.stringify(ahead));
		await follow();
		expect(asText(kept())).toEqual(lines);
	});

	it('costs a 304 when nothing changed, and what it reads is gone from it when it is withheld', async () => {
		const ask = (tag: string) => fetch(`${app.url}/data/changes?since=0&limit=1000`, { headers: { 'if-none-match': tag } });
		const first = await ask('');
		const place = ((await first.json()) as { changes: { id: string; state: string; feature: Feature }[] }).changes.find(
			({ state }) => state === 'present'
		)!;
		expect((await ask(first.headers.get('etag')!)).status).toBe(304);
		await call(moderator, 'withhold', { withholding: { place_id: place.id, reason_code: 'illegal' } });
		await file((now) => !now.has(place.id));
		const after = await ask(first.headers.get('etag')!);
		expect(after.status).toBe(200);
		expect(await after.text()).not.toContain(JSON.stringify(place.feature.properties.name));
	});
});

describe('a resident who subscribes', () => {
	it('is led from the page of her neighbourhood, an organisation or the data to a valid feed of its news', async () => {
		const { features } = (await (await fetch(`${app.url}/data/places.geojson`)).json()) as { features: Feature[] };
		const { area, steward } = features.find(({ properties }) => properties.area && properties.steward)!.properties;
		for (const page of ['/data', `/areas/${String(area)}`, `/organisations/${String(steward)}`]) {
			const html = await (await fetch(app.url + page, { headers: { 'accept-language': 'en' } })).text();
			const link = /<link\s[^>]*rel="alternate"[^>]*application\/atom\+xml[^>]*>/.exec(html)?.[0] ?? '';
			const url = new URL(/href="([^"]*)"/.exec(link)?.[1] ?? page, app.url).href;
			const response = await fetch(url);
			expect([page, response.headers.get('content-type')]).toEqual([page, 'application/atom+xml; charset=utf-8']);
			const text = await response.text();
			expect(faultsOf(text, url, new Date())).toEqual([]);
			if (page === '/data') expect(text).toContain('Un tout autre nom\u00a0: nom modifié');
		}
	});
});
