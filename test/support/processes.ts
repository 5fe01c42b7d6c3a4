import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = createServer().once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const { port } = probe.address() as { port: number };
			probe.close(() => resolve(port));
		});
	});
}

/** Processes that this one started and that are still there (Linux). */
export function childrenOf(pid: number): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((name) => parentOf(name) === pid)
		.map(Number);
}

function parentOf(pid: string): number | null {
	try {
		return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
	} catch {
		return null;
	}
}

/** Asks again until the answer is there. @throws after `limitMs`, with what the last try said */
export async function until<T>(
	what: string,
	ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
	limitMs = 30_000
): Promise<T> {
	const deadline = Date.now() + limitMs;
	for (let last: unknown; ;) {
		try {
			const answer = await ask();
			if (answer) return answer;
			last = answer;
		} catch (error) {
			last = error;
		}
		if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what} (${String(last)})`, { cause: last });
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
