import { fork } from 'node:child_process';
import { join } from 'node:path';

export type Parameter = string | number;

/** A statement and its parameters. */
export type Asked = [text: string, ...values: Parameter[]];

export interface SqlWork {
	url: string;
	asked: Asked[];
	connections: number;
}

/** What the process is told for one round. */
export interface SqlRound {
	asked: Asked[];
	/** Where in the list to begin. */
	first: number;
	seconds: number;
}

/** As `Crowd`, with statements instead of addresses; the process lives from round to round, as its connections do. */
export class SqlCrowd {
	readonly #asked: Asked[];
	readonly #child;
	#turn = 0;

	constructor({ url, asked, connections }: SqlWork) {
		this.#asked = asked;
		const file = join(import.meta.dirname, 'sql-client.ts');
		this.#child = fork(file, [JSON.stringify({ url, connections })], { execArgv: [] });
	}

	/** Answers a second. */
	async ask(seconds: number): Promise<number> {
		const answer = new Promise<{ answers: number; seconds: number }>((resolve, reject) => {
			this.#child.once('message', (message) => resolve(message as { answers: number; seconds: number }));
			this.#child.once('exit', (code) => reject(new Error(`the process that asks PostgreSQL ended with ${code}`)));
		});
		this.#child.send({ asked: this.#asked, first: this.#turn, seconds } satisfies SqlRound);
		const { answers, seconds: took } = await answer.finally(() => this.#child.removeAllListeners());
		this.#turn += answers;
		return answers / took;
	}

	close(): void {
		this.#child.disconnect();
	}
}
