import { setTimeout as sleep } from 'node:timers/promises';
import { project } from '../../../src/lib/geo/tile.ts';
import { seqOfFile } from '../opendata/files.ts';
import type { Town } from '../opendata/town.ts';
import type { Change } from './changer.ts';

/** Where a change shows, each apart. */
export const places = ['tile', 'search', 'file', 'feed'] as const;
export type Where = (typeof places)[number];

/** Between two looks, milliseconds: what is measured is at most so much too long. */
const every = 100;
/** Longer than anybody should wait: counted as this, milliseconds. */
const patience = 30_000;

/** Sees when what was accepted shows, as any reader of the map would: it asks again and again. */
export class Watch {
	readonly #town: Town;
	readonly #samples: Change[] = [];
	readonly #looks: Promise<void>[] = [];
	/** When the feed told of an id, and under which number. */
	readonly #told = new Map<string, { at: number; seq: number }>();
	/** When the file had come to a number. */
	readonly #files: { at: number; seq: number }[] = [];
	readonly #delays: Record<'tile' | 'search', number[]> = { tile: [], search: [] };
	#over = false;

	constructor(town: Town) {
		this.#town = town;
	}

	/** Follows the feed and the file until `finish`. */
	start(since: number): void {
		let seen = since;
		const follow = async () => {
			const { next } = await this.#readFeed(seen);
			seen = next;
		};
		const look = async () => void this.#files.push({ seq: await seqOfFile(this.#town), at: performance.now() });
		this.#looks.push(this.#again(follow), this.#again(look));
	}

	/** From now on this change is looked for, in its tile and by its name. */
	sample(change: Change): void {
		this.#samples.push(change);
		const path = `/api/search?q=${change.word}&limit=5`;
		this.#looks.push(
			this.#until('search', change, async () => (await this.#town.read(path)).bytes.includes(change.id)),
			this.#until('tile', change, async () => (await this.#town.read(await this.#tileOf(change))).bytes.includes(change.word))
		);
	}

	/** @returns milliseconds from an acknowledgement until it shows, one for each sample */
	async finish(): Promise<Record<Where, number[]>> {
		const deadline = performance.now() + patience;
		const fileOf = (id: string) => this.#files.find(({ seq }) => seq >= (this.#told.get(id)?.seq ?? Infinity));
		while (performance.now() < deadline && !this.#samples.every(({ id }) => fileOf(id))) await sleep(every);
		this.#over = true;
		await Promise.all(this.#looks);
		const since = (at: number | undefined, change: Change) => Math.max(0, (at ?? change.at + patience) - change.at);
		return {
			...this.#delays,
			file: this.#samples.map((change) => since(fileOf(change.id)?.at, change)),
			feed: this.#samples.map((change) => since(this.#told.get(change.id)?.at, change))
		};
	}

	async #readFeed(since: number): Promise<{ next: number }> {
		const { status, bytes } = await this.#town.read(`/data/changes?since=${since}&limit=1000`);
		if (status !== 200) throw new Error(`/data/changes answered ${status}`);
		const { changes } = JSON.parse(bytes.toString()) as { changes: { seq: number; id: string }[] };
		const at = performance.now();
		for (const { seq, id } of changes) if (!this.#told.has(id)) this.#told.set(id, { at, seq });
		return { next: changes.at(-1)?.seq ?? since };
	}

	async #tileOf({ id }: Change): Promise<string> {
		const { lon, lat } = await this.#positionOf(id);
		const { x, y } = project(lon, lat);
		return `/tiles/places/14/${Math.floor(x * 2 ** 14)}/${Math.floor(y * 2 ** 14)}.mvt`;
	}

	readonly #positions = new Map<string, Promise<{ lon: number; lat: number }>>();

	#positionOf(id: string): Promise<{ lon: number; lat: number }> {
		const read = async () => {
			const { bytes } = await this.#town.read(`/places/${id}.geojson`);
			const [lon, lat] = (JSON.parse(bytes.toString()) as { geometry: { coordinates: [number, number] } }).geometry.coordinates;
			return { lon, lat };
		};
		const known = this.#positions.get(id) ?? read();
		this.#positions.set(id, known);
		return known;
	}

	async #again(look: () => Promise<void>): Promise<void> {
		for (; !this.#over; await sleep(every)) await look();
	}

	async #until(where: 'tile' | 'search', { at }: Change, shows: () => Promise<boolean>): Promise<void> {
		for (; performance.now() - at < patience; await sleep(every)) {
			if (!(await shows())) continue;
			this.#delays[where].push(performance.now() - at);
			return;
		}
		this.#delays[where].push(patience);
	}
}
