let last: Promise<void> = Promise.resolve();

/**
 * Lets everything else that waits be served first. Long readings take turns, one slice each time round: fifty of them at once hold
 * nobody up longer than one does.
 */
export function nextTurn(): Promise<void> {
	last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
	return last;
}
