import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './database.ts';

interface Holder {
	pid: number;
	/** When the process began, as the system says it: a pid used again doesn't have the same. */
	began: string | null;
	/** The process that watches over it, if any. */
	parent: { pid: number; began: string | null } | null;
	host: string;
}

/** A holder on another machine or in another container can't be asked; this long without a sign and it is gone. */
const SILENT_MS = 60_000;
const SIGN_MS = 5_000;
/** How long an orphan, which is about to close its database, is waited for. */
const ORPHAN_MS = 60_000;

/**
 * Takes the data folder for this process. Two processes may open one PGlite folder without an error, and ruin it.
 * @param parent the pid of the process that watches over this one, if any
 * @returns gives the folder back
 * @throws Refusal when another living process holds it
 */
export async function lockFolder(dataDir: string, parent: number | null): Promise<() => void> {
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const file = join(dataDir, 'lock');
	const me: Holder = {
		pid: process.pid,
		began: beginning(process.pid),
		parent: parent === null ? null : { pid: parent, began: beginning(parent) },
		host: hostname()
	};
	const deadline = Date.now() + ORPHAN_MS;
	for (;;) {
		const holder = take(file, me);
		if (holder === 'mine') break;
		if (holder === 'again') {
			await sleep(50);
			continue;
		}
		const orphan = holder.host === me.host && holder.parent !== null && !lives(holder.parent);
		if (!orphan || Date.now() > deadline) throw new Refusal(refusal(dataDir, holder));
		await sleep(200);
	}
	const sign = setInterval(() => showLife(file), SIGN_MS);
	sign.unref();
	return () => {
		clearInterval(sign);
		if (read(file)?.pid === me.pid) rmSync(file, { force: true });
	};
}

function refusal(dataDir: string, holder: Holder): string {
	const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
	return `The data folder ${dataDir} is in use by another process (${holder.pid}${where}): stop that one, or choose another DATA_DIR.`;
}

/** @returns its living holder, if it isn't ours now; 'again' when somebody else is taking it at this moment */
function take(file: string, me: Holder): Holder | 'mine' | 'again' {
	const guard = `${file}.taking`;
	if (!create(guard, String(me.pid))) {
		// Held for the time of a few file operations; older, its maker died in the middle.
		if (age(guard) > 10_000) rmSync(guard, { force: true });
		return 'again';
	}
	try {
		if (create(file, JSON.stringify(me))) return 'mine';
		const holder = read(file);
		if (holder && holds(file, holder, me)) return holder;
		rmSync(file, { force: true });
		return create(file, JSON.stringify(me)) ? 'mine' : 'again';
	} finally {
		rmSync(guard, { force: true });
	}
}

function holds(file: string, holder: Holder, me: Holder): boolean {
	if (holder.host !== me.host) return age(file) < SILENT_MS;
	if (holder.pid === me.pid) return holder.began === me.began && holder.began !== null;
	return lives(holder);
}

function lives(process_: { pid: number; began: string | null }): boolean {
	try {
		process.kill(process_.pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
	}
	const began = beginning(process_.pid);
	return began !== null && (process_.began === null || began === process_.began);
}

/** When a process began, in a form only good for comparing; null when there is none (or it is a zombie). */
function beginning(pid: number): string | null {
	try {
		// After the name, which may hold spaces and brackets: state is field 3, start time field 22.
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
		return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
	} catch {
		if (process.platform === 'linux') return null;
	}
	try {
		return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
	} catch {
		return null;
	}
}

function create(file: string, text: string): boolean {
	try {
		writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

function read(file: string): Holder | null {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Holder;
	} catch {
		return null;
	}
}

function age(file: string): number {
	try {
		return Date.now() - statSync(file).mtimeMs;
	} catch {
		return 0;
	}
}

function showLife(file: string): void {
	try {
		utimesSync(file, new Date(), new Date());
	} catch {
		// The folder was removed under us; the next write of the database says so.
	}
}
