/** Beyond so many addresses in one minute the oldest is forgotten. */
const mostPages = 300;
/** All of them together, bytes: who asks for whatever, uncompressed, must not fill the memory of a small server. */
const mostBytes = 16_000_000;

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
	/** Of the pages above that are drawn. */
	#sizes = new Map<string, number>();
	#bytes = 0;

	/**
	 * The page of a key, drawn when it is not there. `generation` names what all pages are made of: another one forgets them all.
	 * What may not be shared (an error, a redirect, a cookie, what says that it is private) goes to whoever asked first; the others draw their own.
	 */
	async get(generation: string, key: string, draw: () => Promise<Response>): Promise<Response> {
		if (generation !== this.#generation) {
			this.#pages.clear();
			this.#sizes.clear();
			this.#bytes = 0;
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
		this.#makeRoom();
		const isKept = () => this.#pages.get(key) === drawing;
		try {
			const kept = await drawing;
			if (kept === null && isKept()) this.#pages.delete(key);
			if (kept && isKept()) {
				this.#sizes.set(key, kept.bytes.length);
				this.#bytes += kept.bytes.length;
				this.#makeRoom();
			}
			return kept ? answer(kept) : own!;
		} catch (failure) {
			if (isKept()) this.#pages.delete(key);
			throw failure;
		}
	}

	/** Forgets the oldest until there are not too many and not too much. */
	#makeRoom(): void {
		for (const key of this.#pages.keys()) {
			if (this.#pages.size <= mostPages && this.#bytes <= mostBytes) return;
			this.#bytes -= this.#sizes.get(key) ?? 0;
			this.#sizes.delete(key);
			this.#pages.delete(key);
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
