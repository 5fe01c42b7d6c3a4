import { readFileSync } from 'node:fs';
import { until } from '../../support/processes.ts';

/** What a running application holds, in megabytes (10⁶ bytes). */
export interface Held {
	/** Resident, of the whole process. */
	resident: number;
	/** Of JavaScript, by its own account. */
	heap: number;
	/** When, as `performance.now()`. */
	at: number;
}

/**
 * Looks at a process from outside, each time after it was told to collect its rubbish: else every look would find as much as the collector
 * happened to have left. The process was started with `--inspect=127.0.0.1:0`.
 */
export class Memory {
	readonly #pid: number;
	readonly #socket: WebSocket;
	readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
	#last = 0;

	private constructor(pid: number, socket: WebSocket) {
		this.#pid = pid;
		this.#socket = socket;
		socket.addEventListener('message', ({ data }) => {
			const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
			this.#waiting.get(id ?? 0)?.resolve(result);
			this.#waiting.delete(id ?? 0);
		});
		socket.addEventListener('close', () => {
			for (const { reject } of this.#waiting.values()) reject(new Error('the application is gone'));
		});
	}

	/** @param output everything that the application wrote, where Node says how to reach it */
	static async of(pid: number, output: () => string): Promise<Memory> {
		const address = await until('the inspector listens', () => /Debugger listening on (ws:\S+)/.exec(output())?.[1]);
		const socket = new WebSocket(address);
		await new Promise((resolve, reject) => {
			socket.addEventListener('open', resolve);
			socket.addEventListener('error', reject);
		});
		return new Memory(pid, socket);
	}

	async look(): Promise<Held> {
		await this.#ask('HeapProfiler.collectGarbage');
		const { usedSize } = (await this.#ask('Runtime.getHeapUsage')) as { usedSize: number };
		const kibibytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))![1]);
		return { resident: (kibibytes * 1024) / 1e6, heap: usedSize / 1e6, at: performance.now() };
	}

	close(): void {
		this.#socket.close();
	}

	#ask(method: string): Promise<unknown> {
		const asked = Promise.withResolvers<unknown>();
		this.#waiting.set(++this.#last, asked);
		this.#socket.send(JSON.stringify({ id: this.#last, method }));
		return asked.promise;
	}
}
