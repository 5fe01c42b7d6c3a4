import type { ArchiveStore } from '../../src/lib/server/opendata/archives/store.ts';

/** A storage in memory that can be away. */
export class MemoryStore implements ArchiveStore {
	objects = new Map<string, { bytes: Uint8Array; at: number }>();
	away = false;
	/** Called before each object is made: throws as a process dies. */
	beforeCreate: (name: string) => void = () => undefined;
	readonly #now: () => number;

	constructor(now: () => number) {
		this.#now = now;
	}

	names = (): string[] => [...this.objects.keys()].sort();

	async list(folder: string) {
		this.#there();
		const below = this.names().filter((name) => name.startsWith(`${folder}/`));
		const names = new Set(below.map((name) => name.slice(folder.length + 1).split('/')[0]!));
		return [...names].map((name) => ({ name, at: this.objects.get(`${folder}/${name}`)?.at ?? null }));
	}

	async read(name: string) {
		this.#there();
		return this.objects.get(name)?.bytes ?? null;
	}

	async create(name: string, bytes: Uint8Array) {
		this.#there();
		this.beforeCreate(name);
		if (this.objects.has(name)) return false;
		this.objects.set(name, { bytes: new Uint8Array(bytes), at: this.#now() });
		return true;
	}

	async remove(names: readonly string[]) {
		this.#there();
		for (const name of names) this.objects.delete(name);
	}

	#there() {
		if (this.away) throw new Error('The storage is away.');
	}
}
