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

/** After a failure, which a full disk makes last: writing all of it anew with each look at the feed would only wear the machine. */
const restMs = 5000;

/** Brings the snapshot to disk: one write at a time, seldom, but at once when something left the map. */
export class Keeper {
	#options: KeeperOptions;
	#dirtySince: number | null = null;
	/** Up to which change what is on disk says nothing that is not public any more. */
	#soundTo = Infinity;
	#begun = 0;
	#saving: Promise<void> | null = null;
	#failedAt = -Infinity;

	constructor(options: KeeperOptions) {
		this.#options = options;
	}

	/** What is on disk, if anything is, is of this change; what the replaced one held may have left the map. */
	begin(seq: number, replaces: boolean): void {
		this.#soundTo = replaces ? -1 : seq;
		this.#begun++;
	}

	note(): void {
		this.#dirtySince ??= this.#options.now();
	}

	/** Begins to write when it is time to. */
	tend(snapshot: Snapshot | null, lookedAt: number): void {
		if (this.#dirtySince === null || !snapshot || this.#saving) return;
		const { now, saveMs } = this.#options;
		// Apart: a clock may be set back.
		if (Math.abs(now() - this.#failedAt) < restMs) return;
		const isUrgent = snapshot.view.lostAt > this.#soundTo;
		if (isUrgent || now() - this.#dirtySince >= saveMs) void this.#save(snapshot, lookedAt);
	}

	/** Writes what is not written yet. */
	async close(snapshot: Snapshot | null, lookedAt: number): Promise<void> {
		await this.#saving;
		if (this.#dirtySince !== null && snapshot) await this.#save(snapshot, lookedAt);
	}

	/** What changes while it writes makes the next one due. */
	#save(snapshot: Snapshot, lookedAt: number): Promise<void> {
		const { dir, now, warn } = this.#options;
		const { seq } = snapshot.view;
		const begun = this.#begun;
		this.#dirtySince = null;
		if (dir === null) return Promise.resolve();
		this.#saving = saveSnapshot(dir, snapshot, lookedAt)
			.then(() => {
				// What was replaced meanwhile says nothing of what replaces it.
				if (begun === this.#begun) this.#soundTo = seq;
			})
			.catch((error: unknown) => {
				this.#dirtySince = this.#failedAt = now();
				warn(error);
			})
			.finally(() => (this.#saving = null));
		return this.#saving;
	}
}
