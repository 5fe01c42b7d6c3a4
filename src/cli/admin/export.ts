import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient } from '@supabase/supabase-js';
import { Option } from 'commander';
import type { Command } from 'commander';
import { publishedRows } from '../../lib/server/db/published-rows.ts';
import { allPlaces, datasetOf, datasetsOf, formats, selectionOf } from '../../lib/server/opendata/datasets.ts';
import type { FormatName } from '../../lib/server/opendata/datasets.ts';
import { makeFile } from '../../lib/server/opendata/files/make.ts';
import { loadSnapshot } from '../../lib/server/published/load.ts';
import { CommandError, withConnection } from './connect.ts';
import type { Connection } from './connect.ts';

interface Options {
	dataset: string;
	format: FormatName;
	out?: string;
}

export function addExport(to: Command): void {
	to.command('export')
		.description('Write a dataset, the same bytes as /data/<dataset>.<format>')
		.option('--dataset <name>', 'its name in the addresses of /data', allPlaces)
		.addOption(new Option('--format <format>').choices(Object.keys(formats)).default('geojson'))
		.option('--out <file>', 'a file; without it, to standard output')
		.action((options: Options) => withConnection((connection) => run(connection, options)));
}

/** With the anonymous key, through the same snapshot as the site: what the public may not read is not in it (law 2). */
async function run({ url, publishableKey, config }: Connection, { dataset: slug, format, out }: Options): Promise<void> {
	const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
	const { view } = await loadSnapshot(publishedRows(createClient(url, publishableKey, { auth })), Date.now);
	const dataset = datasetOf(view, slug);
	if (!dataset) {
		const known = datasetsOf(view).map((each) => each.slug);
		throw new CommandError(`There is no dataset named ${slug}: there are ${known.join(', ')}.`);
	}
	const edition = { view, origin: config.origin, today: view.today(Date.now()) };
	const selection = selectionOf(dataset);
	const folder = await mkdtemp(join(tmpdir(), 'alentour-export-'));
	try {
		const file = join(folder, 'file');
		await makeFile({ format, edition, dataset, selection }, { path: file });
		if (out === undefined) await pipeline(createReadStream(file), process.stdout, { end: false });
		else {
			await writeWhole(createReadStream(file), out);
			process.stderr.write(`${view.total(selection)} places in ${out}\n`);
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
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
