import { z } from 'zod';
import { families, notice } from '../../domain/notification.ts';
import { write } from './call.ts';
import type { Client } from './call.ts';

const claimed = z
	.object({
		id: z.uuid(),
		recipient_id: z.uuid(),
		family: z.enum(families),
		attempt: z.int(),
		to: z.string(),
		locale: z.enum(['fr', 'en']),
		visitor: z.boolean(),
		items: z.array(notice)
	})
	.transform(({ recipient_id: recipientId, ...mail }) => ({ recipientId, ...mail }))
	.nullable();
/** A mail that this node may send: to whom, in which language, about what. */
export type ClaimedMail = NonNullable<z.output<typeof claimed>>;

/** What became of it. `refused`: the server said no, so it does not have it. */
export type Outcome = { result: 'sent'; message_id: string } | { result: 'retry' | 'failed'; error: string; refused: boolean };

/** The next mail that is due, leased for a minute; null when there is none. For the service key, as all of these. */
export async function claim(service: Client, worker: string): Promise<ClaimedMail | null> {
	return write(service, 'claim_mail', { worker }, claimed);
}

/** Renews the lease; `handing` notes that the end of the message is about to be given to the server. @returns false when the lease is lost */
export async function keep(service: Client, worker: string, mailId: string, handing = false): Promise<boolean> {
	return write(service, 'keep_mail', { mail_id: mailId, worker, handing }, z.boolean());
}

export async function settle(service: Client, worker: string, mailId: string, outcome: Outcome): Promise<boolean> {
	return write(service, 'settle_mail', { mail_id: mailId, worker, outcome }, z.boolean());
}

/** Stops the mails of one family. @returns false for somebody who is not there */
export async function mute(service: Client, contributorId: string, family: string): Promise<boolean> {
	return write(service, 'mute_topics', { contributor_id: contributorId, family }, z.boolean());
}
