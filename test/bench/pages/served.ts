import { join } from 'node:path';
import { readSnapshot, saveSnapshot } from '../../../src/lib/server/published/disk.ts';
import { demoFolder, launch } from '../../support/app.ts';
import { freePort, until } from '../../support/processes.ts';

export interface Served {
	url: string;
	pid: number;
	stop(): Promise<void>;
}

/**
 * The built application as `npm start` runs it, on the snapshot of `dataDir/snapshot` and with nothing where its database would be:
 * what is measured is the pages, beside no other process.
 * @param flags of Node, for example `--cpu-prof`
 * @param supabase whom it asks instead for what has changed
 */
export async function serveFromDisk(dataDir: string, flags = '', supabase = 'http://127.0.0.1:9'): Promise<Served> {
	const port = await freePort();
	const { child, output, exited } = launch({
		DATA_DIR: dataDir,
		PORT: String(port),
		SUPABASE_URL: supabase,
		SUPABASE_PUBLISHABLE_KEY: 'nobody-listens-at-this-port',
		SUPABASE_SECRET_KEY: 'nobody-listens-at-this-port',
		LOG_LEVEL: 'error',
		NODE_OPTIONS: flags
	});
	const url = `http://localhost:${port}`;
	await until(
		`the application reads ${dataDir}`,
		async () => {
			if (child.exitCode !== null) throw new Error(output());
			return (await fetch(`${url}/health`)).ok;
		},
		60_000
	);
	return {
		url,
		pid: child.pid!,
		async stop() {
			child.kill('SIGTERM');
			await exited;
		}
	};
}

/**
 * Writes the places of the demonstration into `dataDir/snapshot` as those of a town: without the banner of the demonstration and the word
 * that keeps search engines away from it, which Lighthouse would hold against every page.
 */
export async function demoAsTown(dataDir: string): Promise<void> {
	const stored = await readSnapshot(join(await demoFolder(), 'snapshot'), Date.now);
	if (!stored) throw new Error('the demonstration left no snapshot on disk');
	const { snapshot, lookedAt } = stored;
	const { reference } = snapshot;
	snapshot.reference = { ...reference, settings: { ...reference.settings, demo: { on: false } } };
	await saveSnapshot(join(dataDir, 'snapshot'), snapshot, lookedAt);
}

/** The three pages that are weighed and judged: the list, the place with most to say, the form. Paths by name. */
export async function judgedPages(url: string): Promise<[name: string, path: string][]> {
	const response = await fetch(`${url}/data/places.geojson`);
	const { features } = (await response.json()) as { features: { properties: { url: string } }[] };
	const longest = features.toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0];
	if (!longest) throw new Error('there is no place to show');
	return [
		['/', '/'],
		['a place', new URL(longest.properties.url).pathname],
		['/places/new', '/places/new']
	];
}
