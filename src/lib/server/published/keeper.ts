import { saveSnapshot } from './disk.ts';
import type { Snapshot } from './snapshot.ts';

interface KeeperOptions {
	/** Null keeps nothing. */
	dir: string | null;
	/** How long a change may wait to be written, in milliseconds. */
	saveMs: number;
	now: () => number;
	warn: (error: unknown) => void;
}

/** Brings the snapshot to disk: one write at a time, seldom, but at once when something left the map. */
export class Keeper {
	#options: KeeperOptions;
	#dirtySince: number | null = null;
	#urgent = false;
	#saving: Promise<void> | null = null;

	constructor(options: KeeperOptions) {
		this.#options = options;
	}

	note(urgent: boolean): void {
		this.#dirtySince ??= this.#options.now();
		this.#urgent ||= urgent;
	}

	/** Begins to write when it is time to. */
	tend(snapshot: Snapshot | null, lookedAt: number): void {
		if (this.#dirtySince === null || !snapshot || this.#saving) return;
		if (this.#urgent || this.#options.now() - this.#dirtySince >= this.#options.saveMs) void this.#save(snapshot, lookedAt);
	}

	/** Writes what is not written yet. */
	async close(snapshot: Snapshot | null, lookedAt: number): Promise<void> {
		await this.#saving;
		if (this.#dirtySince !== null && snapshot) await this.#save(snapshot, lookedAt);
	}

	/** What changes while it writes makes the next one due. */
	#save(snapshot: Snapshot, lookedAt: number): Promise<void> {
		const { dir, now, warn } = this.#options;
		const urgent = this.#urgent;
		this.#dirtySince = null;
		this.#urgent = false;
		if (dir === null) return Promise.resolve();
		this.#saving = saveSnapshot(dir, snapshot, lookedAt)
			.catch((error: unknown) => {
				this.#dirtySince = now();
				this.#urgent = urgent;
				warn(error);
			})
			.finally(() => (this.#saving = null));
		return this.#saving;
	}
}
