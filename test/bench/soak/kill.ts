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
	/** From the kill until the application has its database again. */
	seconds: number;
	/** From the kill until the orphan had gone by itself. */
	orphanSeconds: number | null;
}

/** The application that is running now, started again at the same folder and port whenever it was killed. */
export class Patient {
	app: TestApp;
	readonly #town: Town;

	constructor(town: Town, app: TestApp) {
		this.#town = town;
		this.app = app;
	}

	async kill(victim: Victim): Promise<Recovery> {
		const start = performance.now();
		const since = () => (performance.now() - start) / 1000;
		const { pid, url } = this.app;
		const database = this.app.databasePid();
		if (victim !== 'application') process.kill(database, 'SIGKILL');
		if (victim === 'database') {
			await until('another database process answers', () => this.#answers(database), 180_000);
			return { victim, seconds: since(), orphanSeconds: null };
		}
		process.kill(pid, 'SIGKILL');
		const orphan = victim === 'application' ? gone(database).then(since) : null;
		await gone(pid);
		this.app = await startApp({
			backend: this.#town.backend,
			dataDir: this.#town.dataDir,
			...(this.#town.databaseUrl ? { databaseUrl: this.#town.databaseUrl } : {}),
			port: Number(new URL(url).port)
		});
		return { victim, seconds: since(), orphanSeconds: await orphan };
	}

	async #answers(before: number): Promise<boolean> {
		const now = this.app.databasePid();
		if (now === 0 || now === before) return false;
		const { status } = await fetch(`${endpointOf(this.#town.dataDir).url}/health`, { signal: AbortSignal.timeout(2000) });
		return status === 200 && (await this.app.health()).database === 'up';
	}
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
