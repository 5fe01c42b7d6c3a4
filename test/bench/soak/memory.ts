import { readFileSync } from 'node:fs';
import { Inspector } from '../../support/inspector.ts';

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
	readonly #inspector: Inspector;

	private constructor(pid: number, inspector: Inspector) {
		this.#pid = pid;
		this.#inspector = inspector;
	}

	/** @param output everything that the application wrote */
	static async of(pid: number, output: () => string): Promise<Memory> {
		return new Memory(pid, await Inspector.of(output));
	}

	async look(): Promise<Held> {
		await this.#inspector.ask('HeapProfiler.collectGarbage');
		const { usedSize } = await this.#inspector.ask<{ usedSize: number }>('Runtime.getHeapUsage');
		const kibibytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))![1]);
		return { resident: (kibibytes * 1024) / 1e6, heap: usedSize / 1e6, at: performance.now() };
	}

	close(): void {
		this.#inspector.close();
	}
}
