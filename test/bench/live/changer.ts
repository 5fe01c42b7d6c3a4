import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { nthPlace } from '../many-places.ts';
import type { Sender } from '../soak/send.ts';
import { apiSender } from '../soak/send.ts';
import type { Account } from '../soak/town.ts';

/** A change that was accepted, by words that nothing else on the map has. */
export interface Change {
	id: string;
	/** Its new name ends with it. */
	word: string;
	/** When its author was told, as `performance.now()`. */
	at: number;
}

export interface ChangerOptions {
	dataDir: string;
	/** Agents, whose word counts at once. */
	agents: Account[];
	/** How many places `manyPlaces` wrote. */
	places: number;
	perSecond: number;
	onAccepted?: (change: Change) => void;
}

/** Renames one place after the other at a steady pace, whether or not the ones before were answered. */
export class Changer {
	readonly #options: ChangerOptions;
	readonly #known = new Map<number, { version: number; name: string }>();
	#senders: Sender[] = [];
	accepted = 0;
	/** What the senders were told instead. */
	readonly failures: string[] = [];

	constructor(options: ChangerOptions) {
		this.#options = options;
	}

	async signIn(): Promise<void> {
		const { dataDir, agents } = this.#options;
		const senders = agents.map((agent) => apiSender(dataDir, agent));
		for (const sender of senders) await sender.signIn();
		this.#senders = senders;
	}

	/** @returns when the last one was answered */
	async run(seconds: number): Promise<void> {
		const { perSecond } = this.#options;
		const start = performance.now();
		const under: Promise<void>[] = [];
		for (let i = 0; i < seconds * perSecond; i++) {
			await sleep(Math.max(0, start + (i * 1000) / perSecond - performance.now()));
			// A session lasts an hour.
			if (i > 0 && i % (perSecond * 1800) === 0) await this.signIn();
			under.push(this.#change(i));
		}
		await Promise.all(under);
	}

	async #change(i: number): Promise<void> {
		const { places, onAccepted } = this.#options;
		// Far from one another, so that no two changes of a minute are neighbours.
		const n = 1 + ((i * 7919) % places);
		const { id, name: first } = nthPlace(n);
		const { version, name } = this.#known.get(n) ?? { version: 1, name: first };
		const word = randomUUID().replaceAll('-', '').slice(0, 12);
		const [old, next] = [{ name }, { name: `Maison ${word}` }];
		const wish = {
			clientId: randomUUID(),
			kind: 'update',
			placeId: id,
			baseVersion: version,
			old,
			new: next,
			own: true
		} as const;
		try {
			const { accepted } = await this.#senders[i % this.#senders.length]!.send(wish);
			if (!accepted) throw new Error('it waits for a moderator');
			this.#known.set(n, { version: version + 1, name: next.name });
			this.accepted++;
			onAccepted?.({ id, word, at: performance.now() });
		} catch (error) {
			this.failures.push(`${id}: ${(error as Error).message}`);
		}
	}
}
