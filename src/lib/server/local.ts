import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';
import type { Log } from './log.ts';

/** What a first start put into an empty database, to be told once at the terminal. */
export interface Seeded {
	accounts: string[];
	password: string | null;
	setupLink: string | null;
}

export interface LocalSupabase {
	url: string;
	publishableKey: string;
	secretKey: string;
	/** Whether it answers now. */
	up(): boolean;
	/** Of this start; null when the database had something in it. */
	seeded: Promise<Seeded | null>;
	stop(): Promise<void>;
}

/** Why it will never start like this: one sentence for the person at the terminal. */
export class LocalSupabaseRefused extends Error {
	override name = 'LocalSupabaseRefused';
}

type Message =
	| { type: 'bound'; endpoint: { url: string; publishable_key: string; secret_key: string } }
	| { type: 'alive'; answered: number }
	| { type: 'waiting'; code: string }
	| { type: 'ready'; seeded: Seeded | null }
	| { type: 'refused'; message: string }
	| { type: 'busy' | 'free' };

/** Between two looks, and how long one may take. */
const LOOK_MS = 1_000;
const ANSWER_MS = 2_000;
const SILENCE_MS = 15_000;
/** Its thread turns and yet no request is answered: a queue behind work that never ends. */
const STUCK_MS = 60_000;
/** Migrations and the first seed run long statements on the thread that would answer. */
const START_MS = 300_000;
/** A backup of a large data folder. */
const BUSY_MS = 3_600_000;
const STOP_MS = 15_000;
const LONGEST_BACK_OFF_MS = 5_000;

/**
 * Launches the local Supabase as a process of its own and watches it: silent for 15 seconds, stuck for 60 or gone, it is started again, for ever,
 * on the same port with the same keys. Nothing that happens to it later reaches the application but failing requests.
 * @returns once it answers, or, when its database server is away, once that is known
 * @throws LocalSupabaseRefused when the first start was refused: folder in use, migration refused, server that refuses the user
 */
export async function launchLocalSupabase(config: Config, log: Log): Promise<LocalSupabase> {
	const watch = new Watch(config, log);
	await watch.launched;
	const { url, publishable_key, secret_key } = watch.endpoint!;
	return {
		url,
		publishableKey: publishable_key,
		secretKey: secret_key,
		up: () => watch.up,
		seeded: watch.seeded.promise,
		stop: () => watch.stop()
	};
}

class Watch {
	up = false;
	endpoint: Extract<Message, { type: 'bound' }>['endpoint'] | null = null;
	readonly seeded = Promise.withResolvers<Seeded | null>();
	readonly launched: Promise<void>;
	readonly #launching = Promise.withResolvers<void>();
	readonly #config: Config;
	readonly #log: Log;
	#child: ChildProcess | null = null;
	#everReady = false;
	#stopping = false;
	#backOff = 0;
	#failures = 0;
	#silentMs = 0;
	#lastSign = 0;
	#answered = 0;
	#patienceMs = START_MS;
	#restart: NodeJS.Timeout | undefined;
	#pulse: NodeJS.Timeout | undefined;

	constructor(config: Config, log: Log) {
		this.#config = config;
		this.#log = log;
		this.launched = this.#launching.promise;
		this.#start();
		this.#listenSoon();
	}

