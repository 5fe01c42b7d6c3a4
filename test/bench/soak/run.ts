import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { startApp } from '../../support/app.ts';
import type { Backend } from '../../support/database.ts';
import type { Random } from '../../support/random.ts';
import { seeded } from '../../support/random.ts';
import { checkChain, checkFeed, checkPlaces, checkProposals, checkSnapshot } from './checks.ts';
import { runClient } from './client.ts';
import type { Tally } from './client.ts';
import { Follower } from './follow.ts';
import { aMoment, moments, Patient, victims } from './kill.ts';
import type { Recovery } from './kill.ts';
import { Wishes } from './proposals.ts';
import type { Kept } from './proposals.ts';
import { apiSender, endpointOf, formSender } from './send.ts';
import type { Town } from './town.ts';
import { buildTown, withDatabase } from './town.ts';

export interface SoakOptions {
	backend: Backend;
	proposals: number;
	clients: number;
	kills: number;
	seed: number;
	say?: (line: string) => void;
}

export interface SoakReport {
	acknowledged: number;
	byForm: number;
	accepted: number;
	retries: number;
	followerKills: number;
	recoveries: Recovery[];
	changes: number;
	seconds: number;
	/** What was promised and not kept; empty when all is well. */
	breaches: string[];
}

/** Many write at once while the database process and the application are killed; then everything is counted. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
	const { backend, clients, say = () => {} } = options;
	const random = seeded(options.seed);
	const town = await buildTown(backend, clients);
	const file = join(town.dataDir, 'follower.ndjson');
	const app = await startApp({ backend, dataDir: town.dataDir, ...(town.databaseUrl ? { databaseUrl: town.databaseUrl } : {}) });
	const tally: Tally = { acknowledged: [], retries: 0, breaches: [], hold: Promise.resolve(), onAcknowledged: () => {} };
	const patient = new Patient(town, app, () => tally.acknowledged.length);
	const follower = new Follower(town.dataDir, file);
	try {
		say(`${backend}, ${app.url}, ${clients} clients`);
		const start = performance.now();
		const harm = disturb(options, random, tally, patient, follower);
		const own = await writeAll(options, random, town, app.url, tally);
		const { recoveries, followerKills } = await harm();
		const seconds = (performance.now() - start) / 1000;
		say(`all sent in ${seconds.toFixed(0)} s; counting`);
		const changes = await lastSeq(town.dataDir);
		const breaches = [...tally.breaches, ...(await judge(town, patient, follower, tally, own, changes))];
		if (tally.acknowledged.length !== options.proposals) breaches.push(`${tally.acknowledged.length} acknowledged`);
		return {
			acknowledged: tally.acknowledged.length,
			byForm: tally.acknowledged.filter(({ via }) => via === 'form').length,
			accepted: tally.acknowledged.filter(({ accepted }) => accepted).length,
			...{ retries: tally.retries, followerKills, recoveries, changes, seconds, breaches }
		};
	} finally {
		await follower.stop();
		await patient.app.stop().catch(() => null);
		rmSync(town.dataDir, { recursive: true, force: true });
	}
}

/** Every fifth client uses the forms. @returns the places only one client changed, as they must be now */
async function writeAll(
	{ proposals, clients }: SoakOptions,
	random: Random,
	town: Town,
	url: string,
	tally: Tally
): Promise<Map<string, Kept>> {
	const others = await somePlaces(town.dataDir);
	const wishes = town.accounts.map(({ agent }) => new Wishes(seeded(Math.floor(random() * 2 ** 32)), agent, others));
	const share = (i: number) => Math.floor(proposals / clients) + (i < proposals % clients ? 1 : 0);
	await Promise.all(
		town.accounts.map((account, i) => {
			const sender = i % 5 < 1 ? formSender(url, account) : apiSender(town.dataDir, account);
			return runClient(sender, wishes[i]!, share(i), random, tally);
		})
	);
	return new Map(wishes.flatMap(({ own }) => [...own]));
}

/** Kills as the acknowledgements come in. @returns waits for the last recovery */
function disturb(options: SoakOptions, random: Random, tally: Tally, patient: Patient, follower: Follower) {
	const { kills, proposals, say = () => {} } = options;
	const due = moments(kills, proposals, random);
	const followerDue = moments(Math.ceil(kills / 2), proposals, random);
	const followerKills = followerDue.length;
	const queue = victims(kills, random);
	const recoveries: Recovery[] = [];
	let work = Promise.resolve();
	const attack = async () => {
		await aMoment(random);
		const victim = queue.shift()!;
		const at = tally.acknowledged.length;
		const recovery = await patient.kill(victim);
		recoveries.push(recovery);
		say(
			`${victim}: back after ${recovery.seconds.toFixed(1)} s (killed after ${at} acknowledged, now ${tally.acknowledged.length})`
		);
	};
	const then = (step: () => Promise<void>) =>
		void (work = work.then(step).catch((error: Error) => void tally.breaches.push(`no recovery: ${error.message}`)));
	tally.onAcknowledged = () => {
		const count = tally.acknowledged.length;
		for (; due.length > 0 && due[0]! <= count; due.shift()) {
			tally.hold = work;
			then(attack);
		}
		for (; followerDue.length > 0 && followerDue[0]! <= count; followerDue.shift()) then(() => follower.killAndRestart());
	};
	return async () => {
		await work;
		return { recoveries, followerKills };
	};
}

async function judge(
	town: Town,
	patient: Patient,
	follower: Follower,
	tally: Tally,
	own: Map<string, Kept>,
	changes: number
): Promise<string[]> {
	const breaches = await checkSnapshot(patient.app, changes);
	breaches.push(...(await checkChain(town.dataDir, town.databaseUrl)));
	await follower.reaches(changes).catch((error: Error) => breaches.push(error.message));
	await follower.stop();
	const code = await patient.app.stop();
	if (code !== 0) breaches.push(`the application ended with ${code}`);
	await withDatabase(town, async (database) => {
		breaches.push(...(await checkProposals(database, tally.acknowledged)));
		breaches.push(...(await checkPlaces(database, own)));
		breaches.push(...(await checkFeed(database, follower.seen())));
	});
	return breaches;
}

const anonymous = (dataDir: string) => {
	const { url, publishable_key } = endpointOf(dataDir);
	return createClient(url, publishable_key, { auth: { persistSession: false } });
};

async function somePlaces(dataDir: string): Promise<string[]> {
	const { data, error } = await anonymous(dataDir).from('places').select('id').order('id').limit(20);
	if (error) throw new Error(error.message);
	return data.map(({ id }) => id as string);
}

async function lastSeq(dataDir: string): Promise<number> {
	const { data, error } = await anonymous(dataDir).from('changes').select('seq').order('seq', { ascending: false }).limit(1);
	if (error) throw new Error(error.message);
	return Number(data[0]!.seq);
}
