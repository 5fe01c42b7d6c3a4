import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/processes.ts';

export interface SeenChange {
	seq: number;
	subject: string;
	id: string;
	version: number | null;
	kind: string;
}

/** A follower of the feed in a process of its own, with what it saw in `file`. */
export class Follower {
	#child: ChildProcess;
	readonly #dataDir: string;
	readonly #file: string;

	constructor(dataDir: string, file: string) {
		this.#dataDir = dataDir;
		this.#file = file;
		this.#child = this.#start();
	}

	async killAndRestart(): Promise<void> {
		await this.stop();
		this.#child = this.#start();
	}

	async stop(): Promise<void> {
		if (this.#child.signalCode !== null || this.#child.exitCode !== null) return;
		const exited = new Promise((resolve) => this.#child.once('exit', resolve));
		this.#child.kill('SIGKILL');
		await exited;
	}

	seen(): SeenChange[] {
		const lines = readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
		return lines.map((line) => JSON.parse(line) as SeenChange);
	}

	/** Waits until it has seen this number. */
	async reaches(seq: number): Promise<void> {
		await until(`the follower sees ${seq}`, () => (this.seen().at(-1)?.seq ?? 0) >= seq, 60_000);
	}

	#start(): ChildProcess {
		return fork(join(import.meta.dirname, 'follower.ts'), [this.#dataDir, this.#file], { execArgv: [] });
	}
}
