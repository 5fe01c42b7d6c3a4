import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import type { TestApp } from '../../support/app.ts';
import type { TestSupabase } from '../../support/database.ts';
import { until } from '../../support/processes.ts';
import type { Acknowledged } from './client.ts';
import type { SeenChange } from './follow.ts';
import { noteOf } from './proposals.ts';
import type { Kept } from './proposals.ts';
import { endpointOf } from './send.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Each returns sentences about what is wrong; none when all is well. */
type Breaches = string[];

/** Asked of the running application: its snapshot is what anonymous reads. */
export async function checkSnapshot(app: TestApp, lastSeq: number): Promise<Breaches> {
	await until('the snapshot has every change', async () => (await app.health()).seq >= lastSeq, 60_000);
	const answer = await fetch(`${app.url}/data/places.geojson`);
	const { features } = (await answer.json()) as { features: { properties: Row }[] };
	const shown = new Map(features.map(({ properties }) => [properties.id, facts(properties)]));
	const rows = new Map((await readPlaces(app.dataDir)).map((row) => [row.id, facts(row)]));
	const different = [...rows].filter(([id, row]) => shown.get(id) !== row).map(([id]) => `the snapshot differs at place ${id}`);
	const more = [...shown.keys()].filter((id) => !rows.has(id)).map((id) => `the snapshot has a place too many: ${id}`);
	return [...different, ...more];
}

interface Row {
	id: string;
	version: number;
	name: string;
	summary: string | null;
	description: string | null;
	updated_at: string;
}
const facts = ({ version, name, summary, description, updated_at }: Row) =>
	JSON.stringify({ version, name, summary, description, updated_at });

async function readPlaces(dataDir: string): Promise<Row[]> {
	const { url, publishable_key } = endpointOf(dataDir);
	const anonymous = createClient(url, publishable_key, { auth: { persistSession: false } });
	const all: Row[] = [];
	for (;;) {
		const page = anonymous.from('places').select('id, version, name, summary, description, updated_at').order('id').limit(500);
		const { data, error } = await (all.length === 0 ? page : page.gt('id', all.at(-1)!.id));
		if (error) throw new Error(error.message);
		if (data.length === 0) return all;
		all.push(...(data as Row[]));
	}
}

/** `npm run admin -- verify` on the running application. */
export function checkChain(dataDir: string, databaseUrl: string | null): Promise<Breaches> {
	const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: databaseUrl ?? '', SUPABASE_URL: '' };
	return new Promise((done) =>
		execFile(process.execPath, [resolve(root, 'build/admin.js'), 'verify'], { cwd: root, env }, (error, _out, complaint) =>
			done(error ? [`verify ended with ${error.code}: ${complaint.trim()}`] : [])
		)
	);
}

/** What was acknowledged is there once, and nothing else is. */
export async function checkProposals(database: TestSupabase, acknowledged: Acknowledged[]): Promise<Breaches> {
	const rows = await database.sql<{ id: string; client_id: string; note: string; state: string; place_id: string }>(
		`select id, client_id, note, state, place_id from private.proposals where note like 'soak %'`
	);
	const byNote = Map.groupBy(rows, ({ note }) => note);
	const breaches: Breaches = [];
	for (const { wish, via, accepted, proposalId } of acknowledged) {
		const found = byNote.get(noteOf(wish)) ?? [];
		const [row] = found;
		if (!row || found.length > 1) breaches.push(`${wish.kind} ${wish.clientId} (${via}) is there ${found.length} times`);
		else if (row.place_id !== wish.placeId || (row.state === 'accepted') !== accepted)
			breaches.push(`${wish.kind} ${wish.clientId} (${via}) is not what was acknowledged`);
		else if (via === 'api' && (row.client_id !== wish.clientId || row.id !== proposalId))
			breaches.push(`${wish.kind} ${wish.clientId} has another id than was acknowledged`);
		byNote.delete(noteOf(wish));
	}
	for (const note of byNote.keys()) breaches.push(`${note} is there and was never acknowledged`);
	return breaches;
}

/** Each accepted creation is one place, with one version per accepted change and its last value. */
export async function checkPlaces(database: TestSupabase, own: Map<string, Kept>): Promise<Breaches> {
	const rows = await database.sql<{ id: string; version: number; versions: number; summary: string }>(
		`select p.id, p.version, p.facts ->> 'summary' as summary,
			(select count(*)::int from private.place_versions as v where v.place_id = p.id) as versions
		from private.places as p where p.facts ->> 'name' = 'Lieu ' || left(p.id::text, 8)`
	);
	const there = new Map(rows.map((row) => [row.id, row]));
	const breaches = [...own].flatMap(([id, { version, summary }]) => {
		const row = there.get(id);
		if (!row) return [`place ${id} was accepted and is not there`];
		if (row.version === version && row.versions === version && row.summary === summary) return [];
		return [
			`place ${id} is at version ${row.version} with ${row.versions} versions instead of ${version}, or says something else`
		];
	});
	return there.size === own.size ? breaches : [...breaches, `${there.size} places instead of ${own.size}`];
}

/** The feed has no gap and no twin, nothing waits in its queue, and each version of a place is announced once. */
export async function checkFeed(database: TestSupabase, seen: SeenChange[]): Promise<Breaches> {
	const rows = (
		await database.sql<SeenChange>('select seq::int as seq, subject, id, version, kind from private.changes order by seq')
	).map((row) => ({ ...row, seq: Number(row.seq) }));
	const breaches = rows.flatMap(({ seq }, i) => (seq === i + 1 ? [] : [`changes has ${seq} at position ${i + 1}`])).slice(0, 5);
	const [state] = await database.sql<{ counter: number; waiting: number }>(
		'select (select seq::int from private.change_counter) as counter, (select count(*)::int from private.change_queue) as waiting'
	);
	if (Number(state?.counter) !== rows.length) breaches.push(`the counter is at ${state?.counter}, the feed at ${rows.length}`);
	if (Number(state?.waiting) !== 0) breaches.push(`${state?.waiting} changes were never announced`);
	const twice = Map.groupBy(
		rows.filter(({ kind }) => kind === 'created' || kind === 'updated'),
		({ subject, id, version, kind }) => (subject === 'place' ? `${id} ${version}` : `${subject} ${id} ${kind} ${version}`)
	);
	for (const [what, { length }] of twice)
		if (length > 1 && !what.includes('null')) breaches.push(`${what} is announced ${length} times`);
	return [...breaches, ...compareSeen(rows, seen)];
}

function compareSeen(rows: SeenChange[], seen: SeenChange[]): Breaches {
	const times = new Map<number, number>();
	for (const { seq } of seen) times.set(seq, (times.get(seq) ?? 0) + 1);
	const missed = rows.filter(({ seq }) => !times.has(seq)).map(({ seq }) => `the follower missed ${seq}`);
	const twice = [...times].filter(([, n]) => n > 1).map(([seq, n]) => `the follower saw ${seq} ${n} times`);
	const text = ({ seq, subject, id, version, kind }: SeenChange) => JSON.stringify([seq, subject, id, version, kind]);
	const bySeq = new Map(rows.map((row) => [row.seq, text(row)]));
	const others = seen.filter((row) => bySeq.get(row.seq) !== text(row)).map(({ seq }) => `the follower saw another ${seq}`);
	return [...missed, ...twice, ...others];
}
