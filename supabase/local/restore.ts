import { createReadStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Extensions } from '@electric-sql/pglite';
import { Refusal } from './database.ts';

/**
 * Makes the data folder from a backup, whole or not at all: it is unpacked and opened beside, and renamed when it answered.
 * @param folder where there is no database yet
 * @param file a gzipped tar of a data folder
 * @throws Refusal when the file is damaged or is none of ours
 */
export async function restoreFolder(folder: string, file: string, extensions: Extensions): Promise<void> {
	const draft = `${folder}.restoring`;
	rmSync(draft, { recursive: true, force: true });
	await expectWhole(file);
	try {
		await unpack(draft, file, extensions);
	} catch (cause) {
		rmSync(draft, { recursive: true, force: true });
		throw new Refusal(`${file} is not a backup of Alentour: nothing was restored.`, { cause });
	}
	renameSync(draft, folder);
}

/** The sum at the end of the archive tells whether it is as it was written; PGlite would take what there is of it. */
async function expectWhole(file: string): Promise<void> {
	if (!existsSync(file)) throw new Refusal(`There is no file ${file}.`);
	try {
		await pipeline(createReadStream(file), createGunzip(), new Writable({ write: (_chunk, _encoding, next) => next() }));
	} catch (cause) {
		throw new Refusal(`${file} is damaged: nothing was restored. Take another backup.`, { cause });
	}
}

async function unpack(folder: string, file: string, extensions: Extensions): Promise<void> {
	const { PGlite } = await import('@electric-sql/pglite');
	const loadDataDir = new Blob([new Uint8Array(readFileSync(file))]);
	const database = await PGlite.create({ dataDir: folder, loadDataDir, extensions });
	try {
		await database.query('select count(*) from private.places');
	} finally {
		await database.close();
	}
}
