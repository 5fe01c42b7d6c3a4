import { z } from 'zod';
import { run, write } from './call.ts';
import type { Client } from './call.ts';
import { instant } from './rows.ts';

const lease = z.object({ kind: z.string(), routine: z.boolean() }).nullable();
/** A job that this node may do now; `routine` = a function of the database does it. */
export type Lease = NonNullable<z.output<typeof lease>>;

/** One job that is due, of these kinds or a routine of the database; null when there is none. For the service key. */
export async function leaseJob(service: Client, worker: string, kinds: readonly string[]): Promise<Lease | null> {
	return write(service, 'lease_job', { worker, kinds }, lease);
}

export async function runRoutine(service: Client, worker: string, kind: string): Promise<void> {
	await write(service, 'run_routine', { worker, kind }, z.boolean());
}

/** @param error a code; null when it was done */
export async function finishJob(service: Client, worker: string, kind: string, error: string | null): Promise<void> {
	await write(service, 'finish_job', { worker, kind, error }, z.boolean());
}

const count = z.coerce.number();
const status = z
	.object({
		mails: z.object({ waiting: count, sent: count, failed: count, uncertain: count, oldest: instant.nullable() }),
		to_tell: count,
		in_trouble: z.array(
			z.object({
				id: z.uuid(),
				state: z.enum(['failed', 'uncertain']),
				error: z.string().nullable(),
				attempts: z.int(),
				at: instant,
				topics: z.array(z.string())
			})
		),
		jobs: z.array(
			z.object({
				kind: z.string(),
				due_at: instant,
				last_done_at: instant.nullable(),
				attempts: z.int(),
				error: z.string().nullable()
			})
		)
	})
	.transform(({ to_tell: toTell, in_trouble: inTrouble, ...rest }) => ({ ...rest, toTell, inTrouble }));
/** How the mails and the jobs go, as a coordinator sees it: no address, no name. */
export type WorkStatus = z.output<typeof status>;

export async function workStatus(client: Client): Promise<WorkStatus> {
	return status.parse(await run(client.rpc('work_status')));
}

/** Tries a mail that was set aside again. */
export async function resend(client: Client, mailId: string): Promise<void> {
	await write(client, 'resend_mail', { mail_id: mailId }, z.boolean());
}
