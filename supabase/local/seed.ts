import type { Database } from './database.ts';

export interface SeedOptions {
	demo: boolean;
	demoPassword: string | null;
}

/** What the person who starts an empty installation is told, once, at the terminal. */
export interface Seeded {
	accounts: string[];
	password: string | null;
	/** Without the demonstration: the one-time link of the first coordinator. */
	setupLink: string | null;
}

/**
 * Called at each start, after the migrations. Fills an empty database, in one transaction; does nothing to another.
 * @returns null when there was nothing to do
 */
export async function seed(_database: Database, _options: SeedOptions): Promise<Seeded | null> {
	return null;
}