	#start(): void {
		const child = fork(join(projectRoot(), 'supabase/local/main.ts'), {
			env: this.#environment(),
			execArgv: [],
			// Ctrl-C reaches a whole group of processes; ours has to answer until the application has finished.
			detached: true,
			stdio: ['ignore', 'inherit', 'inherit', 'ipc']
		});
		this.#child = child;
		this.#silentMs = 0;
		this.#patienceMs = START_MS;
		child.on('message', (message) => this.#hear(message as Message));
		child.on('error', (error) => this.#log.error({ error }, 'the local Supabase cannot be spoken to'));
		child.on('exit', (code, signal) => this.#gone(child, code, signal));
	}

	#environment(): NodeJS.ProcessEnv {
		const config = this.#config;
		const given: Record<string, string | null> = {
			DATA_DIR: config.dataDir,
			DATABASE_URL: config.databaseUrl,
			LOCAL_PORT: this.endpoint ? new URL(this.endpoint.url).port : '0',
			SITE_URL: config.origin,
			SMTP_URL: config.smtpUrl,
			MAIL_FROM: config.mailFrom,
			DEMO: config.demo ? 'on' : 'off',
			DEMO_PASSWORD: config.demoPassword,
			LOG_LEVEL: config.logLevel
		};
		return { ...process.env, ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? ''])) };
	}

	/** Fifty people who sign in at once keep its thread busy for half a minute: whoever looks waits in the queue like everybody. */
	#hearAlive(answered: number): void {
		this.#lastSign = performance.now();
		if (answered !== this.#answered) this.#silentMs = 0;
		this.#answered = answered;
	}

	#hear(message: Message): void {
		if (message.type === 'alive') return this.#hearAlive(message.answered);
		this.#silentMs = 0;
		if (message.type === 'bound') this.endpoint = message.endpoint;
		if (message.type === 'waiting') this.#launching.resolve();
		if (message.type === 'busy' || message.type === 'free') this.#patienceMs = message.type === 'busy' ? BUSY_MS : SILENCE_MS;
		if (message.type === 'refused') this.#refused(message.message);
		if (message.type === 'ready') {
			this.up = this.#everReady = true;
			this.#backOff = 0;
			this.#patienceMs = SILENCE_MS;
			this.seeded.resolve(message.seeded);
			this.#launching.resolve();
		}
	}

	/** At the first start a person is there to read it; later the application goes on, and the next try may succeed. */
	#refused(sentence: string): void {
		if (this.#everReady) return this.#log.error('the local Supabase refuses to start again');
		this.#stopping = true;
		clearTimeout(this.#pulse);
		this.#launching.reject(new LocalSupabaseRefused(sentence));
	}

	#gone(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
		if (child !== this.#child) return;
		this.#child = null;
		this.up = false;
		if (this.#stopping) return;
		if (!this.#everReady) this.#failedToStart();
		this.#log.error({ code, signal, again_in_ms: this.#backOff }, 'the local Supabase is gone and is started again');
		this.#restart = setTimeout(() => this.#start(), this.#backOff);
		this.#backOff = Math.min(Math.max(this.#backOff * 2, 250), LONGEST_BACK_OFF_MS);
	}

	/** An application that has somewhere to ask goes on and serves what it kept; one that hasn't can't begin. */
	#failedToStart(): void {
		this.#failures++;
		if (this.endpoint) this.#launching.resolve();
		else if (this.#failures >= 5) this.#refused('The local Supabase does not start: the lines above say why.');
	}

	#listenSoon(): void {
		this.#pulse = setTimeout(() => void this.#listen().finally(() => this.#stopping || this.#listenSoon()), LOOK_MS);
		this.#pulse.unref();
	}

	/** Any answer is a sign of life, also that the database is away; silence for too long and the process is killed. */
	async #listen(): Promise<void> {
		const child = this.#child;
		if (!child || !this.endpoint) return;
		const asked = performance.now();
		try {
			const response = await fetch(`${this.endpoint.url}/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
			await response.arrayBuffer();
			if (child !== this.#child) return;
			this.#silentMs = 0;
			this.up = response.ok;
		} catch {
			if (child !== this.#child) return;
			this.up = false;
			// Bounded, so that an application which was busy itself doesn't take its own delay for the other's silence.
			this.#silentMs += Math.min(performance.now() - asked, ANSWER_MS) + LOOK_MS;
			const turning = performance.now() - this.#lastSign < SILENCE_MS;
			if (this.#silentMs < (turning ? Math.max(STUCK_MS, this.#patienceMs) : this.#patienceMs)) return;
			this.#log.error({ silent_ms: Math.round(this.#silentMs) }, 'the local Supabase is silent and is killed');
			child.kill('SIGKILL');
		}
	}

	async stop(): Promise<void> {
		this.#stopping = true;
		clearTimeout(this.#pulse);
		clearTimeout(this.#restart);
		const child = this.#child;
		if (child) {
			const exited = new Promise((resolve) => child.once('exit', resolve));
			if (child.connected) child.send({ type: 'stop' }, () => {});
			else child.kill('SIGTERM');
			const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
			await exited;
			clearTimeout(late);
		}
		rmSync(join(this.#config.dataDir, 'supabase.json'), { force: true });
	}
}

/** The folder that holds supabase/local: above this file in development, above build/ in production. */
function projectRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'supabase/local/main.ts'))) {
		const above = dirname(folder);
		if (above === folder) return resolve('.');
		folder = above;
	}
	return folder;
}
