import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Answers, or calls `next`. */
type Doorkeeper = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** On the process: the program that listens and the application it serves are two bundles. */
const marks = process as unknown as Record<symbol, Doorkeeper | undefined>;
const key = Symbol.for('alentour.front');

/** Everything that is asked of this process from now on is asked of this one first. */
export function standInFront(keeper: Doorkeeper): void {
	marks[key] = keeper;
}

/** Who takes nothing of an answer for so long is not there any more, and what waits for him is in memory; milliseconds. */
const longestSilence = 300_000;

/**
 * Lets whoever stands in front answer before the framework, whose own listener is the first that the adapter adds. The second counts requests, for
 * a graceful end, and goes on counting all of them.
 */
export function openDoor(server: Server, silence = longestSilence): void {
	server.setTimeout(silence);
	const [answer] = server.listeners('request');
	if (!answer) throw new Error('Nothing listens to this server.');
	server.off('request', answer as () => void);
	server.on('request', (request: IncomingMessage, response: ServerResponse) => {
		const next = () => void answer.call(server, request, response);
		const keeper = marks[key];
		if (keeper) keeper(request, response, next);
		else next();
	});
}
