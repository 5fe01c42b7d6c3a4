import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../support/random.ts';
import type { Wish, Wishes } from './proposals.ts';
import type { Acknowledgement, Sender } from './send.ts';
import { Refused } from './send.ts';

export interface Acknowledged extends Acknowledgement {
	wish: Wish;
	via: Sender['via'];
}

/** What all clients together came to. */
export interface Tally {
	acknowledged: Acknowledged[];
	retries: number;
	breaches: string[];
	/** Nobody begins another wish before: a kill that is due must find work under way, not a finished run. */
	hold: Promise<unknown>;
	/** Called after each acknowledgement. */
	onAcknowledged(): void;
}

/** Longer than any start of the application on a busy machine. */
const patienceMs = 300_000;

/** Sends `count` wishes one after the other, each again and again until it is acknowledged. */
export async function runClient(sender: Sender, wishes: Wishes, count: number, random: Random, tally: Tally): Promise<void> {
	try {
		await persist(() => sender.signIn(), random, tally);
		for (let i = 0; i < count; i++) {
			await tally.hold;
			const wish = wishes.next();
			const answer = await persist(() => sender.send(wish), random, tally);
			if (answer.accepted) wishes.took(wish);
			if (wish.own && !answer.accepted)
				tally.breaches.push(`an agent's ${wish.kind} ${wish.clientId} was not accepted (${sender.via})`);
			tally.acknowledged.push({ ...answer, wish, via: sender.via });
			tally.onAcknowledged();
		}
	} catch (error) {
		tally.breaches.push(`a client gave up (${sender.via}): ${(error as Error).message}`);
	}
}

async function persist<T>(send: () => Promise<T>, random: Random, tally: Tally): Promise<T> {
	const deadline = Date.now() + patienceMs;
	for (;;) {
		try {
			return await send();
		} catch (error) {
			if (error instanceof Refused) throw error;
			if (Date.now() > deadline) throw new Error(`no answer for ${patienceMs} ms: ${(error as Error).message}`, { cause: error });
		}
		tally.retries++;
		await sleep(100 + random() * 400);
	}
}
