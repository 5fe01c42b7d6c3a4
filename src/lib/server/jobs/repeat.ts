import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../errors.ts';
import type { Log } from '../log.ts';

export interface Repeated {
	/** Takes up nothing new; resolves when what was under way is over, at most `graceMs` later. */
	stop(graceMs: number): Promise<void>;
}

export interface RepeatOptions {
	/** The pause after a look that found nothing, milliseconds. */
	pauseMs: number;
	log: Log;
	/** Names the work in the log. */
	name: string;
}

const longestPauseMs = 30_000;

/**
 * Looks for work again and again, without a pause while there is some. A database that is away is no news: the loop waits longer and longer, in
 * silence, and the first thing it does afterwards is work.
 * @param look does one piece of work; false when there was none
 */
export function repeat(look: () => Promise<boolean>, { pauseMs, log, name }: RepeatOptions): Repeated {
	const stopping = new AbortController();
	const { signal } = stopping;
	const over = (async () => {
		let [failures, told] = [0, false];
		while (!signal.aborted) {
			let found = false;
			try {
				found = await look();
				[failures, told] = [0, false];
			} catch (error) {
				failures++;
				// Once per spell: the same fault every few seconds would bury the rest.
				if (!isAway(error) && !told) log.error({ err: error, work: name }, 'a job failed');
				told ||= !isAway(error);
			}
			const pause = Math.min(pauseMs * 2 ** Math.min(failures, 10), longestPauseMs);
			if (!found) await sleep(pause, null, { signal, ref: false }).catch(() => null);
		}
	})();
	return {
		async stop(graceMs) {
			stopping.abort();
			await Promise.race([over, sleep(graceMs, null, { ref: false })]);
		}
	};
}

export const isAway = (error: unknown): boolean => error instanceof Failure && error.code === 'database_away';
