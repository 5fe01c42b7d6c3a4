import { readSnapshot, saveSnapshot } from './disk.ts';
import { follow } from './follow.ts';
import { loadSnapshot } from './load.ts';
import type { ReferenceRows } from './reference.ts';
import type { Snapshot } from './snapshot.ts';
import { limited } from './source.ts';
import type { RowSource } from './source.ts';
import type { View } from './view.ts';

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
const gapsBeforeReload = 5;
const leaving = new Set(['ended', 'merged', 'withdrawn', 'redacted']);

/** Reads, follows and keeps the published snapshot. One per process. */
export function createPublished(options: PublishedOptions): Published {
	const { dir, log, now = Date.now, pollMs = 400, saveMs = 30_000, compactAt = 2000, requestMs = 10_000 } = options;
	const source = limited(options.source, requestMs);
	let snapshot: Snapshot | null = null;
	let up = false;
	let lookedAt = 0;
	let gaps = 0;
	let failures = 0;
	let dirtySince: number | null = null;
	let urgent = false;
	let savedSeq = -1;
	let saving: Promise<void> | null = null;
	let loop: Promise<void> | null = null;
	const stopping = new AbortController();
	const listeners = new Set<() => void>();

	const publish = (next: Snapshot) => {
		snapshot = next;
		tell();
	};
	const tell = () => {
		for (const listener of listeners) listener();
	};

	async function reload(reason: string): Promise<void> {
		const started = now();
		const next = await loadSnapshot(source, now);
		const replaced = snapshot !== null;
		publish(next);
		gaps = 0;
		dirtySince ??= now();
		urgent ||= replaced;
		log.info({ places: next.view.size, seq: next.view.seq, ms: now() - started, reason }, 'snapshot loaded from the database');
	}

	async function look(): Promise<void> {
		if (!snapshot) return reload('first');
		if (!up && (await isOtherSchema(source, snapshot.reference))) return reload('schema');
		for (let more = true; more && !stopping.signal.aborted;) {
			const before = snapshot.view;
			const result = await follow(source, snapshot);
			more = result === 'more';
			gaps = result === 'gap' ? gaps + 1 : 0;
			if (snapshot.view !== before) noteChanges(before.seq);
			if (result === 'reload') return reload('another feed');
			if (gaps >= gapsBeforeReload) return reload('gap');
			if (snapshot.pending > compactAt) void snapshot.compact();
		}
	}

	function noteChanges(from: number): void {
		dirtySince ??= now();
		urgent ||= snapshot!.view.recent.some(({ seq, kind }) => seq > from && leaving.has(kind));
		lookedAt = now();
		tell();
	}

	async function tick(): Promise<void> {
		try {
			await look();
			if (!up) log.info({ seq: snapshot?.view.seq }, 'following the database');
			up = true;
			failures = 0;
			lookedAt = now();
			tell();
		} catch (error) {
			if (up || failures === 0)
				log.warn({ reason: String(error) }, 'the database does not answer; reading goes on from the snapshot');
			up = false;
			failures++;
		}
		if (dirtySince !== null && (urgent || now() - dirtySince >= saveMs)) void save();
	}

	/** One at a time; what changes while it writes makes the next one due. */
	function save(): Promise<void> {
		if (dir === null || !snapshot || saving) return saving ?? Promise.resolve();
		const current = snapshot;
		const { seq } = current.view;
		dirtySince = null;
		urgent = false;
		saving = saveSnapshot(dir, current, lookedAt)
			.then(() => void (savedSeq = seq))
			.catch((error: unknown) => {
				dirtySince = now();
				log.warn({ reason: String(error) }, 'the snapshot could not be written to disk');
			})
			.finally(() => (saving = null));
		return saving;
	}

	async function run(): Promise<void> {
		while (!stopping.signal.aborted) {
			await tick();
			await pause(failures > 0 ? Math.min(longestWait, pollMs * 2 ** Math.min(failures, 10)) : pollMs, stopping.signal);
		}
	}

	async function start(): Promise<void> {
		if (loop) return;
		const stored = dir === null ? null : await readSnapshot(dir, now);
		if (stored) {
			lookedAt = stored.lookedAt;
			savedSeq = stored.snapshot.view.seq;
			publish(stored.snapshot);
			log.info({ places: stored.snapshot.view.size, seq: savedSeq }, 'snapshot read from disk');
		}
		loop = run();
	}

	function when(test: (view: View) => boolean, signal?: AbortSignal): Promise<View> {
		return new Promise((resolve, reject) => {
			const done = () => {
				listeners.delete(check);
				signal?.removeEventListener('abort', abort);
			};
			const abort = () => {
				done();
				reject(signal?.reason as Error);
			};
			const check = () => {
				if (!snapshot || !test(snapshot.view)) return;
				done();
				resolve(snapshot.view);
			};
			listeners.add(check);
			signal?.addEventListener('abort', abort);
			if (signal?.aborted) abort();
			else check();
		});
	}

	return {
		current: () => {
			if (!snapshot) throw new NotReady('The map is being read; try again in a moment.');
			return snapshot.view;
		},
		status: () => ({
			database: up ? 'up' : 'down',
			snapshot: snapshot && { places: snapshot.view.size, seq: snapshot.view.seq, ageMs: Math.max(0, now() - lookedAt) }
		}),
		start,
		ready: () => when(() => true),
		until: (seq, signal) => when((view) => view.seq >= seq, signal),
		stop: async () => {
			stopping.abort();
			await loop;
			await saving;
			if (snapshot && dirtySince !== null && snapshot.view.seq !== savedSeq) await save();
		}
	};
}

/** Whether the database was migrated since: it may show other facts of places that did not change. */
async function isOtherSchema(source: RowSource, known: ReferenceRows): Promise<boolean> {
	const version = (settings: object) => (settings as { schema?: { version?: string } }).schema?.version;
	return version(await source.reference('settings')) !== version(known.settings);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener('abort', done);
		if (signal.aborted) done();
	});
}
