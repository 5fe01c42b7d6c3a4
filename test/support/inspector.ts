import { until } from './processes.ts';

/** Asks a process about itself that was started with `--inspect=127.0.0.1:0`. https://chromedevtools.github.io/devtools-protocol/v8/ */
export class Inspector {
	readonly #socket: WebSocket;
	readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
	#last = 0;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.addEventListener('message', ({ data }) => {
			const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
			this.#waiting.get(id ?? 0)?.resolve(result);
			this.#waiting.delete(id ?? 0);
		});
		socket.addEventListener('close', () => {
			for (const { reject } of this.#waiting.values()) reject(new Error('the application is gone'));
		});
	}

	/** @param output everything that the process wrote, where Node says how to reach it */
	static async of(output: () => string): Promise<Inspector> {
		const address = await until('the inspector listens', () => /Debugger listening on (ws:\S+)/.exec(output())?.[1]);
		const socket = new WebSocket(address);
		await new Promise((resolve, reject) => {
			socket.addEventListener('open', resolve);
			socket.addEventListener('error', reject);
		});
		return new Inspector(socket);
	}

	ask<T>(method: string, params: object = {}): Promise<T> {
		const asked = Promise.withResolvers<unknown>();
		this.#waiting.set(++this.#last, asked);
		this.#socket.send(JSON.stringify({ id: this.#last, method, params }));
		return asked.promise as Promise<T>;
	}

	/** How many objects of a prototype there are, once the rubbish is out. @param prototype an expression */
	async count(prototype: string): Promise<number> {
		type Remote = { objectId: string };
		const { result } = await this.ask<{ result: Remote }>('Runtime.evaluate', { expression: prototype });
		const { objects } = await this.ask<{ objects: Remote }>('Runtime.queryObjects', { prototypeObjectId: result.objectId });
		const { result: length } = await this.ask<{ result: { value: number } }>('Runtime.callFunctionOn', {
			...objects,
			functionDeclaration: 'function () { return this.length; }',
			returnByValue: true
		});
		await this.ask('Runtime.releaseObject', objects);
		return length.value;
	}

	close(): void {
		this.#socket.close();
	}
}
