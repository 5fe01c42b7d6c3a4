import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestApp } from '../../support/app.ts';
import { startApp } from '../../support/app.ts';
import { until } from '../../support/processes.ts';
import type { Random } from '../../support/random.ts';
import { endpointOf } from './send.ts';
import type { Town } from './town.ts';

/** `application` leaves its database process an orphan; `both` is a power cut. */
export type Victim = 'database' | 'application' | 'both';

export interface Recovery {
	victim: Victim;
	/** From the kill until a proposal is acknowledged again. */
	seconds: number;
	/** From the kill until the orphan had gone by itself. */
	orphanSeconds: number | null;
}

/** The application that is running now, started again at the same folder and port whenever it was killed. */
export class Patient {
	app: TestApp;
	readonly #town: Town;
	readonly #progress: () => number;

	/** @param progress how many proposals have been acknowledged so far */
	constructor(town: Town, app: TestApp, progress: () => number) {
		this.#town = town;
		this.app = app;
		this.#progress = progress;
	}

	async kill(victim: Victim): Promise<Recovery> {
		const { start, since } = stopwatch();
		const { pid, url } = this.app;
		const database = this.app.databasePid();
		if (victim !== 'application') process.kill(database, 'SIGKILL');
		const recovered = this.#recovered(start).then(since);
		if (victim === 'database') return { victim, seconds: await recovered, orphanSeconds: null };
		process.kill(pid, 'SIGKILL');
		const orphan = victim === 'application' ? gone(database).then(since) : null;
		await gone(pid);
		const { backend, dataDir, databaseUrl } = this.#town;
		const restarted = startApp({ backend, dataDir, ...(databaseUrl ? { databaseUrl } : {}), port: Number(new URL(url).port) });
		const [seconds, orphanSeconds, app] = await Promise.all([recovered, orphan, restarted]);
		this.app = app;
		return { victim, seconds, orphanSeconds };
	}

	/** A new database process said where it is, and since then somebody was acknowledged or, when nobody writes, it answers. */
	async #recovered(killedAt: number): Promise<void> {
		const file = join(this.#town.dataDir, 'supabase.json');
		await until('another database process is ready', () => statSync(file).mtimeMs > killedAt, 180_000);
		const before = this.#progress();
		await until('it answers', async () => this.#progress() > before || (await this.#answers()), 180_000);
	}

	async #answers(): Promise<boolean> {
		const { url } = endpointOf(this.#town.dataDir);
		return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(500) })).ok;
	}
}

function stopwatch() {
	const start = Date.now();
	return { start, since: () => (Date.now() - start) / 1000 };
}

/** At most a minute. */
function gone(pid: number): Promise<boolean> {
	return until(
		`process ${pid} has gone`,
		() => {
			try {
				process.kill(pid, 0);
				return false;
			} catch {
				return true;
			}
		},
		60_000
	);
}

/** Each kind in turn, in a random order. */
export function victims(kills: number, random: Random): Victim[] {
	const kinds: Victim[] = ['database', 'application', 'both', 'database', 'application'];
	const chosen = Array.from({ length: kills }, (_, i) => kinds[i % kinds.length]!);
	return shuffled(chosen, random);
}

function shuffled<T>(items: T[], random: Random): T[] {
	return items
		.map((item) => ({ item, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ item }) => item);
}

/** At which number of acknowledgements to kill: random, between the first and the last twentieth. */
export function moments(kills: number, proposals: number, random: Random): number[] {
	return Array.from({ length: kills }, () => Math.ceil(proposals * (0.05 + random() * 0.85))).sort((a, b) => a - b);
}

/** Not in step with the answer that brought the number. */
export const aMoment = (random: Random) => sleep(random() * 400);
