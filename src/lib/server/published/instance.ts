import { createClient } from '@supabase/supabase-js';
import { join } from 'node:path';
import { publishedRows } from '../db/published-rows.ts';
import { createPublished, NotReady } from './published.ts';
import type { Log, Published } from './published.ts';
import type { RowSource } from './source.ts';

/** On the process, which outlives a module that the development server reloads. */
const marks = process as unknown as Record<symbol, Published | undefined>;
const key = Symbol.for('alentour.published');

export interface PublishedConfig {
	/** Asked until it answers: the local Supabase may take seconds to start, and the snapshot on disk is served meanwhile. */
	connect: () => Promise<{ url: string; publishableKey: string }>;
	/** DATA_DIR: the snapshot is kept in its folder `snapshot`. */
	dataDir: string;
	log: Log;
}

/** Starts the one snapshot of this process, with the anonymous key: what anonymous cannot read cannot leave (law 2). */
export async function startPublished({ connect, dataDir, log }: PublishedConfig): Promise<Published> {
	return usePublished(createPublished({ source: lateRows(connect), dir: join(dataDir, 'snapshot'), log }));
}

/** Rows of a database whose address is not known yet. */
function lateRows(connect: PublishedConfig['connect']): RowSource {
	let rows: ReturnType<typeof publishedRows> | null = null;
	const open = async () => {
		if (rows) return rows;
		const { url, publishableKey } = await connect();
		const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
		return (rows ??= publishedRows(createClient(url, publishableKey, { auth })));
	};
	return {
		lastChange: async () => (await open()).lastChange(),
		changes: async (from, limit) => (await open()).changes(from, limit),
		departures: async (after, limit) => (await open()).departures(after, limit),
		places: async (after, limit) => (await open()).places(after, limit),
		placesById: async (ids) => (await open()).placesById(ids),
		reference: async (what) => (await open()).reference(what)
	};
}

/** Makes this the snapshot that routes read, and starts it. */
export async function usePublished(next: Published): Promise<Published> {
	marks[key] = next;
	await next.start();
	return next;
}

/** What routes read: `published().current()`. Throws `NotReady` before it was started. */
export function published(): Published {
	const instance = marks[key];
	if (!instance) throw new NotReady('The snapshot was not started.');
	return instance;
}
