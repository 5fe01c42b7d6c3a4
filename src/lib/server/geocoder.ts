import { z } from 'zod';
import { bboxContains } from '../geo/bbox.ts';
import type { BBox } from '../geo/bbox.ts';
import type { LonLat } from '../domain/place.ts';

/** An address or a street, and where it is. */
export interface Address {
	label: string;
	position: LonLat;
}

interface Options {
	/** A geocoder that speaks as addok does, `<url>/search?q=…` (https://adresse.data.gouv.fr/outils/api-doc/adresse); null asks nobody. */
	url: string | null;
	fetch?: typeof globalThis.fetch;
	now?: () => number;
}

const patienceMs = 1500;
/** After a failure nobody waits for it for a while. */
const restMs = 30_000;
const keptAnswers = 500;
const keptMs = 3_600_000;

const answerShape = z.object({
	features: z.array(
		z.object({
			geometry: z.object({ coordinates: z.tuple([z.number(), z.number()]).rest(z.number()) }),
			properties: z.object({ label: z.string().max(300) })
		})
	)
});

/**
 * Addresses by what people type of them. It is asked by the server, never by the reader's browser: whoever runs it learns what was
 * typed, and of nobody. It is outside: slow, wrong or away, search goes on without.
 */
export class Geocoder {
	#options: Required<Options>;
	#answers = new Map<string, { at: number; found: Address[] }>();
	#restsUntil = 0;

	constructor({ url, fetch = globalThis.fetch, now = Date.now }: Options) {
		this.#options = { url, fetch, now };
	}

	/** Inside the box, nearest to its middle first as far as the geocoder cares. Null when it could not be asked. */
	async find(text: string, within: BBox, limit = 4): Promise<Address[] | null> {
		const { url, now } = this.#options;
		if (url === null || now() < this.#restsUntil) return null;
		const key = `${text}|${within.join()}|${limit}`;
		const known = this.#answers.get(key);
		if (known && now() - known.at < keptMs) return known.found;
		const found = await this.#ask(url, text, within, limit);
		if (found === null) this.#restsUntil = now() + restMs;
		else this.#keep(key, found);
		return found;
	}

	async #ask(url: string, text: string, within: BBox, limit: number): Promise<Address[] | null> {
		const [west, south, east, north] = within;
		const query = new URLSearchParams({
			...{ q: text, autocomplete: '1', index: 'address' },
			// Some of what is found lies outside.
			limit: String(limit * 3),
			...{ lon: String((west + east) / 2), lat: String((south + north) / 2) }
		});
		try {
			const answer = await this.#options.fetch(`${url}/search?${query}`, { signal: AbortSignal.timeout(patienceMs) });
			// 400: too short for it, or not an address at all.
			if (answer.status === 400) return [];
			if (!answer.ok) return null;
			const { features } = answerShape.parse(await answer.json());
			const all = features.map(({ geometry: { coordinates }, properties }) => {
				return { label: properties.label, position: { lon: coordinates[0], lat: coordinates[1] } };
			});
			return all.filter(({ position }) => bboxContains(within, position.lon, position.lat)).slice(0, limit);
		} catch {
			return null;
		}
	}

	#keep(key: string, found: Address[]): void {
		this.#answers.delete(key);
		this.#answers.set(key, { at: this.#options.now(), found });
		const [oldest] = this.#answers.keys();
		if (this.#answers.size > keptAnswers && oldest !== undefined) this.#answers.delete(oldest);
	}
}
