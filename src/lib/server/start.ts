import { useTownZone } from '../i18n/format.ts';
import type { Config } from './config.ts';
import { launchLocalSupabase, LocalSupabaseRefused } from './local.ts';
import type { LocalSupabase, Seeded } from './local.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';
import { publishedRows } from './db/published-rows.ts';
import { countDownloads } from './db/downloads.ts';
import { downloads } from './downloads.ts';
import { repeat } from './jobs/repeat.ts';
import type { Repeated } from './jobs/repeat.ts';
import { startWork } from './jobs/work.ts';
import type { Work } from './jobs/work.ts';
import { openPost } from './mail/post.ts';
import { startSweepingPhotos } from './photos/sweep.ts';
import { published, startPublished } from './published/instance.ts';
import { refuseOlderSchema } from './schema.ts';
import { anonymousClient, connectSupabase, serviceClient, supabaseEndpoint } from './supabase.ts';

/** On the process, which outlives a module that the development server reloads. */
const marks = process as unknown as Record<symbol, Promise<void> | undefined>;
const startedKey = Symbol.for('alentour.started');

/** How long the first answer waits for a first snapshot once the database was launched; then pages say that the map is coming. */
const firstSnapshotMs = 8000;

/**
 * Starts what the application stands on, once per process: the local Supabase unless another is given, and the snapshot.
 * Resolves when there is something to show: at once with a snapshot on disk, however the database is.
 */
export function startUp(config: Config): Promise<void> {
	return (marks[startedKey] ??= start(config));
}

async function start(config: Config): Promise<void> {
	const log = createLog('application', config.logLevel);
	const launched = launch(config, log);
	const snapshot = await startPublished({
		connect: async () => (await launched).endpoint,
		dataDir: config.dataDir,
		log
	});
	const work = launched.then(() => startJobs(config, log));
	// The adapter says so once it takes no request any more and those under way are answered.
	process.once('sveltekit:shutdown', () => void stop());

	const stopSweeping = startSweepingPhotos(log);
	const counting = launched.then(() => startCounting(log));
	const stop = async () => {
		stopSweeping();
		await (await counting).stop(countingGraceMs);
		await (await work).stop(workGraceMs);
		await snapshot.stop();
		await (await launched).local?.stop();
		log.info('stopped');
		log.flush();
		process.exit(0);
	};
	// Without the view itself: what this function knows lives as long as the process, and a view holds all places as they were.
	const ready = snapshot.ready().then(() => undefined);
	await Promise.race([ready, launched.then(() => Promise.race([ready, after(firstSnapshotMs)]))]);
}

/** A last batch may leave; without the database its numbers are lost with the process. */
const countingGraceMs = 500;
const countingPauseMs = 30_000;

function startCounting(log: Log): Repeated {
	const client = serviceClient();
	const flush = () => downloads.flush((id, counts) => countDownloads(client, id, counts));
	const repeated = repeat(flush, { pauseMs: countingPauseMs, log, name: 'downloads' });
	return {
		async stop(graceMs) {
			await repeated.stop(graceMs);
			await Promise.race([flush().catch(() => false), after(graceMs)]);
		}
	};
}

/** A mail under way may end; one that doesn't is told apart at the next start. */
const workGraceMs = 1500;

function startJobs(config: Config, log: Log): Work {
	const client = serviceClient();
	return startWork({
		client: () => client,
		post: openPost({ smtpUrl: config.smtpUrl, from: config.mailFrom, dataDir: config.dataDir }),
		log,
		origin: config.origin,
		secret: () => supabaseEndpoint().secretKey,
		town
	});
}

/** Whose map it is, for the mails; they may leave before the first snapshot is there. */
function town() {
	if (!published().status().snapshot) return { name: 'Alentour', contact: null };
	const { territory, contact, time } = published().current().settings;
	useTownZone(time.zone);
	return { name: territory.name, contact: [contact.name, contact.email ?? contact.url].filter(Boolean).join(', ') || null };
}

async function launch(config: Config, log: Log) {
	let local: LocalSupabase | null = null;
	if (!config.supabase) {
		try {
			local = await launchLocalSupabase(config, log);
		} catch (failure) {
			if (!(failure instanceof LocalSupabaseRefused)) throw failure;
			process.stderr.write(`${failure.message}\n`);
			process.exit(1);
		}
		void local.seeded.then((seeded) => seeded && tell(seeded, config.origin));
	}
	const endpoint = config.supabase ?? local;
	if (!endpoint) throw new Error('There is no Supabase to connect to.');
	connectSupabase(endpoint);
	if (config.supabase) void checkSchema(log);
	return { local, endpoint };
}

function checkSchema(log: Log): Promise<void> {
	return refuseOlderSchema({
		needed: __SCHEMA_VERSION__,
		read: async () => (await publishedRows(anonymousClient()).reference('settings')).schema?.version ?? null,
		pause: () => after(5000),
		refuse: (sentence) => {
			process.stderr.write(`${sentence}\n`);
			process.exit(1);
		},
		log
	});
}

/** Once, to the terminal: these lines are no log, and nothing keeps them. */
function tell({ accounts, password, setupLink }: Seeded, origin: string): void {
	const lines: string[] = [];
	if (accounts.length > 0) {
		lines.push('This is a demonstration. Sign in as one of these, all with the same password:', '');
		lines.push(...accounts.map((account) => `  ${account}`), '', `  password: ${password ?? 'the one of DEMO_PASSWORD'}`);
	}
	if (setupLink) {
		lines.push(
			'The first coordinator opens this link, once:',
			'',
			`  ${URL.canParse(setupLink) ? setupLink : origin + setupLink}`
		);
	}
	if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
