import { Command } from 'commander';
import { addBackup, addRestore } from './admin/backup.ts';
import { CommandError } from './admin/connect.ts';
import { addExport } from './admin/export.ts';
import { addImportAreas } from './admin/import-areas.ts';
import { addImportPlaces } from './admin/import-places.ts';
import { addDemo, addInvite, addMigrate, addVerify } from './admin/upkeep.ts';
import { EnvironmentError } from '../lib/server/environment.ts';
import { Failure } from '../lib/server/errors.ts';
import { UnreadableFile } from '../lib/server/intake/table.ts';
import { LocalSupabaseRefused } from '../lib/server/local.ts';

/** What `npm run admin -- <verb>` runs. Exit codes: 0 done, 1 it failed, 2 it can't be done like this. */
function program(): Command {
	const admin = new Command('npm run admin --')
		.description('Look after an Alentour installation: its own, of DATA_DIR, or the Supabase project of SUPABASE_URL')
		.showHelpAfterError()
		.helpCommand(false);
	addMigrate(admin);
	const intake = admin.command('import').description('Bring open data in').helpCommand(false);
	addImportAreas(intake);
	addImportPlaces(intake);
	addExport(admin);
	addBackup(admin);
	addRestore(admin);
	addInvite(admin);
	addVerify(admin);
	addDemo(admin);
	return admin;
}

/** A sentence for what a person can put right; everything else is a fault of ours, and its stack helps. */
function explain(thrown: unknown): number {
	if (thrown instanceof CommandError) return complain(thrown.message, thrown.exitCode);
	if (thrown instanceof EnvironmentError || thrown instanceof UnreadableFile || thrown instanceof LocalSupabaseRefused)
		return complain(thrown.message, 1);
	if (thrown instanceof Failure) return complain(`${thrown.message} (${thrown.code})`, 1);
	const { code, path } = (thrown ?? {}) as NodeJS.ErrnoException;
	// Whoever read our output has read enough, as in `export | head`.
	if (code === 'EPIPE') return 0;
	if (code === 'ENOENT') return complain(`There is no file ${path ?? ''}.`, 1);
	return complain(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown), 1);
}

function complain(sentence: string, exitCode: number): number {
	process.stderr.write(`${sentence}\n`);
	return exitCode;
}

try {
	await program().parseAsync();
} catch (thrown) {
	process.exitCode = explain(thrown);
}
process.stdout.on('error', () => process.exit());
// A launched database may leave a timer behind: everything has been closed, and is said once the pipe has taken it.
process.stdout.write('', () => process.exit());
