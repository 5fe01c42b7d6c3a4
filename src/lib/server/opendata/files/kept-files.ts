import { existsSync } from 'node:fs';
import type { View } from '../../published/view.ts';
import { stateOf } from '../answer.ts';
import type { Editions, KeptFile } from './editions.ts';
import { makeFile } from './make.ts';
import type { Wish } from './make.ts';
import { Turns } from '../turns.ts';

/** A whole file as somebody asks for it: the edition of this moment. */
export interface Wanted {
	/** Of the file: dataset, form and format. */
	name: string;
	etag: string;
	modified: number;
	wish: Wish;
}

interface Options {
	editions: Editions;
	/** How long somebody waits for the newest edition while an older one is there, milliseconds; not at all when the last took longer. */
	patienceMs?: number;
	/** What takes less may be made again soon, milliseconds. */
	quickMs?: number;
	make?: typeof makeFile;
	/** How many are made at a time. */
	turns?: Turns;
}

interface Entry {
	kept: KeptFile | null;
	/** What the next making makes, and the number of the question that asked for it last. Null once it has begun: a view weighs a hundred megabytes. */
	next: Wanted | null;
	nextOf: number;
	making: Promise<void> | null;
	/** The number of the question that it answers; 0 before it has begun. */
	makingOf: number;
	/** The number of the question that `kept` was made for. */
	keptOf: number;
	/** What the database of that one showed, see `Tag`. */
	keptSchema: string | null;
	/** Milliseconds. */
	keptAt: number;
	/** How long the last making took, milliseconds. */
	took: number;
	restsUntil: number;
}

/** After a making it rests as long as that took, half of it when it was quick: milliseconds. */
const longestRest = 30_000;
/** An edition that has lasted so long is worth compressing well, milliseconds. */
const lastingMs = 60_000;
const hourMs = 3_600_000;
const afterFailure = 5000;

/**
 * Whole files, made once for each edition however many ask: who comes meanwhile waits for the same making. When an older one is there and the new one
 * takes its time, she gets the older one, under its own tag; never when something may have left the map since.
 */
export class KeptFiles {
	#editions: Editions;
	#patienceMs: number;
	#quickMs: number;
	#make: typeof makeFile;
	#entries = new Map<string, Entry>();
	#turns: Turns;
	#asked = 0;

	constructor({ editions, patienceMs = 5000, quickMs = 1000, make = makeFile, turns = new Turns(2) }: Options) {
		this.#editions = editions;
		this.#turns = turns;
		this.#patienceMs = patienceMs;
		this.#quickMs = quickMs;
		this.#make = make;
	}

	/** What is there already, whichever edition it is. */
	known(name: string): KeptFile | null {
		return this.#entries.get(name)?.kept ?? null;
	}

