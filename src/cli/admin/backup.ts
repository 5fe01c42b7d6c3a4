import { cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Command } from 'commander';
import { config } from '../../lib/server/environment.ts';
import { CommandError, connect, findRunning, withConnection } from './connect.ts';
import type { Connection } from './connect.ts';
import { writeWhole } from './export.ts';
import { say } from './report.ts';

/** A hundred thousand places take a minute. */
const backupMs = 3_600_000;

export function addBackup(to: Command): void {
	to.command('backup')
		.description(
			'Write the whole embedded database, accounts included, to one file, photos beside it; the application may go on running'
		)
		.argument('<file>', 'for example alentour-2026-11-21.tar.gz; only its owner may read it')
		.action((file: string) => withConnection((connection) => backup(connection, file)));
}

/** Photos lie in files of their own, and so do those of a backup: beside it, in a folder of its name. */
const photosBeside = (file: string): string => `${file}.photos`;

/** After the database: what it knows of is there by then, and a file it knows nothing of harms nobody. */
function copyPhotos(from: string, to: string): string {
	if (!existsSync(from)) return '';
	cpSync(from, to, { recursive: true });
	return to;
}

async function backup({ kind, url, secretKey, config: { dataDir } }: Connection, file: string): Promise<void> {
	if (kind === 'remote')
		throw new CommandError('A Supabase project is backed up by its own means: its dashboard, or pg_dump.', 2);
	const answer = await fetch(`${url}/local/backup`, { headers: { apikey: secretKey }, signal: AbortSignal.timeout(backupMs) });
	if (answer.status === 501)
		throw new CommandError(
			`A PostgreSQL server is backed up by pg_dump of the database of DATABASE_URL, and photos by a copy of ${join(dataDir, 'photos')}.`,
			2
		);
	if (!answer.ok || !answer.body) throw new CommandError(`The local Supabase answered ${answer.status} instead of a backup.`);
	await writeWhole(Readable.fromWeb(answer.body as ReadableStream), file);
	const photos = copyPhotos(join(dataDir, 'photos'), photosBeside(file));
	say(`${file}, ${(statSync(file).size / 1e6).toFixed(1)} MB. It holds accounts and contacts: keep it like a key.`);
	if (photos) say(`${photos}: its photos. Keep both together.`);
}

export function addRestore(to: Command): void {
	to.command('restore')
		.description('Begin with a backup: only where there is no database yet, so that nothing can be overwritten')
		.argument('<file>', 'a file written by backup')
		.action(restore);
}

async function restore(file: string): Promise<void> {
	const { dataDir, databaseUrl, supabase } = config();
	if (supabase || databaseUrl)
		throw new CommandError('Only the embedded database is restored like this: elsewhere, use pg_restore or psql.', 2);
	if (await findRunning(dataDir)) throw new CommandError('The application is running: stop it first (Ctrl-C).', 2);
	const folder = join(dataDir, 'pg');
	if (existsSync(folder))
		throw new CommandError(`There is a database in ${folder}: move that folder away first, nothing is overwritten.`, 2);
	const [first, second] = readFileSync(file);
	if (first !== 0x1f || second !== 0x8b) throw new CommandError(`${file} is not a backup: it is not a gzipped archive.`);
	// The local Supabase reads it when it opens an empty folder.
	process.env['RESTORE_FROM'] = file;
	const connection = await connect();
	await connection.close();
	copyPhotos(photosBeside(file), join(dataDir, 'photos'));
	say(`Restored into ${folder}. npm start serves it; everybody signs in again.`);
}
