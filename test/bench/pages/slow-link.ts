import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export interface Link {
	/** Bits a second to the visitor, and from her. */
	down: number;
	up: number;
	/** Milliseconds there and back. */
	roundTrip: number;
}

/** Lighthouse's phone: https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md */
export const slow4G: Link = { down: 1.6e6, up: 750e3, roundTrip: 150 };

/**
 * A port before the server's that is as far from it as a phone on a bad network: every connection pays for its handshake, and all share
 * what passes through. (The browser's own brake delays requests and forgets that connections have to be made.)
 */
export async function slowLink(target: number, { down, up, roundTrip }: Link): Promise<{ port: number; close(): void }> {
	const lanes = { down: lane(down, roundTrip / 2), up: lane(up, roundTrip / 2) };
	const sockets = new Set<Socket>();
	const server = createServer((visitor) => {
		const behind = connect(target, '127.0.0.1');
		// The handshake: what the visitor says first leaves a whole turn later.
		const open = performance.now() + roundTrip;
		pass(visitor, behind, lanes.up, open);
		pass(behind, visitor, lanes.down, open);
		for (const socket of [visitor, behind]) {
			sockets.add(socket.setNoDelay());
			socket.on('error', () => {});
			socket.on('close', () => sockets.delete(socket));
		}
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	const { port } = server.address() as { port: number };
	const close = () => {
		server.close();
		for (const socket of sockets) socket.destroy();
	};
	return { port, close };
}

/** When so many bytes, offered not before `at`, have passed: after those before them, at the rate of the lane, and the way. */
type Lane = (bytes: number, at: number) => number;

function lane(bitsPerSecond: number, wayMs: number): Lane {
	let free = 0;
	return (bytes, at) => {
		free = Math.max(free, at) + (bytes * 8000) / bitsPerSecond;
		return free + wayMs;
	};
}

/** A packet at a time, so that connections share the lane. */
const packet = 1460;

function pass(from: Socket, to: Socket, way: Lane, open: number): void {
	// Each timer sends what is first in the queue: two that fire in the wrong order still keep the bytes in theirs.
	const queue: (Buffer | null)[] = [];
	const next = () => {
		const part = queue.shift();
		if (part) to.write(part);
		else to.end();
	};
	const send = (part: Buffer | null) => {
		const now = performance.now();
		queue.push(part);
		setTimeout(next, way(part?.length ?? 0, Math.max(open, now)) - now);
	};
	from.on('data', (bytes: Buffer) => {
		for (let start = 0; start < bytes.length; start += packet) send(bytes.subarray(start, start + packet));
	});
	from.on('end', () => send(null));
}
