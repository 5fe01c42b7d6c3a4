import { readSnapshot } from './disk.ts';
import { follow } from './follow.ts';
import { Keeper } from './keeper.ts';
import { loadSnapshot } from './load.ts';
import type { ReferenceRows } from './reference.ts';
import type { Snapshot } from './snapshot.ts';
import { limited } from './source.ts';
import type { RowSource } from './source.ts';
import type { View } from './view.ts';
import { pause, Waiters } from './waiters.ts';

/** What the loop needs of a logger; pino's fits. */
export interface Log {
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
}

export interface PublishedOptions {
	source: RowSource;
	/** Folder of the file kept for starts without a database; null keeps none. */
	dir: string | null;
	/** Milliseconds since 1970. */
	now?: () => number;
	log: Log;
	/** Milliseconds between looks at the feed, and how long a change may wait to be on disk (departures do not wait). */
	pollMs?: number;
	saveMs?: number;
	/** After how long a request to the database counts as failed, in milliseconds. */
	requestMs?: number;
	/** Changed places above which they are folded into the base. */
	compactAt?: number;
}

export interface Status {
	database: 'up' | 'down';
	/** Null until there is one. `ageMs`: since the last successful look at the feed. */
	snapshot: { places: number; seq: number; ageMs: number } | null;
}

export interface Published {
	/** The view of now. Throws `NotReady` before the first one. */
	current(): View;
	status(): Status;
	/** Resolves once the file on disk was tried; the database is waited for in the background. */
	start(): Promise<void>;
	/** Resolves with the first view. */
	ready(): Promise<View>;
	/** Resolves when a view contains this change; rejects with the signal. */
	until(seq: number, signal: AbortSignal): Promise<View>;
	/** Ends the loop and writes what is not on disk yet. */
	stop(): Promise<void>;
}

/** Nothing was ever published here: 503. */
export class NotReady extends Error {
	override name = 'NotReady';
}

const longestWait = 5000;
const stopMs = 1000;
const gapsBeforeReload = 5;

/** Reads, follows and keeps the published snapshot. One per process. */
export function createPublished(options: PublishedOptions): Published {
	const { dir, log, now = Date.now, pollMs = 400, saveMs = 30_000, compactAt = 2000, requestMs = 10_000 } = options;
	const source = limited(options.source, requestMs);
	return new Follower({ source, dir, log, now, pollMs, saveMs, compactAt, requestMs });
}

class Follower implements Published {
	#options: Required<PublishedOptions>;
	#snapshot: Snapshot | null = null;
	#up = false;
	#lookedAt = 0;
	#gaps = 0;
	#failures = 0;
	#keeper: Keeper;
	#waiters = new Waiters<View>();
	#loop: Promise<void> | null = null;
	#stopping = new AbortController();

	constructor(options: Required<PublishedOptions>) {
		this.#options = options;
		const warn = (error: unknown) => options.log.warn({ reason: String(error) }, 'the snapshot could not be written to disk');
		this.#keeper = new Keeper({ ...options, warn });
	}

	current(): View {
		if (!this.#snapshot) throw new NotReady('The map is being read; try again in a moment.');
		return this.#snapshot.view;
	}

	status(): Status {
		const database = this.#up ? 'up' : 'down';
		if (!this.#snapshot) return { database, snapshot: null };
		const { size, seq } = this.#snapshot.view;
		return { database, snapshot: { places: size, seq, ageMs: Math.max(0, this.#options.now() - this.#lookedAt) } };
	}

	async start(): Promise<void> {
		if (this.#loop) return;
		const { dir, now, log } = this.#options;
		const stored = dir === null ? null : await readSnapshot(dir, now);
		if (stored) {
			this.#lookedAt = stored.lookedAt;
			this.#keeper.begin(stored.snapshot.view.seq, false);
			this.#publish(stored.snapshot);
			log.info({ places: this.current().size, seq: this.current().seq }, 'snapshot read from disk');
		}
		this.#loop = this.#run();
	}

	ready(): Promise<View> {
		return this.#waiters.wait(this.#snapshot?.view ?? null, () => true);
	}

	until(seq: number, signal: AbortSignal): Promise<View> {
		return this.#waiters.wait(this.#snapshot?.view ?? null, (view) => view.seq >= seq, signal);
	}

	async stop(): Promise<void> {
		this.#stopping.abort();
		// A frozen database must not hold up the end: what it still answers is read at the next start.
		await Promise.race([this.#loop, new Promise((resolve) => setTimeout(resolve, stopMs))]);
		await this.#keeper.close(this.#snapshot, this.#lookedAt);
	}

	async #run(): Promise<void> {
		const { pollMs } = this.#options;
		while (!this.#stopping.signal.aborted) {
			await this.#tick();
			const wait = this.#failures === 0 ? pollMs : Math.min(longestWait, pollMs * 2 ** Math.min(this.#failures, 10));
			await pause(wait, this.#stopping.signal);
		}
	}

	async #tick(): Promise<void> {
		const { log } = this.#options;
		try {
			await this.#look();
			if (!this.#up) log.info({ seq: this.current().seq }, 'following the database');
			this.#up = true;
			this.#failures = 0;
			this.#lookedAt = this.#options.now();
		} catch (error) {
			if (this.#up || this.#failures === 0)
				log.warn({ reason: String(error) }, 'the database does not answer; reading goes on from the snapshot');
			this.#up = false;
			this.#failures++;
		}
		this.#keeper.tend(this.#snapshot, this.#lookedAt);
	}

	/** One look at the feed, or as many as it takes to have read it. */
	async #look(): Promise<void> {
		const { source, compactAt } = this.#options;
		const snapshot = this.#snapshot;
		if (!snapshot) return this.#reload('first');
		if (!this.#up && (await isOtherSchema(source, snapshot.reference))) return this.#reload('another schema');
		for (let more = true; more && !this.#stopping.signal.aborted;) {
			const before = snapshot.view.seq;
			const result = await follow(source, snapshot);
			more = result === 'more';
			this.#gaps = result === 'gap' ? this.#gaps + 1 : 0;
			if (snapshot.view.seq !== before) this.#noteChanges();
			if (result === 'reload') return this.#reload('another feed');
			if (this.#gaps >= gapsBeforeReload) return this.#reload('a gap');
			if (snapshot.pending > compactAt) void snapshot.compact();
		}
	}

	async #reload(reason: string): Promise<void> {
		const { source, now, log } = this.#options;
		const started = now();
		const next = await loadSnapshot(source, now);
		this.#gaps = 0;
		this.#keeper.begin(next.view.seq, this.#snapshot !== null);
		this.#keeper.note();
		this.#publish(next);
		log.info({ places: next.view.size, seq: next.view.seq, ms: now() - started, reason }, 'snapshot loaded from the database');
	}

	#publish(next: Snapshot): void {
		this.#snapshot = next;
		this.#waiters.tell(next.view);
	}

	#noteChanges(): void {
		const view = this.current();
		this.#keeper.note();
		this.#lookedAt = this.#options.now();
		this.#waiters.tell(view);
	}
}

/** Whether the database was migrated since: it may show other facts of places that did not change. */
async function isOtherSchema(source: RowSource, known: ReferenceRows): Promise<boolean> {
	const version = (settings: object) => (settings as { schema?: { version?: string } }).schema?.version;
	return version(await source.reference('settings')) !== version(known.settings);
}
