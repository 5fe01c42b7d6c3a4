import type { View } from '../../published/view.ts';
import { datasetsOf } from '../datasets.ts';
import type { Edition } from '../geojson.ts';
import { overviewsOf } from '../overview.ts';
import { keyOf, monthOf, monthsSince } from './archive.ts';
import type { Archive, ArchiveFormat } from './archive.ts';
import { Guard } from './guard.ts';
import { Ledger } from './ledger.ts';
import { makeArchive } from './make-archive.ts';
import { Shelf } from './shelf.ts';
import type { ArchiveStore } from './store.ts';

/** So far back is told from the history; earlier months that were written in their time are kept without end. */
const mostMonths = 24;
/** What other nodes wrote is read at least so often; milliseconds. */
const refreshMs = 60_000;
const sweepMs = 3_600_000;
/** How long one round makes what is missing; milliseconds. */
const makingMs = 1500;

interface Options {
	store: ArchiveStore;
	/** A folder of DATA_DIR for copies. */
	dir: string;
	/** The public one. */
	origin: string;
	/** What is public now; null while nothing is. */
	current: () => View | null;
	/** Milliseconds. */
	now?: () => number;
	make?: typeof makeArchive;
}

/** A file that may be sent; `unsure` while it is being compared with what is public now, or cannot be had. */
export type Opened = { archive: Archive; path: string } | 'unsure' | null;

/** The months of the open datasets: made as they end, kept in the storage, and made again when something in them is not public any more. */
export class Archives {
	readonly #shelf: Shelf;
	readonly #ledger: Ledger;
	readonly #guard: Guard;
	readonly #options: Required<Options>;
	/** What was public when somebody last looked, to have the last moment of a month. */
	#seen: { view: View; today: string } | null = null;
	#ended: { view: View; month: string } | null = null;
	/** Months in which a dataset had no place. */
	readonly #empty = new Set<string>();
	/** The month and the datasets of which nothing is missing: to look again costs a reading of all places. */
	#complete = '';
	#refreshedAt = -Infinity;
	#sweptAt: number;

	constructor(options: Options) {
		this.#options = { now: Date.now, make: makeArchive, ...options };
		this.#shelf = new Shelf(options.store, options.dir);
		this.#ledger = new Ledger(options.store, options.dir);
		this.#guard = new Guard({ ...this.#options, shelf: this.#shelf, ledger: this.#ledger });
		// What a start finds lying about may be another node's work of this moment.
		this.#sweptAt = this.#options.now();
	}

	/** Those of a dataset, newest first; null while nobody knows. */
	list(dataset: string): Archive[] | null {
		const { known } = this.#ledger;
		if (!known) return null;
		return [...known.values()].filter((each) => each.dataset === dataset).sort((a, b) => (a.month < b.month ? 1 : -1));
	}

	/** Reads which archives there are, and makes none. @throws when the storage is away */
	async learn(): Promise<void> {
		await this.#ledger.recall();
		await this.#refresh(false);
	}

	/** One turn of the work, to be repeated every few seconds, never twice at a time. @throws when the storage is away */
	async round(): Promise<void> {
		const { current, now, origin } = this.#options;
		const view = current();
		if (!view) return;
		const edition = { view, origin, today: view.today(now()) };
		this.#look(edition);
		await this.learn();
		const failure = await this.#guard.verifyAll();
		await this.#makeMissing(edition);
		if (Math.abs(now() - this.#sweptAt) >= sweepMs) {
			this.#sweptAt = now();
			await this.#shelf.sweep(this.#ledger.known?.values() ?? [], now());
		}
		// One that is damaged keeps no other from being looked after.
		if (failure) throw failure.cause;
	}

	/** The view of before midnight is the month's end. */
	#look({ view, today }: Edition): void {
		const before = this.#seen;
		if (before && monthOf(before.today) < monthOf(today)) this.#ended = { view: before.view, month: monthOf(before.today) };
		this.#seen = { view, today };
	}

