import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Job, Made } from './make.ts';

type Batches = Generator<Uint8Array<ArrayBuffer>>;

/** A thread takes a third of a second to begin, and 40 MB while it is there: one that has nothing to do stays a little, milliseconds. */
const idleMs = 30_000;

/** A thread of `maker.ts`. */
interface Thread {
	worker: Worker;
	/** One when a batch is there. */
	turn: Int32Array;
}

const idle: Thread[] = [];

/**
 * Does a job on a thread of its own. This one only hands over what it is made from, a batch at a time, between requests.
 * @throws what went wrong there, such as a full disk, or the reason of the signal
 */
export async function runOnThread(job: Job, batches: Batches, signal: AbortSignal | undefined): Promise<Made> {
	const thread = takeThread();
	const { worker } = thread;
	const stop = () => void worker.terminate();
	signal?.addEventListener('abort', stop, { once: true });
	let forget = () => undefined as unknown;
	try {
		const made = await new Promise<Made>((resolve, reject) => {
			const onMessage = (message: 'more' | Made) => {
				if (message !== 'more') return resolve(message);
				try {
					hand(thread, batches);
				} catch (cause) {
					reject(cause as Error);
				}
			};
			const onExit = () => reject(signal?.reason ?? new Error('The thread that wrote a file ended too soon.'));
			worker.on('message', onMessage).on('error', reject).on('exit', onExit);
			forget = () => worker.off('message', onMessage).off('error', reject).off('exit', onExit);
			worker.postMessage(job);
		});
		rest(thread);
		return made;
	} catch (cause) {
		// Whatever it was doing is not wanted any more.
		void worker.terminate();
		throw cause;
	} finally {
		forget();
		signal?.removeEventListener('abort', stop);
	}
}

function takeThread(): Thread {
	const known = idle.pop();
	if (known) {
		known.worker.ref();
		return known;
	}
	const turn = new Int32Array(new SharedArrayBuffer(4));
	const worker = new Worker(makerPath(), {
		workerData: turn,
		// node:sqlite says at each start that it is young.
		execArgv: ['--disable-warning=ExperimentalWarning'],
		// Row by row it needs little: the rest is for whoever answers.
		resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16 }
	});
	const thread = { worker, turn };
	// What ends without a word while it rests is nobody's failure.
	worker.on('error', () => isThere(thread)).on('exit', () => isThere(thread));
	return thread;
}

/** It waits for the next job, and keeps nobody from ending. */
function rest(thread: Thread): void {
	thread.worker.unref();
	idle.push(thread);
	setTimeout(() => {
		// Whoever took it meanwhile lets it rest again.
		if (isThere(thread)) void thread.worker.terminate();
	}, idleMs).unref();
}

/** Takes it off those that rest, if it is one of them. */
function isThere(thread: Thread): boolean {
	const at = idle.indexOf(thread);
	if (at >= 0) idle.splice(at, 1);
	return at >= 0;
}

/** The next one, or no byte when there are no more. */
function hand({ worker, turn }: Thread, batches: Batches): void {
	const batch = batches.next().value ?? new Uint8Array();
	worker.postMessage(batch, [batch.buffer]);
	Atomics.store(turn, 0, 1);
	Atomics.notify(turn, 0);
}

/** Its source, beside the built application too: Node runs it as it is. */
function makerPath(): string {
	const source = 'src/lib/server/opendata/files/maker.ts';
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, source))) {
		const above = dirname(folder);
		if (above === folder) return source;
		folder = above;
	}
	return join(folder, source);
}
