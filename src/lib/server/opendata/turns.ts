/** Too many wait already, or who waited has gone. */
export class Busy extends Error {
	override name = 'Busy';
}

/** So many at a time, the others in the order they came, and no endless queue. */
export class Turns {
	#free: number;
	#mostWaiting: number;
	#waiting = new Set<() => void>();

	constructor(atOnce: number, mostWaiting = Infinity) {
		this.#free = atOnce;
		this.#mostWaiting = mostWaiting;
	}

	/**
	 * Resolves when it is this one's turn, with what ends it: for work that outlives the call. The signal leaves the queue.
	 * @throws Busy
	 */
	async enter(signal?: AbortSignal): Promise<() => void> {
		if (this.#free > 0) this.#free--;
		else if (this.#waiting.size >= this.#mostWaiting)
			throw new Busy('Too many ask for large answers at once: try again in a minute.');
		else await this.#wait(signal);
		let over = false;
		return () => {
			if (over) return;
			over = true;
			const [next] = this.#waiting;
			if (next) next();
			else this.#free++;
		};
	}

	/** @throws Busy */
	async take<T>(work: () => Promise<T>): Promise<T> {
		const leave = await this.enter();
		try {
			return await work();
		} finally {
			leave();
		}
	}

	#wait(signal: AbortSignal | undefined): Promise<void> {
		return new Promise((resolve, reject) => {
			const settle = (done: () => void) => () => {
				this.#waiting.delete(go);
				signal?.removeEventListener('abort', gone);
				done();
			};
			const go = settle(resolve);
			const gone = settle(() => reject(new Busy('Nobody waits for this answer any more.')));
			this.#waiting.add(go);
			signal?.addEventListener('abort', gone, { once: true });
			if (signal?.aborted) gone();
		});
	}
}