	async #refresh(atOnce: boolean): Promise<void> {
		const { now } = this.#options;
		const age = now() - this.#refreshedAt;
		// Below zero a clock was set back.
		if (!atOnce && age >= 0 && age < refreshMs) return;
		await this.#ledger.refresh();
		this.#refreshedAt = now();
		const listed = new Set(
			[...(this.#ledger.known?.values() ?? [])].flatMap(({ files }) => Object.values(files).map(({ sha256 }) => sha256))
		);
		await this.#shelf.tidy((name) => listed.has(name.slice(0, 64)), now());
	}

	async #makeMissing(edition: Edition): Promise<void> {
		const slugs = datasetsOf(edition.view).map(({ slug }) => slug);
		const wanted = [monthOf(edition.today), ...slugs].join(' ');
		if (wanted === this.#complete) return;
		const missing = await this.#missing(edition);
		const made: Archive[] = [];
		const started = performance.now();
		for (const { dataset, month } of missing) {
			if (performance.now() - started > makingMs) break;
			const key = keyOf({ dataset: dataset.slug, month });
			const ended = this.#ended?.month === month ? this.#ended.view : null;
			const then = ended && datasetsOf(ended).find(({ slug }) => slug === dataset.slug);
			const archive = await this.#options.make({
				...{ shelf: this.#shelf, month, rebuilt: !then, dataset: then ?? dataset },
				edition: then ? { ...edition, view: ended } : edition
			});
			if (archive) made.push(archive);
			else this.#empty.add(key);
		}
		// Another node may have been as quick: its files are those that somebody may have cited already.
		await this.#ledger.publish((known) => made.filter((archive) => !known.has(keyOf(archive))));
		if (missing.length > 0) return;
		this.#ended = null;
		this.#complete = wanted;
	}

	/** What is not there of the months that are over, newest first. */
	async #missing(edition: Edition) {
		const { known } = this.#ledger;
		const overviews = await overviewsOf(edition);
		const all = datasetsOf(edition.view).flatMap((dataset) => {
			const first = overviews.get(dataset.slug)?.first;
			return first ? monthsSince(first.slice(0, 10), edition.today, mostMonths).map((month) => ({ dataset, month })) : [];
		});
		const isThere = (key: string) => known?.has(key) || this.#empty.has(key);
		return all
			.filter(({ dataset, month }) => !isThere(keyOf({ dataset: dataset.slug, month })))
			.sort((a, b) => (a.month < b.month ? 1 : a.month > b.month ? -1 : 0));
	}

	/** A file as somebody asks for it; null when there is none. Nothing is sent that has not been compared with what is public now. */
	async open(dataset: string, month: string, format: ArchiveFormat, patienceMs = 4000): Promise<Opened> {
		await this.#ledger.recall();
		const find = () => this.#ledger.known?.get(keyOf({ dataset, month })) ?? null;
		if (!this.#ledger.known) return 'unsure';
		if (!find()) return null;
		const opened = this.#openSurely(find, format);
		// Who is told to come back finds it compared then.
		opened.catch(() => undefined);
		const late = new Promise<'unsure'>((resolve) => setTimeout(() => resolve('unsure'), patienceMs).unref());
		return Promise.race([opened, late]).catch(() => 'unsure' as const);
	}

	async #openSurely(find: () => Archive | null, format: ArchiveFormat): Promise<Opened> {
		for (;;) {
			const archive = find();
			if (!archive) return null;
			if (this.#guard.isSure(archive)) {
				const path = await this.#shelf.fetch(archive, format).catch(async (cause: unknown) => {
					// What is not there any more may have been made again by another node.
					await this.#refresh(true);
					if (find() === archive) throw cause;
					return null;
				});
				if (path !== null && this.#guard.isSure(archive)) return { archive, path };
			} else await this.#guard.verify(archive);
		}
	}
}
