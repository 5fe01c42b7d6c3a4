/** Beyond so many addresses in one minute the oldest is forgotten. */
const mostPages = 300;
/** A page heavier than that is no page of ours. */
const heaviest = 400_000;

interface Kept {
	status: number;
	headers: [string, string][];
	bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Finished public pages, as long as nothing they are made of changes: one version of the snapshot, one minute of the clock (« ferme dans
 * 20 min »). When a town's newspaper links to its map, a thousand people ask for the same page: it is drawn once, and everybody who asks
 * meanwhile waits for that one. Never for anybody who may be signed in.
 */
export class KeptPages {
	#generation = '';
	#pages = new Map<string, Promise<Kept | null>>();

	/**
	 * The page of a key, drawn when it is not there. `generation` names what all pages are made of: another one forgets them all.
	 * What may not be shared (an error, a redirect, a cookie, what says that it is private) goes to whoever asked first; the others draw their own.
	 */
	async get(generation: string, key: string, draw: () => Promise<Response>): Promise<Response> {
		if (generation !== this.#generation) {
			this.#pages.clear();
			this.#generation = generation;
		}
		const known = this.#pages.get(key);
		if (known) {
			const kept = await known.catch(() => null);
			return kept ? answer(kept) : draw();
		}
		let own: Response | undefined;
		const drawing = draw().then(async (response) => {
			own = response;
			return mayBeShared(response) ? keep(response) : null;
		});
		this.#pages.set(key, drawing);
		const [oldest] = this.#pages.keys();
		if (this.#pages.size > mostPages && oldest !== undefined) this.#pages.delete(oldest);
		const forget = () => {
			if (this.#pages.get(key) === drawing) this.#pages.delete(key);
		};
		try {
			const kept = await drawing;
			if (kept === null || kept.bytes.length > heaviest) forget();
			return kept ? answer(kept) : own!;
		} catch (failure) {
			forget();
			throw failure;
		}
	}
}

function mayBeShared({ status, headers }: Response): boolean {
	return status === 200 && !headers.has('set-cookie') && !/private|no-store/.test(headers.get('cache-control') ?? '');
}

async function keep(response: Response): Promise<Kept> {
	return { status: response.status, headers: [...response.headers], bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** Whether the reader has it already is SvelteKit's to find out, from the tag. */
function answer({ status, headers, bytes }: Kept): Response {
	return new Response(bytes, { status, headers });
}
