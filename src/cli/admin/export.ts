import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient } from '@supabase/supabase-js';
import { Option } from 'commander';
import type { Command } from 'commander';
import { publishedRows } from '../../lib/server/db/published-rows.ts';
import { formats } from '../../lib/server/opendata/datasets.ts';
import type { FormatName } from '../../lib/server/opendata/datasets.ts';
import { fileBytes } from '../../lib/server/opendata/files.ts';
import { loadSnapshot } from '../../lib/server/published/load.ts';
import { withConnection } from './connect.ts';
import type { Connection } from './connect.ts';

interface Options {
	format: FormatName;
	out?: string;
}

export function addExport(to: Command): void {
	to.command('export')
		.description('Write the dataset of everything open, the same bytes as /data/places.<format>')
		.addOption(new Option('--format <format>').choices(Object.keys(formats)).default('geojson'))
		.option('--out <file>', 'a file; without it, to standard output')
		.action((options: Options) => withConnection((connection) => run(connection, options)));
}

/** With the anonymous key, through the same snapshot as the site: what the public may not read is not in it (law 2). */
async function run({ url, publishableKey, config }: Connection, { format, out }: Options): Promise<void> {
	const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
	const { view } = await loadSnapshot(publishedRows(createClient(url, publishableKey, { auth })), Date.now);
	const today = new Intl.DateTimeFormat('sv-SE', { timeZone: view.settings.time.zone }).format(new Date());
	const bytes = Readable.from(fileBytes(format, { view, origin: config.origin, today }));
	if (out === undefined) {
		await pipeline(bytes, process.stdout, { end: false });
		return;
	}
	await writeWhole(bytes, out);
	process.stderr.write(`${view.size} places in ${out}\n`);
}

/** Whole or not at all: a file cut off half-way would be taken for the dataset. */
export async function writeWhole(bytes: Readable, file: string): Promise<void> {
	const draft = `${file}.part`;
	try {
		await pipeline(bytes, createWriteStream(draft, { mode: 0o600 }));
		await rename(draft, file);
	} catch (cause) {
		await rm(draft, { force: true });
		throw cause;
	}
}
