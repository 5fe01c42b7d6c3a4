import { rmSync } from 'node:fs';
import type { TestApp } from '../../support/app.ts';
import { startApp, stopPostgres } from '../../support/app.ts';
import { manyPlaces } from '../many-places.ts';
import type { Account } from '../soak/town.ts';
import { buildTown, withDatabase } from '../soak/town.ts';

/** The built application on its local Supabase and PostgreSQL, with many places, and agents who may change them. */
export interface WrittenTown {
	app: TestApp;
	agents: Account[];
	stop(): Promise<void>;
}

/** @param env of the application besides */
export async function startWrittenTown(
	places: number,
	agentCount: number,
	env: Record<string, string> = {}
): Promise<WrittenTown> {
	const town = await buildTown('postgres', agentCount * 2);
	await withDatabase(town, (database) => database.script(manyPlaces(places)));
	const { backend, dataDir, databaseUrl } = town;
	// What the demonstration left on disk knows nothing of them.
	rmSync(`${dataDir}/snapshot`, { recursive: true, force: true });
	const app = await startApp({ backend, dataDir, databaseUrl: databaseUrl!, env });
	return {
		app,
		agents: town.accounts.filter(({ agent }) => agent),
		async stop() {
			await app.stop();
			await stopPostgres();
			rmSync(dataDir, { recursive: true, force: true });
		}
	};
}
