import { join } from 'node:path';
import {
	createArchiveFile,
	ensureArchiveBucket,
	listArchiveFiles,
	readArchiveFile,
	removeArchiveFiles
} from '$lib/server/db/archive-files';
import { config } from '$lib/server/environment';
import { Failure } from '$lib/server/errors';
import type { Log } from '$lib/server/log';
import { Archives } from '$lib/server/opendata/archives/archives';
import type { ArchiveStore } from '$lib/server/opendata/archives/store';
import { published } from '$lib/server/published/instance';
import { serviceClient } from '$lib/server/supabase';

const roundMs = 5000;
/** A start has better things to do first than to make what is missing. */
const [learnMs, firstMs] = [2000, 20_000];
/** After a failure: the storage is away, or the disk is full. */
const restMs = 30_000;

/** On the process, which outlives a module that the development server reloads. */
const marks = process as unknown as Record<symbol, Archives | undefined>;
const key = Symbol.for('alentour.archives');

const current = () => (published().status().snapshot ? published().current() : null);

/** The dated archives of this node, one per process; null where the town wants none. */
export const archives = (): Archives | null => (config().archives ? opened() : null);

const opened = (): Archives =>
	(marks[key] ??= new Archives({
		store: bucketStore(),
		dir: join(config().dataDir, 'archives'),
		origin: config().origin,
		current
	}));

/** The bucket of the archives; it is made before the first object. */
function bucketStore(): ArchiveStore {
	let ready: Promise<void> | null = null;
	const bucket = async () => {
		const service = serviceClient();
		ready ??= ensureArchiveBucket(service);
		await ready.catch((cause: unknown) => {
			ready = null;
			throw cause;
		});
		return service;
	};
	return {
		list: async (folder) => listArchiveFiles(await bucket(), folder),
		read: async (name) => readArchiveFile(await bucket(), name),
		create: async (name, bytes) => createArchiveFile(await bucket(), name, bytes),
		remove: async (names) => removeArchiveFiles(await bucket(), names)
	};
}

let started = false;

/** Begins to make the archives of the months as they end, and to take out of them what leaves the map. Any number of nodes may. */
export function startArchiving(log: Log): void {
	const kept = archives();
	if (!kept || started) return;
	started = true;
	let failing = false;
	const round = async () => {
		let pause = roundMs;
		try {
			await kept.round();
			failing = false;
		} catch (error) {
			// Once per outage: it is tried again until it succeeds. That the database is away is told by those who follow it.
			const isAway = error instanceof Failure && error.code === 'database_away';
			if (!failing && !isAway) log.warn({ reason: String(error) }, 'dated archives could not be looked after');
			failing ||= !isAway;
			pause = restMs;
		}
		setTimeout(() => void round(), pause).unref();
	};
	setTimeout(() => void kept.learn().catch(() => undefined), learnMs).unref();
	setTimeout(() => void round(), firstMs).unref();
}