	/** @throws what went wrong while it was made, when there is nothing older to give */
	async get(wanted: Wanted): Promise<KeptFile> {
		const number = ++this.#asked;
		const entry = await this.#entryOf(wanted);
		const deadline = performance.now() + (entry.took > this.#patienceMs ? 0 : this.#patienceMs);
		for (let waited = false; ; waited = true) {
			if (entry.kept && !existsSync(entry.kept.path)) entry.kept = null;
			const { kept } = entry;
			// A making under way may have begun before what this one wants to see.
			if (kept && (kept.etag === wanted.etag || entry.keptOf >= number)) return kept;
			// Who asked before and looked on the disk for longer may not bring back what was.
			const isComing = entry.makingOf >= number || (entry.next && entry.nextOf > number);
			if (!isComing) Object.assign(entry, { next: wanted, nextOf: number });
			const spare = mayBeGiven(entry, wanted.wish.edition.view) ? kept : null;
			if (spare && waited && performance.now() >= deadline) return spare;
			// The rest spares the machine while there is something to give: nobody waits for it empty-handed.
			if (!spare) entry.restsUntil = 0;
			const making = (entry.making ??= this.#freshen(entry));
			try {
				await (spare ? atMost(deadline - performance.now(), making) : making);
			} catch (cause) {
				if (spare) return spare;
				throw cause;
			}
		}
	}

	/**
	 * Takes away what may not be given any more, and what a change made out of date an hour ago: what was closed or withheld must not lie on the disk for
	 * long either. `now` in milliseconds.
	 */
	async sweep(view: View, now: number): Promise<void> {
		for (const entry of this.#entries.values()) {
			const isOld = entry.kept?.seq !== view.seq && now - entry.keptAt > hourMs;
			// Asked for by who was given the one before instead.
			if (!entry.making) entry.next = null;
			if (entry.kept && (isOld || !mayBeGiven(entry, view))) entry.kept = null;
		}
		await this.#settle(view, now);
		// Asked of each anew: what is found meanwhile stays.
		const isKept = (path: string) => [...this.#entries.values()].some(({ kept }) => kept?.path === path);
		await this.#editions.sweep(isKept, now);
	}

	/** Gives editions that last what takes longer: their checksums, and to one of them in each round its best compression. None while the map changes. */
	async #settle(view: View, now: number): Promise<void> {
		const lasting = [...this.#entries.values()].filter(({ kept, keptAt }) => kept?.seq === view.seq && now - keptAt > lastingMs);
		for (const entry of lasting) if (entry.kept?.sha256 === null) await this.#improve(entry, (kept) => this.#editions.seal(kept));
		const next = lasting.find(({ kept }) => kept?.sizes.gz !== undefined && kept.sizes.br === undefined);
		if (next) await this.#improve(next, (kept) => this.#editions.pack(kept));
	}

	/** Unless another edition takes its place meanwhile. */
	async #improve(entry: Entry, work: (kept: KeptFile) => Promise<KeptFile>): Promise<void> {
		const { kept } = entry;
		if (!kept) return;
		const better = await work(kept).catch(() => kept);
		if (entry.kept === kept) entry.kept = better;
	}

	async #entryOf(wanted: Wanted): Promise<Entry> {
		const known = this.#entries.get(wanted.name);
		if (known) return known;
		const kept = await this.#editions.find(wanted.name, wanted.etag);
		const unmade = { next: null, nextOf: 0, making: null, makingOf: 0, keptOf: 0, took: 0, restsUntil: 0 };
		const { schema } = stateOf(wanted.wish.edition.view);
		const entry = { ...unmade, kept, keptSchema: schema, keptAt: Date.now() };
		// Somebody else may have been as quick.
		const other = this.#entries.get(wanted.name);
		if (!other) this.#entries.set(wanted.name, entry);
		return other ?? entry;
	}

	async #freshen(entry: Entry): Promise<void> {
		try {
			while (entry.restsUntil > performance.now()) await pause(Math.min(entry.restsUntil - performance.now(), 100));
			await this.#turns.take(() => this.#makeNext(entry));
		} catch (cause) {
			entry.restsUntil = performance.now() + afterFailure;
			throw cause;
		} finally {
			Object.assign(entry, { making: null, makingOf: 0 });
		}
	}

	async #makeNext(entry: Entry): Promise<void> {
		const { name, etag, modified, wish } = entry.next!;
		const number = (entry.makingOf = entry.nextOf);
		entry.next = null;
		const started = performance.now();
		const { seq, changedAt, schema } = stateOf(wish.edition.view);
		const edition = { etag, modified, seq, changedAt, replaces: entry.kept?.etag ?? null };
		const options = { compressed: true, before: entry.kept?.path };
		entry.kept = await this.#editions.add(name, edition, (path) => this.#make(wish, { path, ...options }));
		entry.keptOf = number;
		entry.keptSchema = schema;
		entry.keptAt = Date.now();
		const took = (entry.took = performance.now() - started);
		entry.restsUntil = performance.now() + (took < this.#quickMs ? took / 2 : Math.min(took, longestRest));
	}
}

/** Whether an older edition holds nothing that is no longer public, as far as this view can tell. */
function mayBeGiven({ kept, keptSchema }: Entry, view: View): boolean {
	const { seq: present, lostAt, recent } = view;
	if (!kept || kept.seq > present || kept.seq < lostAt || keptSchema !== stateOf(view).schema) return false;
	// The same number may be another change once a backup came back.
	const known = kept.seq === present ? view.changedAt : recent.at(kept.seq)?.at;
	return known === kept.changedAt;
}

const pause = (milliseconds: number) =>
	milliseconds > 0 ? new Promise<void>((resolve) => setTimeout(resolve, milliseconds)) : Promise.resolve();

/** Until the work is done, but not longer. */
async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, milliseconds))));
	try {
		await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
