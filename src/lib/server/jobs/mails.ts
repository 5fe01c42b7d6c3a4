import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim, keep, settle } from '../db/mails.ts';
import type { ClaimedMail, Outcome } from '../db/mails.ts';
import type { Client } from '../db/call.ts';
import type { Log } from '../log.ts';
import { PostError } from '../mail/post.ts';
import type { Post } from '../mail/post.ts';
import { renderMail } from '../mail/render.ts';
import type { MailContent } from '../mail/render.ts';
import { unsubscribeToken } from '../mail/unsubscribe.ts';
import { isAway } from './repeat.ts';

export interface MailsContext {
	/** The service key's client. */
	client: () => Client;
	post: Post;
	log: Log;
	origin: string;
	/** Signs the links that stop mails. */
	secret: () => string;
	town: () => MailContent['town'];
}

/** `worker` holds the lease of one mail. */
type Delivery = MailsContext & { worker: string };

/** A slow mail server holds up this many mails at once, not all of them. */
const atOnce = 3;
/** A third of the lease. */
const heartbeatMs = 20_000;
/** How long an outcome is offered to a database that is away; later the lease's end tells as much as can be told. */
const settleMs = 120_000;

/** A look for mails to send, for `repeat`, and what waits for those under way. */
export function mailDelivery(context: MailsContext) {
	const underWay = new Set<Promise<void>>();
	return {
		async look(): Promise<boolean> {
			if (underWay.size >= atOnce) await Promise.race(underWay);
			// One lease, one holder: this very node may claim a mail again whose lease it lost while the database was away.
			const worker = randomUUID();
			const mail = await claim(context.client(), worker);
			if (!mail) return false;
			const delivery = deliver({ ...context, worker }, mail).finally(() => underWay.delete(delivery));
			underWay.add(delivery);
			return true;
		},
		settled: async () => void (await Promise.all(underWay))
	};
}

/** Sends one claimed mail and says what became of it; never throws. */
async function deliver(context: Delivery, mail: ClaimedMail): Promise<void> {
	const { worker, log } = context;
	const client = context.client();
	const beat = setInterval(() => void keep(client, worker, mail.id).catch(() => null), heartbeatMs);
	beat.unref();
	try {
		const outcome = await attempt(context, mail);
		const troubled = outcome.result === 'failed' || (outcome.result === 'retry' && mail.attempt === 1);
		if (outcome.result !== 'sent')
			log[troubled ? 'warn' : 'debug'](
				{ mail: mail.id, attempt: mail.attempt, reason: outcome.error },
				outcome.result === 'failed' ? 'a mail cannot be delivered and is set aside' : 'a mail waits for the mail server'
			);
		await settleSurely(client, worker, mail.id, outcome);
	} catch (error) {
		if (!isAway(error)) log.error({ err: error, mail: mail.id }, 'a mail could not be dealt with');
	} finally {
		clearInterval(beat);
	}
}

async function attempt(context: Delivery, mail: ClaimedMail): Promise<Outcome> {
	const { origin, worker } = context;
	const token = unsubscribeToken(context.secret(), mail);
	const unsubscribeUrl = `${origin}/unsubscribe/${token}`;
	try {
		const rendered = renderMail({
			...{ locale: mail.locale, family: mail.family, items: mail.items, town: context.town(), origin, unsubscribeUrl },
			reader: mail.visitor ? 'visitor' : 'account'
		});
		const letter = { id: mail.id, to: mail.to, unsubscribeUrl, at: mail.items[0]?.at ?? '', ...rendered };
		const messageId = await context.post.send(letter, async () => {
			if (!(await keep(context.client(), worker, mail.id, true)))
				throw Object.assign(new Error('the lease is lost'), { code: 'lease_lost' });
		});
		return { result: 'sent', message_id: messageId };
	} catch (error) {
		if (!(error instanceof PostError)) context.log.error({ err: error, mail: mail.id }, 'a mail could not be written');
		const { final, refused, code } = error instanceof PostError ? error : { final: false, refused: true, code: 'unexpected' };
		return { result: final ? 'failed' : 'retry', error: code, refused };
	}
}

/** The answer of a mail server must not be forgotten because the database was restarted that second. */
async function settleSurely(client: Client, worker: string, mailId: string, outcome: Outcome): Promise<void> {
	const end = Date.now() + settleMs;
	for (let pause = 250; ; pause = Math.min(pause * 2, 5000)) {
		try {
			await settle(client, worker, mailId, outcome);
			return;
		} catch (error) {
			if (!isAway(error) || Date.now() + pause > end) throw error;
			await sleep(pause, null, { ref: false });
		}
	}
}
