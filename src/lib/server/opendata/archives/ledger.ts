import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { keyOf } from './archive.ts';
import type { Archive } from './archive.ts';
import { draftMark } from './shelf.ts';
import type { ArchiveStore } from './store.ts';

const folder = 'list';
/** Who has just been told the name of an older one may still read it. */
const kept = 2;

/** Archives by dataset and month. */
type Known = ReadonlyMap<string, Archive>;

/**
 * The list of all archives. In the storage each version of it is an object of its own, numbered, made once: of two nodes that write the next at the same
 * moment one finds the number taken, reads what the other wrote and begins anew. A copy on this node's disk serves while the storage is away.
 */
export class Ledger {
	readonly #store: ArchiveStore;
	readonly #copy: string;
	#known: Known | null = null;
	#number = 0;
	#writing: Promise<unknown> = Promise.resolve();

	/** @param dir the folder of the copy */
	constructor(store: ArchiveStore, dir: string) {
		this.#store = store;
		this.#copy = join(dir, 'list.json');
	}

	/** Null as long as nobody knows. */
	get known(): Known | null {
		return this.#known;
	}

	/** What this node knew before it was restarted. */
	async recall(): Promise<void> {
		if (this.#known) return;
		const text = await readFile(this.#copy, 'utf8').catch(() => null);
		if (text === null || this.#known) return;
		try {
			this.#known = read(Buffer.from(text));
		} catch {
			// A disk that was full: the storage knows it too.
		}
	}

	/** Reads the newest version, if this is not it. @throws when the storage is away */
	async refresh(): Promise<void> {
		for (let attempt = 1; ; attempt++) {
			const newest = (await this.#numbers()).at(-1) ?? 0;
			if (newest === 0) return this.#take(0, new Map());
			if (newest === this.#number && this.#known) return;
			const bytes = await this.#store.read(nameOf(newest));
			if (bytes) return this.#take(newest, read(bytes));
			// It was taken away between the two, by a newer one.
			if (attempt === 5) throw new Error('The list of archives cannot be read.');
		}
	}

	/**
	 * Writes the next version; what is asked for is asked again of what others wrote meanwhile.
	 * @param change what is new or different, by what is known then; null when nothing is
	 * @returns whether that is in the list now
	 */
	publish(change: (known: Known) => readonly Archive[] | null): Promise<boolean> {
		const written = this.#writing.then(() => this.#publish(change));
		this.#writing = written.catch(() => undefined);
		return written;
	}

	async #publish(change: (known: Known) => readonly Archive[] | null): Promise<boolean> {
		for (let attempt = 1; attempt <= 10; attempt++) {
			await this.refresh();
			const changed = change(this.#known ?? new Map());
			if (!changed || changed.length === 0) return false;
			const next = new Map(this.#known);
			for (const archive of changed) next.set(keyOf(archive), archive);
			const number = this.#number + 1;
			const bytes = Buffer.from(JSON.stringify([...next.values()]));
			await this.#store.create(nameOf(number), bytes);
			// Whatever the storage answered, what it has under that name is what everybody reads.
			const there = await this.#store.read(nameOf(number));
			if (!there || !bytes.equals(there)) continue;
			const numbers = await this.#numbers();
			// Others have gone on, and taken away the one that had this number: it is free again, and nobody reads it.
			if (numbers.some((other) => other > number)) continue;
			await this.#take(number, next);
			await this.#forget(numbers);
			return true;
		}
		return false;
	}

	async #take(number: number, known: Known): Promise<void> {
		this.#number = number;
		this.#known = known;
		await this.#keepCopy().catch(() => undefined);
	}

	async #keepCopy(): Promise<void> {
		const draft = join(this.#copy, '..', `${draftMark}${randomUUID()}`);
		await mkdir(join(this.#copy, '..'), { recursive: true, mode: 0o700 });
		await writeFile(draft, JSON.stringify([...(this.#known?.values() ?? [])]), { mode: 0o600 });
		await rename(draft, this.#copy);
	}

	/** Those before the last ones. */
	async #forget(numbers: number[]): Promise<void> {
		const old = numbers.filter((number) => number <= this.#number - kept);
		if (old.length > 0) await this.#store.remove(old.map(nameOf)).catch(() => undefined);
	}

	async #numbers(): Promise<number[]> {
		const names = await this.#store.list(folder);
		const numbers = names.map(({ name }) => parseInt(name, 10));
		return numbers.filter((number) => number > 0).sort((a, b) => a - b);
	}
}

const nameOf = (number: number) => `${folder}/${String(number).padStart(8, '0')}.json`;

function read(bytes: Uint8Array): Known {
	const archives = JSON.parse(Buffer.from(bytes).toString('utf8')) as Archive[];
	return new Map(archives.map((archive) => [keyOf(archive), archive]));
}
