import type { Log } from './log.ts';

export interface SchemaCheck {
	/** The last migration that this build was made with. */
	needed: string;
	/** The last migration that the database has; null when it doesn't say, rejects while it is away. */
	read: () => Promise<string | null>;
	/** Waits between two tries while the database is away. */
	pause: () => Promise<unknown>;
	/** Ends the process, after the sentence was written for the person at the terminal. */
	refuse: (sentence: string) => void;
	log: Log;
}

/**
 * Looks at a remote project's schema as soon as it can be seen and refuses an older one: its functions would not know what this build
 * sends. A newer one is fine, since migrations only add. (The local Supabase applies migrations by itself.)
 */
export async function refuseOlderSchema({ needed, read, pause, refuse, log }: SchemaCheck): Promise<void> {
	for (;;) {
		try {
			const present = await read();
			if (present !== null && present < needed) {
				refuse(
					`The database has migration ${present}, this version needs ${needed}: run "npx supabase db push" first, then start again.`
				);
			}
			log.info({ needed, present }, 'schema seen');
			return;
		} catch {
			await pause();
		}
	}
}
