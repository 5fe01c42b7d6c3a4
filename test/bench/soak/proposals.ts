import { randomUUID } from 'node:crypto';
import type { Random } from '../../support/random.ts';
import { pick, randomUuid } from '../../support/random.ts';

export interface Wish {
	/** Also its note, by which it is found again however it was sent. */
	clientId: string;
	kind: 'create' | 'update';
	placeId: string;
	baseVersion: number | null;
	/** What the author had seen and what she wants, by fact. */
	old: Record<string, unknown>;
	new: Record<string, unknown>;
	/** A place that nobody else changes: what must be true of it afterwards is known. */
	own: boolean;
}

export interface Kept {
	version: number;
	summary: string;
}

/** What one client wants, one wish after the other; it remembers the places that are its own. */
export class Wishes {
	readonly own = new Map<string, Kept>();
	readonly #random: Random;
	readonly #agent: boolean;
	readonly #others: string[];

	/** @param others ids of open places that everybody changes */
	constructor(random: Random, agent: boolean, others: string[]) {
		this.#random = random;
		this.#agent = agent;
		this.#others = others;
	}

	next(): Wish {
		const dice = this.#random();
		if (dice < 0.4 || (this.#agent && this.own.size === 0)) return this.#create();
		return this.#agent && dice < 0.8 ? this.#updateOwn() : this.#updateOther();
	}

	/** To be called once with each wish that was acknowledged as accepted. */
	took({ own, placeId, new: facts, kind }: Wish): void {
		if (!own) return;
		const version = kind === 'create' ? 1 : this.own.get(placeId)!.version + 1;
		this.own.set(placeId, { version, summary: facts['summary'] as string });
	}

	#create(): Wish {
		const position = { lon: round(-1.6 + this.#random() * 0.08), lat: round(47.2 + this.#random() * 0.04) };
		const placeId = randomUuid(this.#random);
		const facts = { name: `Lieu ${placeId.slice(0, 8)}`, category: 'bibliotheque', position, summary: this.#sentence() };
		const old = Object.fromEntries(Object.keys(facts).map((fact) => [fact, null]));
		return { clientId: randomUUID(), kind: 'create', placeId, baseVersion: null, old, new: facts, own: this.#agent };
	}

	#updateOwn(): Wish {
		const [placeId, { version, summary }] = pick(this.#random, [...this.own]);
		const facts = { summary: this.#sentence() };
		return { clientId: randomUUID(), kind: 'update', placeId, baseVersion: version, old: { summary }, new: facts, own: true };
	}

	/** Whatever it is now: most of these meet a conflict or wait, and that must not be lost either. */
	#updateOther(): Wish {
		const placeId = pick(this.#random, this.#others);
		const facts = { description: this.#sentence() };
		return {
			clientId: randomUUID(),
			kind: 'update',
			placeId,
			baseVersion: 1,
			old: { description: null },
			new: facts,
			own: false
		};
	}

	#sentence = () => `Phrase ${Math.floor(this.#random() * 1e12).toString(36)}`;
}

const round = (degrees: number) => Number(degrees.toFixed(6));
export const noteOf = ({ clientId }: Wish) => `soak ${clientId}`;
