import { finishJob, leaseJob, runRoutine } from '../db/jobs.ts';
import type { Client } from '../db/call.ts';
import { Failure } from '../errors.ts';
import type { Log } from '../log.ts';
import { isAway } from './repeat.ts';

export interface JobContext {
	client: () => Client;
	worker: string;
	log: Log;
}

/** A periodic task of the application. It may be cut off at any point and run again by another node. */
export type Task = (context: JobContext) => Promise<void>;

/**
 * What the application itself does from time to time, by the kind of its row in `private.jobs`. What a function of the database can do is a row there
 * with its name and needs nothing here (20261122003000_create_jobs.sql).
 */
export const tasks: Readonly<Record<string, Task>> = {};

/** Leases one job that is due and does it. @returns false when there was none */
export async function doJob(context: JobContext, known: Readonly<Record<string, Task>> = tasks): Promise<boolean> {
	const client = context.client();
	const lease = await leaseJob(client, context.worker, Object.keys(known));
	if (!lease) return false;
	try {
		if (lease.routine) await runRoutine(client, context.worker, lease.kind);
		else {
			await known[lease.kind]?.(context);
			await finishJob(client, context.worker, lease.kind, null);
		}
	} catch (error) {
		if (isAway(error)) throw error;
		context.log.error({ err: error, job: lease.kind }, 'a job failed');
		await finishJob(client, context.worker, lease.kind, error instanceof Failure ? error.code : 'unexpected');
	}
	return true;
}
