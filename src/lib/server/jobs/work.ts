import { randomUUID } from 'node:crypto';
import { mailDelivery } from './mails.ts';
import type { MailsContext } from './mails.ts';
import { doJob } from './registry.ts';
import { repeat } from './repeat.ts';

/** How often an idle node asks. A mail waits fifteen seconds by itself; the other jobs come by the day. */
const mailsMs = 2000;
const jobsMs = 15_000;

export interface Work {
	stop(graceMs: number): Promise<void>;
}

/** Starts what a web node does by itself, until `stop`: mails leave, periodic jobs run. Several nodes share the work by leases. */
export function startWork(given: MailsContext): Work {
	const context = { ...given, worker: randomUUID() };
	const delivery = mailDelivery(context);
	const mails = repeat(delivery.look, { pauseMs: mailsMs, log: context.log, name: 'mails' });
	const jobs = repeat(() => doJob(context), { pauseMs: jobsMs, log: context.log, name: 'jobs' });
	return {
		async stop(graceMs) {
			await Promise.all([mails.stop(graceMs), jobs.stop(graceMs)]);
			await Promise.race([delivery.settled(), new Promise((over) => setTimeout(over, graceMs).unref())]);
		}
	};
}
