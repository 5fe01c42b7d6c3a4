import { setTimeout as sleep } from 'node:timers/promises';
import { nthPlace } from '../many-places.ts';

/** Five requests a second: pages, and what machines ask for. A whole file comes once in a round, a minute each. */
const perSecond = 5;

const pages = (turn: number) => [
	'/',
	`/?q=${encodeURIComponent('maison de quartier')}+${turn % 500}`,
	`/places/${nthPlace(1 + (turn % 1000)).id}`,
	'/?theme=culture',
	'/?open=now',
	`/api/search?q=quartier+${turn % 700}&limit=20`,
	`/tiles/places/13/${4058 + (turn % 4)}/2844.mvt`,
	`/tiles/places/14/${8117 + (turn % 8)}/5690.mvt`,
	'/data/changes?limit=100',
	`/ogc/collections/places/items?bbox=-1.6,47.16,-1.58,47.18&limit=${100 + (turn % 100)}&f=json`
];

/** Readers who come while the map is written; `failures` names what was answered with an error of ours. */
export class Readers {
	readonly failures: string[] = [];
	answers = 0;
	readonly #url: string;
	readonly #work: Promise<void>;
	#over = false;

	constructor(url: string) {
		this.#url = url;
		this.#work = this.#run();
	}

	async stop(): Promise<void> {
		this.#over = true;
		await this.#work;
	}

	async #run(): Promise<void> {
		const under = new Set<Promise<void>>();
		for (let turn = 0; !this.#over; turn++) {
			const some = pages(turn);
			const path = turn % (60 * perSecond) === 0 ? '/data/places.geojson' : some[turn % some.length]!;
			const work = this.#read(path).finally(() => under.delete(work));
			under.add(work);
			await sleep(1000 / perSecond);
		}
		await Promise.all(under);
	}

	async #read(path: string): Promise<void> {
		try {
			const response = await fetch(this.#url + path, { signal: AbortSignal.timeout(60_000) });
			await response.arrayBuffer();
			this.answers++;
			if (response.status >= 400) this.failures.push(`${path} answered ${response.status}`);
		} catch (error) {
			this.failures.push(`${path}: ${String(error)}`);
		}
	}
}
