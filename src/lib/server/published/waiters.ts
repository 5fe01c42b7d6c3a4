/** Those who wait for a state: each is asked again whenever it may have come. */
export class Waiters<T> {
	#checks = new Set<(state: T) => void>();

	tell(state: T): void {
		for (const check of this.#checks) check(state);
	}

	/** Resolves with the first state that passes, `present` included; rejects with the reason of the signal. */
	wait(present: T | null, passes: (state: T) => boolean, signal?: AbortSignal): Promise<T> {
		if (present !== null && passes(present)) return Promise.resolve(present);
		return new Promise((resolve, reject) => {
			const done = () => {
				this.#checks.delete(check);
				signal?.removeEventListener('abort', abort);
			};
			const abort = () => {
				done();
				reject(signal?.reason as Error);
			};
			const check = (state: T) => {
				if (!passes(state)) return;
				done();
				resolve(state);
			};
			this.#checks.add(check);
			signal?.addEventListener('abort', abort);
			if (signal?.aborted) abort();
		});
	}
}

/** Waits, unless the signal says that there is no need any more. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener('abort', done);
		if (signal.aborted) done();
	});
}
